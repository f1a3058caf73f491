"""Reading the mark from pixels alone: no original, no size, no position is known.

    1. scale         the comb of the tile's frequencies (`comb`), or nothing
    2. position      the tile as read there, in each of its eight orientations, against the key's
                     pilot waves at every half cell; the MAX_READINGS best are read
    3. payload       data waves times the key's signs → Viterbi → CRC-16
    4. score         how well the payload's own waves fit, which must reach MIN_SCORE

**False positives.** Let a be the data waves as read (real and imaginary parts, weighted), s the key's
data signs, c a payload's symbols. The score is Σ s·c·a / ‖a‖. Steps 1 and 2 use no data sign, so for a
picture that was never marked with this key the s are fair coin tosses independent of a, whatever the
picture is, and Hoeffding's inequality gives P(score ≥ t) ≤ exp(-t²/2) for each payload and reading.
Over 2³² payloads and MAX_READINGS readings:

    P(any payload is reported) ≤ 16 · 2³² · exp(-t²/2)        1.4 · 10⁻¹¹ at t = MIN_SCORE = 10

The CRC plays no part in this: it guards marked pictures against a wrong payload, which passes it once
in 2¹⁶. The probability is over the choice of key; who has the key, or a marked picture to copy the mark
from, can make a mark that is no accident at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels
from danqing.provenance.watermark import comb
from danqing.provenance.watermark.code import PAYLOAD_BITS, SYMBOLS, decode, encode
from danqing.provenance.watermark.key import WatermarkKey
from danqing.provenance.watermark.tile import SIDE, draw_tile, lines, signs_of

MAX_READINGS = 16
MIN_SCORE = 10.0
_CELLS = 2  # positions tried per cell
_LIMIT = 3.0  # times the median: a picture's own stripes may not outweigh all other waves

Waves = npt.NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class Watermark:
    """A mark that was read. payload: as `WatermarkKey.payload_of`. score: at least MIN_SCORE.

    tile_px: (across, down) in pixels of the picture as given. turned: the picture was mirrored or
    turned by a right angle. chance: at most how probable this score is in a picture never marked.
    """

    payload: int
    score: float
    tile_px: tuple[float, float]
    turned: bool

    @property
    def chance(self) -> float:
        return min(1.0, MAX_READINGS * 2.0**PAYLOAD_BITS * math.exp(-(self.score**2) / 2))


@dataclass(frozen=True, slots=True, eq=False)
class _Reading:
    """Waves at a scale, in an orientation, from a position; pilot: how well the pilots fit."""

    pilot: float
    waves: Waves
    scale: comb.Scale
    turned: bool


def detect(pixels: Pixels, key: WatermarkKey) -> Watermark | None:
    """The mark in (H, W, 4) uint8 straight RGBA, or None. Of several, the one read best."""
    light, shrunk = comb.light_of(pixels)
    if min(light.shape) < comb.SMALLEST_SIDE_PX:
        return None
    residue = comb.residue_of(light)
    readings = [
        reading
        for scale in comb.find_scales(residue)
        for reading in _readings(comb.waves_at(residue, scale), scale, key)
    ]
    readings = sorted(readings, key=lambda reading: -reading.pilot)[:MAX_READINGS]
    marks = list(_marks(readings, key, shrunk))
    return max(marks, key=lambda mark: mark.score, default=None)


def _readings(waves: Waves, scale: comb.Scale, key: WatermarkKey) -> Iterator[_Reading]:
    """The best position in each of the eight orientations."""
    tile_lines, pilots = lines(), lines().is_pilot
    expected = signs_of(key).pilot * tile_lines.strength[pilots]
    as_read = draw_tile(waves)
    side = _CELLS * SIDE
    for quarter in range(4):
        for mirrored in (False, True):
            tile = np.rot90(as_read, quarter)
            turned = np.fft.fft2(tile[:, ::-1] if mirrored else tile)
            found = turned[tile_lines.ky, tile_lines.kx]
            fit = np.zeros((side, side), np.complex128)
            fit[tile_lines.ky[pilots], tile_lines.kx[pilots]] = found[pilots] * expected.conj()
            fits = np.fft.ifft2(fit, norm="forward").real
            down, across = (int(i) for i in np.unravel_index(fits.argmax(), fits.shape))
            size = float(np.linalg.norm(fit)) or 1.0
            phase = (tile_lines.kx * across + tile_lines.ky * down) / side
            yield _Reading(
                float(fits[down, across]) / size,
                found * np.exp(2j * np.pi * phase),
                scale,
                mirrored or quarter > 0,
            )


def _marks(readings: list[_Reading], key: WatermarkKey, shrunk: float) -> Iterator[Watermark]:
    """The payload of every reading that has one and fits it well enough."""
    if not readings:
        return
    signs = signs_of(key)
    amplitudes = [_amplitudes(reading.waves) for reading in readings]
    soft = [np.bincount(signs.symbol, a * signs.data, SYMBOLS) for a in amplitudes]
    for reading, a, payload in zip(readings, amplitudes, decode(np.array(soft)), strict=True):
        if payload is None:
            continue
        fit = float((a * signs.data) @ encode(payload)[signs.symbol])
        score = fit / (float(np.linalg.norm(a)) or 1.0)
        if score >= MIN_SCORE:
            scale = reading.scale
            size = (scale.across_px * shrunk, scale.down_px * shrunk)
            yield Watermark(payload, score, size, reading.turned)


def _amplitudes(waves: Waves) -> npt.NDArray[np.float64]:
    """(2 d,) cosines then sines of the data waves, as much as they can be relied on."""
    data = ~lines().is_pilot
    weighted = waves[data] * lines().strength[data]
    parts = np.concatenate((weighted.real, weighted.imag))
    limit = _LIMIT * float(np.median(np.abs(parts)))
    return np.asarray(parts.clip(-limit, limit))
