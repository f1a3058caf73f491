"""The tile: 64 × 64 cells that repeat over the whole picture and carry pilot and payload.

The tile is a sum of waves. Each wave ("line", after the line it draws in the picture's spectrum)
has a whole number of periods across the tile, kx and ky, and two signs, of its cosine and its sine:

    pilots    signs known from the key alone: they tell where the tile begins, and which way up
    data      signs from the key, times one symbol of the coded payload each

Being periodic, the tile puts all of its energy on a comb of frequencies (Kalker's and Honsinger's
tiles; Deguillaume, Voloshynovskiy and Pun's estimate of scale from it), which shows at what scale
the picture is without any key. Waves below 3 periods drown in the picture's own shapes; those
above 13 die in JPEG and at half size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from danqing.provenance.watermark.code import SYMBOLS, encode
from danqing.provenance.watermark.key import WatermarkKey

SIDE = 64
"""Cells a side; a cell is one pixel of a picture whose shorter side is REFERENCE_PX or less."""
LOWEST, HIGHEST = 3.0, 13.0
_PILOT_EVERY = 4

Floats = npt.NDArray[np.float64]
Tile = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """kx, ky: (n,) periods across the tile; one of each pair of opposite waves. strength: (n,),
    mean square 1. is_pilot: (n,) bool."""

    kx: npt.NDArray[np.intp]
    ky: npt.NDArray[np.intp]
    strength: Floats
    is_pilot: npt.NDArray[np.bool_]


@lru_cache(maxsize=1)
def lines() -> Lines:
    """The waves of every tile, by rising frequency."""
    k = np.arange(-int(HIGHEST), int(HIGHEST) + 1)
    ky, kx = (axis.ravel() for axis in np.meshgrid(k, k, indexing="ij"))
    radius = np.hypot(kx, ky)
    half = (kx > 0) | ((kx == 0) & (ky > 0))
    chosen = np.flatnonzero(half & (radius >= LOWEST) & (radius <= HIGHEST))
    chosen = chosen[np.lexsort((np.arctan2(ky[chosen], kx[chosen]), radius[chosen]))]
    # Softer towards both ends: below, the eye sees it and pictures are loud; above, JPEG cuts.
    r = radius[chosen]
    strength = np.minimum(1.0, np.minimum((r / 5.0), (15.0 - r) / 6.0))
    strength = strength / np.sqrt((strength**2).mean())
    is_pilot = np.arange(len(chosen)) % _PILOT_EVERY == 0
    return Lines(kx[chosen], ky[chosen], strength, is_pilot)


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """What a key makes of the lines. pilot: (p,) complex, ±1 ±1j. data: (2 d,) of ±1, cosines then
    sines. symbol: (2 d,) which symbol of the code each carries."""

    pilot: npt.NDArray[np.complex128]
    data: npt.NDArray[np.int8]
    symbol: npt.NDArray[np.intp]


@lru_cache(maxsize=4)
def signs_of(key: WatermarkKey) -> Signs:
    is_pilot = lines().is_pilot
    pilots, data = int(is_pilot.sum()), int((~is_pilot).sum())
    pilot = key.signs("pilot", 2 * pilots)
    # The same spread for every key: neighbours in frequency carry symbols far apart in the code.
    symbol = np.arange(2 * data) * 61 % SYMBOLS
    return Signs(pilot[:pilots] + 1j * pilot[pilots:], key.signs("data", 2 * data), symbol)


def spectrum_of(key: WatermarkKey, payload: int) -> npt.NDArray[np.complex128]:
    """(n,) the complex amplitude of each line, mean square 2."""
    all_lines, signs = lines(), signs_of(key)
    data = signs.data * encode(payload)[signs.symbol]
    half = len(data) // 2
    amplitudes = np.empty(len(all_lines.kx), np.complex128)
    amplitudes[all_lines.is_pilot] = signs.pilot
    amplitudes[~all_lines.is_pilot] = data[:half] + 1j * data[half:]
    return amplitudes * all_lines.strength


def draw_tile(amplitudes: npt.NDArray[np.complex128]) -> Tile:
    """(SIDE, SIDE) of these waves, with a root mean square of 1 where theirs is √2."""
    all_lines = lines()
    full = np.zeros((SIDE, SIDE), np.complex128)
    full[all_lines.ky, all_lines.kx] = amplitudes
    full[-all_lines.ky, -all_lines.kx] = amplitudes.conj()
    gain = SIDE**2 / (2 * np.sqrt(len(all_lines.kx)))
    return np.asarray(np.fft.ifft2(full).real * gain)
