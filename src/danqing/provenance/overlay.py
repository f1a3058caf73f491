"""The visible mark on a picture another tool made: decoded, marked, encoded as it was.

What its file says beside the pixels comes along: colour profile, EXIF, XMP, text.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.provenance import png
from danqing.provenance.containers import blocks, with_xmp
from danqing.provenance.encode import encode_animation
from danqing.provenance.jpeg import EXTENDED_XMP
from danqing.provenance.mark import MINIMUM_CONTRAST, Mark, contrast_in, draw_mark

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/gif": "GIF"}
MAX_PIXELS = 64_000_000
"""Over all frames of a picture: a quarter of a gigabyte."""
_ORIENTATION = 0x0112
_WEBP_QUALITY = 92


def mark_picture(data: bytes, media_type: str) -> bytes:
    """The picture with the mark in every frame. media_type: one of PICTURES.

    What isn't touched by the mark stays as it was, but for what its format loses on every saving.
    Raises ProvenanceError when it can't be decoded, is too large, or has no room for a mark.
    """
    try:
        marked = _marked(data, media_type)
    except ProvenanceError:
        raise
    except Exception as error:
        # A decoder of other people's bytes: whatever it throws, the file is what's wrong.
        raise ProvenanceError(
            "provenance.container", format=PICTURES.get(media_type, media_type)
        ) from error
    packets = [b.payload for b in blocks(data) if b.kind == "xmp" and b.place != EXTENDED_XMP]
    return with_xmp(marked, packets[0]) if packets else marked


def check_marked(data: bytes, media_type: str) -> None:
    """Raise ProvenanceError unless the mark can be read in every frame."""
    with _opened(data, media_type) as picture:
        for frame in _frames(picture):
            _, mark = draw_mark(np.zeros_like(frame))
            _check(frame, mark)


def _check(frame: Pixels, mark: Mark) -> None:
    if contrast_in(frame, mark) < MINIMUM_CONTRAST:
        raise ProvenanceError("provenance.read_back", what="mark")


def _opened(data: bytes, media_type: str) -> Picture:
    from PIL import Image

    name = PICTURES[media_type]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the bound below is lower than the one Pillow warns about
        try:
            # A JPEG with further ones behind it (MPO) is opened as its first.
            picture: Picture = Image.open(BytesIO(data), formats=(name,))
        except Image.DecompressionBombError as bomb:
            raise ProvenanceError("provenance.too_many_pixels", limit_mpx=64) from bomb
    if picture.width * picture.height * getattr(picture, "n_frames", 1) > MAX_PIXELS:
        raise ProvenanceError("provenance.too_many_pixels", limit_mpx=MAX_PIXELS // 10**6)
    return picture


def _frames(picture: Picture) -> list[Pixels]:
    from PIL import ImageOps, ImageSequence

    return [
        np.array(ImageOps.exif_transpose(frame).convert("RGBA"))
        for frame in ImageSequence.Iterator(picture)
    ]


def _marked(data: bytes, media_type: str) -> bytes:
    from PIL import Image, ImageSequence

    with _opened(data, media_type) as picture:
        frames = [draw_mark(frame)[0] for frame in _frames(picture)]
        durations = [
            int(f.info.get("duration", 100)) or 100 for f in ImageSequence.Iterator(picture)
        ]
        picture.seek(0)
        settings = _settings(picture, data, media_type)
        if media_type == "image/gif":
            return encode_animation(frames, durations, "gif")
        if len(frames) > 1 and media_type == "image/webp":
            return encode_animation(frames, durations, "webp")
    opaque = all(bool((frame[..., 3] == 255).all()) for frame in frames)
    first, *others = (Image.fromarray(f).convert("RGB" if opaque else "RGBA") for f in frames)
    if others:  # an animated PNG
        settings |= {"save_all": True, "append_images": others, "duration": durations}
    out = BytesIO()
    first.save(out, PICTURES[media_type], **settings)
    return out.getvalue()


def _settings(picture: Picture, data: bytes, media_type: str) -> dict[str, Any]:
    """How the picture was saved, as far as its file tells."""
    settings: dict[str, Any] = {}
    if picture.mode in ("RGB", "RGBA", "P") and picture.info.get("icc_profile"):
        settings["icc_profile"] = picture.info["icc_profile"]
    if picture.info.get("exif"):
        exif = picture.getexif()
        if exif.get(_ORIENTATION, 1) != 1:
            exif[_ORIENTATION] = 1  # the pixels are turned already
            settings["exif"] = exif.tobytes()
        else:
            settings["exif"] = picture.info["exif"]
    if media_type == "image/jpeg":
        from PIL.JpegImagePlugin import get_sampling

        same = picture.mode == "RGB"  # grey and CMYK have tables for other channels
        settings["quality"] = 92
        if same:
            settings |= {
                "qtables": picture.quantization,  # type: ignore[attr-defined]  # a JPEG has them
                "subsampling": get_sampling(picture),
            }
    elif media_type == "image/png":
        settings["pnginfo"] = _texts(data)
    elif media_type == "image/webp":
        lossless = b"VP8L" in data[12:] and b"VP8 " not in data[12:64]
        settings |= {"lossless": lossless, "quality": _WEBP_QUALITY, "exact": True}
    return settings


def _texts(data: bytes) -> Any:
    """A PNG's text chunks but for XMP, which is put in by itself."""
    from PIL.PngImagePlugin import PngInfo

    kept = PngInfo()
    for chunk in png.chunks(data):
        if chunk.type in (b"tEXt", b"zTXt", b"iTXt") and not chunk.data.startswith(png.XMP_KEYWORD):
            kept.add(chunk.type, chunk.data)
    return kept
