"""Whether two pictures look the same, although one was scaled or packed again on its way."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels

_CELLS = 32
_LARGEST_DIFFERENCE = 24
"""In levels of 255, of any cell: JPEG and scaling stay well under, a retouched spot does not."""
_PROPORTIONS = 0.02


def same_picture(one: Pixels, other: Pixels) -> bool:
    """Whether both have the same proportions and every one of 32 × 32 cells the same colour.

    one, other: (H, W, 4) uint8, sizes may differ; clear parts are looked at on white.
    """
    proportions = [pixels.shape[1] / pixels.shape[0] for pixels in (one, other)]
    if abs(proportions[0] / proportions[1] - 1) > _PROPORTIONS:
        return False
    difference = _cells(one) - _cells(other)
    return bool(np.abs(difference).max() <= _LARGEST_DIFFERENCE)


def _cells(pixels: Pixels) -> npt.NDArray[np.int16]:
    from PIL import Image

    picture = Image.fromarray(pixels)
    white = Image.new("RGBA", picture.size, "white")
    flat = Image.alpha_composite(white, picture).convert("RGB")
    return np.asarray(flat.resize((_CELLS, _CELLS), Image.Resampling.BOX)).astype(np.int16)
