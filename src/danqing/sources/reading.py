"""A picture file from outside, as pixels, whatever its bytes are: bounded, upright, sRGB assumed."""

from __future__ import annotations

import warnings
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.errors import InputError
from danqing.request.types import MAX_SIDE_PX

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MAX_FILE_BYTES = 32 * 2**20
MAX_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 24_000_000, "GIF": 24_000_000,
              "WEBP": 12_000_000}  # fmt: skip
"""So that reading takes 270 MB at the most: a JPEG, of which phones make large ones, is unpacked
smaller from the start; a WebP is in memory several times over."""
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg", "WEBP": "image/webp",
           "GIF": "image/gif"}  # fmt: skip
"""What Pillow calls them, and their media type. An MPO is a JPEG with others behind it."""
_ORIENTATION, _LYING = 0x0112, (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Opened:
    """pixels: (H, W, 4) uint8 straight RGBA, upright, at most MAX_SIDE_PX a side.

    width_px, height_px: of the file itself, upright, before it was made smaller.
    """

    pixels: Pixels
    media_type: str
    width_px: int
    height_px: int


def open_picture(data: bytes) -> Opened:
    """The picture in a PNG, JPEG, WebP or GIF (its first frame), turned as EXIF says.

    What is larger than any picture drawn here is made smaller on the way. Raises InputError:
    source.too_large, source.too_many_pixels, source.unreadable.
    """
    if len(data) > MAX_FILE_BYTES:
        raise InputError("source.too_large", limit_mib=MAX_FILE_BYTES // 2**20)
    try:
        return _open(data)
    except InputError:
        raise
    except Exception as problem:
        # A decoder of hostile bytes: whatever it throws, the file is what's wrong.
        raise InputError("source.unreadable", formats="PNG, JPEG, WebP, GIF") from problem


def _open(data: bytes) -> Opened:
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        # The bound below is lower than the one Pillow warns about.
        warnings.simplefilter("ignore")
        try:
            picture: Picture = Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP", "GIF"))
        except Image.DecompressionBombError as bomb:
            raise _too_many(max(MAX_PIXELS.values())) from bomb
        with picture:
            limit = MAX_PIXELS[picture.format or ""]
            if picture.width * picture.height > limit:
                raise _too_many(limit)
            media_type = FORMATS[picture.format or ""]
            width_px, height_px = picture.size
            picture.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))  # a JPEG can be unpacked smaller
            picture.load()
            upright = _eight_bits(picture)
            upright.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX), Image.Resampling.LANCZOS)
            turned = upright
            with suppress(Exception):  # broken EXIF makes no picture unreadable
                turned = ImageOps.exif_transpose(upright)
                if upright.getexif().get(_ORIENTATION) in _LYING:
                    width_px, height_px = height_px, width_px
            return Opened(np.array(turned.convert("RGBA")), media_type, width_px, height_px)


def _too_many(limit: int) -> InputError:
    return InputError("source.too_many_pixels", limit_mpx=limit // 10**6)


def _eight_bits(picture: Picture) -> Picture:
    """The picture in a mode that can be resampled and that keeps its EXIF for later."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16-bit grey, which Pillow would cut off at 255
        grey = Image.fromarray((np.asarray(picture).astype(np.uint32) >> 8).astype(np.uint8))
        grey.info = dict(picture.info)
        return grey
    if picture.mode in ("RGB", "RGBA", "L"):
        return picture
    clear = "transparency" in picture.info or picture.mode in ("LA", "PA", "La", "RGBa")
    return picture.convert("RGBA" if clear else "RGB")
