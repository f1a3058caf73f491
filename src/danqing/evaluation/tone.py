"""A person's skin tone from the pixels: the lightness of the commonest skin colour, against four
thresholds.

The individual typology angle of dermatology is a function of lightness and yellowness (Chardon et
al. 1991); in drawings of one even light, lightness alone separates the five emoji tones (Fitzpatrick's
six types, two of them joined: Unicode UTS #51).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.lab import to_lab

Pixels = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float32]
TONES = 5
_SIDE = 64
_HUES = (22, 85)  # degrees in the a*b* plane: from reddish brown to yellowish
_CHROMA = (7, 48)
_LIGHTNESS = (14, 96)
_STEP = 5.0  # ΔE within which colours are one
_FEWEST_PIXELS = 10


def skin_lightness(picture: Pixels) -> float | None:
    """L* of the commonest colour that could be skin; None where there is hardly any. (H, W, 4)
    uint8."""
    small = Image.fromarray(picture).convert("RGBa").resize((_SIDE, _SIDE), Image.Resampling.BOX)
    pixels = np.asarray(small.convert("RGBA"))
    lab = to_lab(pixels[pixels[..., 3] > 200][:, :3])
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    lab = lab[_within(hue, _HUES) & _within(chroma, _CHROMA) & _within(lab[:, 0], _LIGHTNESS)]
    if len(lab) < _FEWEST_PIXELS:
        return None
    steps = np.round(lab / _STEP).astype(int)
    kinds, counts = np.unique(steps, axis=0, return_counts=True)
    near = (np.abs(steps - kinds[counts.argmax()]) <= 1).all(1)
    return float(np.median(lab[near, 0]))


def _within(values: Array, bounds: tuple[float, float]) -> npt.NDArray[np.bool_]:
    inside: npt.NDArray[np.bool_] = (values > bounds[0]) & (values < bounds[1])
    return inside


def fit_thresholds(lightness: Array, tones: npt.NDArray[np.int64]) -> tuple[float, ...]:
    """Four falling thresholds between neighbouring tones (1 to 5), each where fewest are
    wrong."""
    thresholds = []
    candidates = np.arange(15, 96)
    for tone in range(1, TONES):
        chosen = (tones == tone) | (tones == tone + 1)
        darker = tones[chosen] == tone + 1
        right = np.array([((lightness[chosen] < t) == darker).mean() for t in candidates])
        thresholds.append(float(candidates[right >= right.max() - 1e-9].mean()))
    return tuple(thresholds)


def tone_of(lightness: float | None, thresholds: tuple[float, ...]) -> int | None:
    """1 (light) to 5 (dark)."""
    return None if lightness is None else 1 + sum(lightness < t for t in thresholds)
