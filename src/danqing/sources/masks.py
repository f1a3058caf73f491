"""Masks: black and white pictures that say which part may change. White is drawn afresh."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt

from danqing.errors import InputError
from danqing.sources.reading import open_picture

MaskPixels = npt.NDArray[np.uint8]
_HALF = 128


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask, taken in. Built only by `sources.read_mask`.

    data: a PNG of our own making, one bit a pixel: nothing else a file could carry is kept.
    """

    data: bytes
    sha256: str
    width_px: int
    height_px: int


def read_mask(data: bytes, width_px: int, height_px: int) -> Mask:
    """A mask for a picture of this size. Light is white; clear is black, since nothing was painted.

    Raises InputError as `open_picture` does, and source.mask_size, source.mask_empty.
    """
    from PIL import Image

    opened = open_picture(data)
    if (opened.width_px, opened.height_px) != (width_px, height_px):
        raise InputError(
            "source.mask_size",
            mask=f"{opened.width_px}×{opened.height_px}",
            picture=f"{width_px}×{height_px}",
        )
    painted = Image.alpha_composite(
        Image.new("RGBA", opened.pixels.shape[1::-1], "black"), Image.fromarray(opened.pixels)
    )
    white = np.asarray(painted.convert("L")) >= _HALF
    if not white.any():
        raise InputError("source.mask_empty")
    out = BytesIO()
    Image.fromarray(white).save(out, "PNG", optimize=False)
    sealed = out.getvalue()
    height, width = white.shape
    return Mask(sealed, hashlib.sha256(sealed).hexdigest(), width, height)


def unseal_mask(data: bytes) -> MaskPixels:
    """(H, W) uint8, 255 = redraw, from a sealed mask."""
    from PIL import Image

    with Image.open(BytesIO(data), formats=("PNG",)) as picture:
        return np.array(picture.convert("L"))
