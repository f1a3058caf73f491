"""A contact sheet: a numbered grid of unmarked pictures, which is then labelled like any other
picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.provenance.mark import em_px_for, mark_font

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

CELL_PX = 256
MAX_SHEET_SIDE_PX = 4_096
_GROUND, _CELL_GROUND, _INK = (255, 255, 255), (242, 242, 244), (40, 40, 44)


def compose(pictures: Sequence[Pixels]) -> Pixels:
    """(H, W, 4) uint8, opaque: the pictures in reading order, each with its number from 1 below it.

    Pictures keep their proportions; clear ones lie on light grey. A band at the foot is left
    free, so that the mark covers none of them. At least one picture.
    """
    from PIL import Image, ImageDraw

    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    # A row is at most 1.3 cells high, caption, gaps and its share of the band included.
    cell = min(CELL_PX, MAX_SHEET_SIDE_PX * 10 // (columns * 13))
    gap, caption = max(2, cell // 20), max(12, cell // 10)
    width = gap + columns * (cell + gap)
    height = gap + rows * (cell + caption + gap)
    # No sheet has a taller mark than this: its shortest side is at most its width.
    band = 8 * em_px_for(width, width) // 5
    sheet = Image.new("RGBA", (width, height + band), (*_GROUND, 255))
    draw = ImageDraw.Draw(sheet)
    font = mark_font(max(10, caption * 3 // 4))
    for index, pixels in enumerate(pictures):
        left = gap + index % columns * (cell + gap)
        top = gap + index // columns * (cell + caption + gap)
        draw.rectangle((left, top, left + cell - 1, top + cell - 1), fill=_CELL_GROUND)
        picture = _fitted(Image.fromarray(pixels), cell)
        inset = (left + (cell - picture.width) // 2, top + (cell - picture.height) // 2)
        sheet.alpha_composite(picture, inset)
        middle = (left + cell // 2, top + cell + caption // 2)
        draw.text(middle, str(index + 1), fill=_INK, font=font, anchor="mm")
    return np.array(sheet)


def _fitted(picture: Picture, cell_px: int) -> Picture:
    """The picture scaled to fit a square cell. Pillow resamples RGBA with alpha premultiplied."""
    from PIL.Image import Resampling

    scale = cell_px / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Resampling.LANCZOS)
