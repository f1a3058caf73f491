"""Making a source and its mask the size that is asked, and keeping what a mask protects."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels
from danqing.request.types import MAX_SIDE_PX, MIN_SIDE_PX
from danqing.sources.masks import MaskPixels

_FEATHER_SHARE = 1 / 100


def size_for(width_px: int, height_px: int) -> tuple[int, int]:
    """The size to draw at for a source of this size: its own, within what is drawn here."""
    scale = min(1.0, MAX_SIDE_PX / max(width_px, height_px))
    scale = max(scale, MIN_SIDE_PX / min(width_px, height_px))
    return min(MAX_SIDE_PX, round(width_px * scale)), min(MAX_SIDE_PX, round(height_px * scale))


def fit(pixels: Pixels, width_px: int, height_px: int, *, transparent: bool) -> Pixels:
    """(height_px, width_px, 4) uint8: the whole picture, scaled to fit, in the middle.

    What it leaves free, and what is clear in it, is clear where transparent, else white.
    """
    from PIL import Image

    left, top, width, height = _inside(pixels.shape, width_px, height_px)
    picture = Image.fromarray(pixels)
    if picture.size != (width, height):
        # Pillow resamples RGBA with alpha premultiplied.
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    clear = Image.new("RGBA", (width_px, height_px))
    clear.paste(picture, (left, top))
    if not transparent:
        clear = Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear)
    return np.array(clear)


def fit_mask(mask: MaskPixels, width_px: int, height_px: int) -> MaskPixels:
    """(height_px, width_px) uint8, 255 = redraw, placed as `fit` places its picture. What the
    picture leaves free is kept."""
    from PIL import Image

    left, top, width, height = _inside(mask.shape, width_px, height_px)
    placed = Image.new("L", (width_px, height_px))
    scaled = Image.fromarray(mask).resize((width, height), Image.Resampling.NEAREST)
    placed.paste(scaled, (left, top))
    return np.array(placed)


def keep_outside(drawn: Pixels, source: Pixels, mask: MaskPixels) -> Pixels:
    """What was drawn where the mask is white, the source to the last bit where it is black.

    Just inside the white the two run into each other, over a hundredth of the shortest side, so
    that no seam shows. All three of one size.
    """
    from PIL import Image, ImageFilter

    radius = min(mask.shape) * _FEATHER_SHARE
    blurred = np.asarray(Image.fromarray(mask).filter(ImageFilter.GaussianBlur(radius)))
    # 0.5 on the edge of the mask: from there inwards to 1.
    share = np.clip(blurred.astype(np.float32) / 127.5 - 1, 0, 1) * (mask > 0)
    above, below = (_premultiplied(p) for p in (drawn, source))
    mixed = below + (above - below) * share[..., None]
    alpha = mixed[..., 3:]
    clear = np.zeros_like(mixed[..., :3])
    colour = np.divide(mixed[..., :3] * 255, alpha, out=clear, where=alpha > 0)
    straight = np.concatenate((colour, alpha), axis=2).round().clip(0, 255).astype(np.uint8)
    result: Pixels = np.where((share > 0)[..., None], straight, source)
    return result


def _premultiplied(pixels: Pixels) -> npt.NDArray[np.float32]:
    floats = pixels.astype(np.float32)
    floats[..., :3] *= floats[..., 3:] / 255
    return floats


def _inside(shape: tuple[int, ...], width_px: int, height_px: int) -> tuple[int, int, int, int]:
    """Left, top, width and height of something of this shape, scaled to fit, in the middle."""
    scale = min(width_px / shape[1], height_px / shape[0])
    width, height = (max(1, round(side * scale)) for side in (shape[1], shape[0]))
    return (width_px - width) // 2, (height_px - height) // 2, width, height
