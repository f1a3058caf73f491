"""At what scale does a picture show tiles? Read from its spectrum, without any key.

A pattern that repeats every P pixels has all of its energy at frequencies k / P. Summed over the
tile's waves, power there stands out over the power around it, for the right P alone. Signs play no
part, so that nothing found here says anything yet about whose tile it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels
from danqing.provenance.encode import on_white
from danqing.provenance.watermark.tile import HIGHEST, lines

WORKING_PX, SMALLEST_SIDE_PX = 512, 32
TILES_AT_MOST, TILES_AT_LEAST = 12.0, 1.9
"""How many tiles may lie along the shorter side: 8 in a whole picture of 512 px or more, fewer in a
part of one or in a small picture, more where something was put around it."""
MIN_SCORE = 6.0
"""About N(0, 1) for one period where there are no tiles; the largest of all periods is then 3 to 5."""
CANDIDATES = 4
_STEP = 0.0025  # of the period: the highest wave then drifts by less than a quarter over 512 px
_FINE = 0.00125 * np.arange(-3, 4)
_RADIUS_PX, _SOFTNESS_LEVELS, _LIMIT = 4, 3.0, 2.0
_NOISE_RADIUS = 12
_MOST_OF_ONE_LINE = 6.0  # so that a striped shirt doesn't pass for a comb
_NYQUIST_MARGIN = 0.48

Plane = npt.NDArray[np.float64]
Periods = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """The tile's period across and down, in pixels, and how surely (`MIN_SCORE`)."""

    across_px: float
    down_px: float
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Residue:
    """What is left of a picture when its shapes are taken out. plane: (h, w). noise: the power its
    spectrum has around each frequency, over padded frequencies of `height` by `width`; peaks: how
    far the power at each stands out over that."""

    plane: Plane
    noise: Plane
    peaks: Plane
    height: int
    width: int


def light_of(pixels: Pixels) -> tuple[Plane, float]:
    """How bright (H, W, 4) uint8 pixels are on white, (h, w) in levels of 255, and by what factor
    they were made smaller for it."""
    from PIL import Image

    picture = Image.fromarray(on_white(pixels)).convert("L")
    shrunk = max(1.0, min(picture.size) / WORKING_PX)
    if shrunk > 1:
        size = (round(picture.width / shrunk), round(picture.height / shrunk))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    return np.asarray(picture).astype(np.float64), shrunk


def residue_of(light: Plane) -> Residue:
    """light: (h, w) in levels of 255."""
    plane = _without_shapes(light)
    height, width = (_fast_length(2 * side) for side in plane.shape)
    spectrum = np.fft.rfft2(plane.astype(np.float32), (height, width))
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float64)
    noise = _around(power) + 1e-9 * power.mean() + 1e-12
    return Residue(plane, noise, power / noise, height, width)


def find_scales(residue: Residue) -> list[Scale]:
    """The likeliest scales, best first; none where nothing stands out."""
    side = min(residue.plane.shape)
    begin, end = np.log(side / TILES_AT_MOST), np.log(side / TILES_AT_LEAST)
    periods = np.exp(np.arange(begin, end, _STEP))
    scores = _scores(residue, periods, periods)
    found: list[Scale] = []
    for best in np.argsort(scores)[::-1]:
        if scores[best] < MIN_SCORE or len(found) == CANDIDATES:
            break
        if all(abs(np.log(periods[best] / scale.across_px)) > 3 * _STEP for scale in found):
            found.append(_refined(residue, periods[best]))
    return found


