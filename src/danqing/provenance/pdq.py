"""PDQ: 256 bits that stay nearly the same while a picture is resized, recompressed or lightly edited.

After "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm" (Facebook, 2019):
luminance → two box filters each way → 64 × 64 → the 16 × 16 lowest waves of a DCT, without the
constant ones → which of them lie above their median. Every step up to the median is linear in rows
and in columns, so it is two small matrices here. Distances are counted in differing bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels
from danqing.provenance.encode import on_white

BITS = 256
NEAR = 31
"""The paper's limit for the same picture. Two unrelated ones lie about 128 bits apart."""
MIN_QUALITY = 50
"""Below this a picture is too plain for its hash to tell it from others (the paper's limit too)."""
_SIDE, _WAVES, _MOST_PX = 64, 16, 512
_LUMINANCE = np.array((0.299, 0.587, 0.114), np.float32)

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PdqHash:
    """text: 64 lower-case hex digits. quality: 0 to 100, how much there is to tell it by."""

    text: str
    quality: int


def pdq_hash(pixels: Pixels) -> PdqHash:
    """The hash of (H, W, 4) uint8 straight RGBA, as it looks on white."""
    from PIL import Image

    picture = Image.fromarray(on_white(pixels))
    if max(picture.size) > _MOST_PX:
        picture = picture.resize((_MOST_PX, _MOST_PX), Image.Resampling.BOX)
    light = np.asarray(picture).astype(np.float32) @ _LUMINANCE
    down, across = (_to_64(side) for side in light.shape)
    small = down @ light @ across.T
    waves = _cosines() @ small @ _cosines().T
    above = waves.ravel() > np.sort(waves, axis=None)[BITS // 2 - 1]
    return PdqHash(np.packbits(above[::-1]).tobytes().hex(), _quality(small))


def distance(one: str, other: str) -> int:
    """How many of the 256 bits differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _quality(small: Matrix) -> int:
    """How much there is of edges, in the paper's own measure."""
    steps = sum(
        int(np.abs((np.diff(small, axis=axis) * 100 / 255).astype(np.int64)).sum())
        for axis in (0, 1)
    )
    return min(100, steps // 90)


@lru_cache(maxsize=16)
def _to_64(length: int) -> Matrix:
    """(64, length): two box filters, then every 1/64th."""
    box = _box(length, (length + 2 * _SIDE - 1) // (2 * _SIDE))
    taken = ((np.arange(_SIDE) + 0.5) * length / _SIDE).astype(np.intp)
    return np.asarray((box @ box)[taken], np.float32)


def _box(length: int, window: int) -> npt.NDArray[np.float64]:
    """(length, length): the mean over a window, of which there is less at the ends."""
    ahead = (window + 2) // 2 - 1
    place = np.arange(length)
    offset = place[None, :] - place[:, None]
    within = (offset <= ahead) & (offset >= ahead + 1 - window)
    return np.asarray(within / within.sum(axis=1, keepdims=True))


@lru_cache(maxsize=1)
def _cosines() -> Matrix:
    """(16, 64): the DCT's waves 1 to 16."""
    wave, place = np.arange(1, _WAVES + 1)[:, None], np.arange(_SIDE)[None, :]
    cosines = np.cos(np.pi / (2 * _SIDE) * wave * (2 * place + 1))
    return np.asarray(np.sqrt(2 / _SIDE) * cosines, np.float32)
