"""Pixels to file bytes and back, with the settings each format is released in."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.provenance.media import pdf
from danqing.request.types import PictureFormat

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

AnimationFormat = Literal["gif", "webp"]
PNG_LEVEL = 4
MASTER_PNG_LEVEL = 1
WEBP_METHOD = 1
JPEG_QUALITY = 92
LOSSLESS: tuple[PictureFormat, ...] = ("png", "webp")


def pixels_sha256(pixels: Pixels) -> str:
    """SHA-256 over width and height (unsigned 32-bit, big-endian) and the RGBA bytes, row by
    row."""
    height, width = pixels.shape[:2]
    digest = hashlib.sha256(struct.pack(">II", width, height))
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def check_pixels(pixels: Pixels) -> None:
    """Raise ProvenanceError unless these are (H, W, 4) uint8."""
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 4:
        raise ProvenanceError("provenance.pixels", shape=str(pixels.shape), dtype=str(pixels.dtype))


def on_white(pixels: Pixels) -> Pixels:
    """(H, W, 3) uint8: what a (H, W, 4) picture looks like on white paper."""
    from PIL import Image

    picture = Image.fromarray(pixels)
    if (pixels[..., 3] != 255).any():
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.asarray(picture.convert("RGB"))


def encode(pixels: Pixels, media_format: PictureFormat) -> bytes:
    """(H, W, 4) uint8 straight RGBA as a file without metadata.

    PNG and WebP are lossless, colour under clear pixels included, and so is PDF; JPEG has no alpha
    and lies on white; GIF has 256 colours, and a pixel is clear or it isn't; SVG is not made of
    pixels (`svg.draw`). Raises ProvenanceError when the encoder fails.
    """
    from PIL import Image

    if media_format == "pdf":
        return pdf.draw(pixels)
    if media_format == "gif":
        return encode_animation([pixels], [0], "gif")
    if media_format == "jpeg":
        picture = Image.fromarray(on_white(pixels))
    else:
        opaque = bool((pixels[..., 3] == 255).all())
        picture = Image.fromarray(pixels).convert("RGB" if opaque else "RGBA")
    out = BytesIO()
    try:
        if media_format == "png":
            picture.save(out, "PNG", compress_level=PNG_LEVEL)
        elif media_format == "webp":
            picture.save(out, "WEBP", lossless=True, method=WEBP_METHOD, quality=40, exact=True)
        else:
            picture.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    except (OSError, ValueError) as error:
        raise ProvenanceError("provenance.encode", format=media_format) from error
    return out.getvalue()


def encode_animation(
    frames: Sequence[Pixels], durations_ms: Sequence[int], media_format: AnimationFormat
) -> bytes:
    """Frames of one size, each (H, W, 4) uint8 straight RGBA, as a file that plays for ever.

    WebP is lossless. A GIF shows each frame for whole hundredths of a second. Raises
    ProvenanceError when the encoder fails.
    """
    from PIL import Image

    pictures = [Image.fromarray(frame) for frame in frames]
    settings: dict[str, Any] = {"lossless": True, "method": WEBP_METHOD, "quality": 40,
                                "exact": True, "loop": 0}  # fmt: skip
    if media_format == "gif":
        pictures = [_palette(picture) for picture in pictures]
        # Each frame replaces the one before it: what is clear in one must not show another.
        settings = {"disposal": 2, "optimize": False} | ({"loop": 0} if len(frames) > 1 else {})
    if len(frames) > 1:
        settings |= {"save_all": True, "append_images": pictures[1:], "duration": durations_ms}
    out = BytesIO()
    try:
        pictures[0].save(out, media_format.upper(), **settings)
    except (OSError, ValueError) as error:
        raise ProvenanceError("provenance.encode", format=media_format) from error
    return out.getvalue()


def _palette(picture: Picture) -> Picture:
    """At most 255 colours that suit this picture, and one that is clear."""
    from PIL import Image

    clear = picture.getchannel("A").point([255] * 128 + [0] * 128)
    reduced = picture.convert("RGB").quantize(
        255, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    reduced.paste(255, mask=clear)
    reduced.info["transparency"] = 255
    return reduced


def encode_master(pixels: Pixels) -> bytes:
    """The sealed, unmarked original: a PNG, RGBA whatever the alpha, compressed quickly."""
    from PIL import Image

    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=MASTER_PNG_LEVEL)
    return out.getvalue()


def decode(data: bytes) -> Pixels:
    """The pixels of one of our own files, (H, W, 4) uint8. Raises ProvenanceError when they
    can't be read."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=("PNG", "WEBP", "JPEG", "GIF")) as picture:
            return np.array(picture.convert("RGBA"))
    except (OSError, ValueError, SyntaxError) as error:
        raise ProvenanceError("provenance.read_back", what="pixels") from error
