"""From any picture file to a sketch: the thing alone, in a square, 64 pixels a side.

Transparency says best where the thing is. Without it, an even ground is flooded from the edges
and taken away. A picture without an even ground is cropped to its central square and stays as it is.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from danqing.engines.protocol import Pixels
from danqing.errors import InputError
from danqing.sources import MAX_FILE_BYTES, find_ground
from danqing.sources import open_picture as open_source

SKETCH_SIDE_PX = 64
_WORKING_SIDE_PX = 256
_OPAQUE = 250  # of 255
_MARGIN = 0.04


def open_picture(data: bytes, name: str) -> Pixels:
    """A source (`sources.open_picture`) of at most 256 px a side: (H, W, 4) uint8 straight RGBA.

    name: for the message. Raises InputError: teaching.picture_unreadable, teaching.picture_large.
    """
    try:
        picture = Image.fromarray(open_source(data).pixels)
    except InputError as problem:
        unreadable = problem.code == "source.unreadable"
        code = "teaching.picture_unreadable" if unreadable else "teaching.picture_large"
        raise InputError(code, file=name, limit_mib=MAX_FILE_BYTES // 2**20) from problem
    working = picture.convert("RGBa")
    working.thumbnail((_WORKING_SIDE_PX, _WORKING_SIDE_PX), Image.Resampling.BOX)
    return np.asarray(working.convert("RGBA"))


def sketch(picture: Pixels) -> Pixels | None:
    """The thing in a picture: (64, 64, 4) uint8 straight RGBA. None when the picture is empty.

    picture: (H, W, 4) uint8 straight RGBA, as `open_picture` gives it.
    """
    if picture[..., 3].max() < _OPAQUE // 2:
        return None
    if picture[..., 3].min() < _OPAQUE:
        return _fitted(picture)
    ground = find_ground(picture)
    if ground is None:
        return _fitted(_central_square(picture))
    cut_out = picture.copy()
    cut_out[ground.mask] = 0
    return _fitted(cut_out)


def _central_square(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return picture[top : top + side, left : left + side]


def _fitted(picture: Pixels) -> Pixels:
    """What isn't clear, centred in a square with a little air around it, 64 px a side."""
    seen = picture[..., 3] > 255 - _OPAQUE
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    thing = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    image = Image.fromarray(thing).convert("RGBa")
    whole = seen.all()  # a photograph fills its square
    room = SKETCH_SIDE_PX if whole else SKETCH_SIDE_PX * (1 - 2 * _MARGIN)
    fit = room / max(image.size)
    size = (max(1, round(image.width * fit)), max(1, round(image.height * fit)))
    small = image.resize(size, Image.Resampling.BOX).convert("RGBA")
    square = Image.new("RGBA", (SKETCH_SIDE_PX, SKETCH_SIDE_PX))
    square.paste(small, ((SKETCH_SIDE_PX - size[0]) // 2, (SKETCH_SIDE_PX - size[1]) // 2))
    return np.asarray(square)
