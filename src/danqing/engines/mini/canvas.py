"""Put sprites on a canvas, each in its box, from back to front."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.engines.mini.layout import Box
from danqing.engines.mini.tint import NAMED_COLOURS

Straight = npt.NDArray[np.uint8]


def compose(
    sprites: Iterable[tuple[Straight, Box]], side_px: int, ground: str | None = None
) -> Straight:
    """Compose square sprites into (side, side, 4) uint8 straight RGBA.

    sprites: (h, w, 4) uint8 straight RGBA with their boxes, drawn in order; a sprite keeps its
    proportions and is centred in its box. ground: one of NAMED_COLOURS behind everything, or None for clear.
    """
    clear = (0, 0, 0, 0)
    colour = (*NAMED_COLOURS[ground], 255) if ground else clear
    canvas = Image.new("RGBA", (side_px, side_px), colour)
    for pixels, box in sprites:
        width = max(1, round(box.w * side_px))
        height = max(1, round(box.h * side_px))
        fit = min(width / pixels.shape[1], height / pixels.shape[0])
        size = (max(1, round(pixels.shape[1] * fit)), max(1, round(pixels.shape[0] * fit)))
        # "RGBa" is premultiplied: resizing it keeps hidden colours out of the edges.
        # Lanczos keeps a shrunken drawing crisp; on a sketch that is enlarged it would ring.
        shrinks = size[0] < pixels.shape[1]
        kernel = Image.Resampling.LANCZOS if shrinks else Image.Resampling.BILINEAR
        sprite = Image.fromarray(pixels).convert("RGBa").resize(size, kernel).convert("RGBA")
        left = round(box.x * side_px - size[0] / 2)
        top = round(box.y * side_px - size[1] / 2)
        layer = Image.new("RGBA", canvas.size, clear)
        layer.paste(sprite, (left, top))
        canvas = Image.alpha_composite(canvas, layer)
    return np.asarray(canvas)