def waves_at(residue: Residue, scale: Scale) -> npt.NDArray[np.complex128]:
    """(n,) the complex amplitude of each line at a scale, over the noise around it, and counting the
    less the louder that is (a matched filter, but never all on a few silent lines)."""
    tile_lines, (rows, columns) = lines(), residue.plane.shape
    most = int(HIGHEST)
    across = np.exp(-2j * np.pi * np.outer(np.arange(columns) / scale.across_px, range(most + 1)))
    down = np.exp(-2j * np.pi * np.outer(range(-most, most + 1), np.arange(rows) / scale.down_px))
    real = residue.plane @ np.hstack((across.real, across.imag))
    amplitudes = down @ (real[:, : most + 1] + 1j * real[:, most + 1 :])
    y, x = _bins(residue, np.array([scale.across_px]), np.array([scale.down_px]))
    noise = residue.noise[y[0], x[0]]
    weight = 1 / np.sqrt(noise * (noise + np.median(noise)))
    waves = amplitudes[tile_lines.ky + most, tile_lines.kx] * weight
    waves[~_visible(np.array([scale.across_px]), np.array([scale.down_px]))[0]] = 0
    return np.asarray(waves, np.complex128)


def _refined(residue: Residue, period: float) -> Scale:
    """Around one period for both directions, the best pair: resizing rounds each side for itself."""
    across, down = (
        axis.ravel() for axis in np.meshgrid(period * (1 + _FINE), period * (1 + _FINE))
    )
    scores = _scores(residue, across, down)
    best = scores.argmax()
    return Scale(float(across[best]), float(down[best]), float(scores[best]))


def _scores(residue: Residue, across: Periods, down: Periods) -> npt.NDArray[np.float64]:
    """How far the comb of each pair of periods stands out."""
    visible = _visible(across, down)
    peaks = np.minimum(residue.peaks[_bins(residue, across, down)], _MOST_OF_ONE_LINE)
    # Power over its mean is distributed exponentially: mean 1, variance 1, a little less when cut.
    seen = np.maximum(visible.sum(axis=1), 30)
    return np.asarray(((peaks - 0.99) * visible).sum(axis=1) / np.sqrt(seen))


def _visible(across: Periods, down: Periods) -> npt.NDArray[np.bool_]:
    """(periods, n): which lines lie below half the sampling rate."""
    x, y = lines().kx / across[:, None], lines().ky / down[:, None]
    return np.asarray((x < _NYQUIST_MARGIN) & (abs(y) < _NYQUIST_MARGIN))


def _bins(
    residue: Residue, across: Periods, down: Periods
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """(periods, n) each: row and column of every line in the spectrum."""
    x = np.rint(lines().kx / across[:, None] * residue.width).astype(np.intp)
    y = np.rint(lines().ky / down[:, None] * residue.height).astype(np.intp)
    return y % residue.height, np.minimum(x, residue.peaks.shape[1] - 1)


def _without_shapes(light: Plane) -> Plane:
    """Each pixel against its neighbourhood, trusted the less the rougher that is."""
    detail = light - _mean_around(light, _RADIUS_PX)
    roughness = np.maximum(_mean_around(detail**2, _RADIUS_PX), 0)
    limit = _LIMIT * (np.sqrt(roughness) + _SOFTNESS_LEVELS)
    return np.asarray(detail.clip(-limit, limit) / (roughness + _SOFTNESS_LEVELS**2))


def _mean_around(plane: Plane, radius: int) -> Plane:
    """The mean over a square about each value; beyond the edge the edge goes on."""
    return _box(np.pad(plane, radius, mode="edge"), 2 * radius + 1)


def _around(power: Plane) -> Plane:
    """The same over half a spectrum, which goes on around its edges as spectra do."""
    r = _NOISE_RADIUS
    tall = np.pad(power, ((r, r), (0, 0)), mode="wrap")
    return _box(np.pad(tall, ((0, 0), (r, r)), mode="reflect"), 2 * r + 1)


def _box(padded: Plane, side: int) -> Plane:
    sums = np.pad(padded, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    whole = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return np.asarray(whole / side**2)


def _fast_length(least: int) -> int:
    """The next length an FFT is fast at: a power of two, or 1.5 times one."""
    power = 1 << (least - 1).bit_length()
    return power * 3 // 4 if power * 3 // 4 >= least else power
