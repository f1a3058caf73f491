"""Enlarge a sheet about twice, for its box on a larger canvas; the learned upscaler's four times costs ten
times as much and would be shrunk again.

The rim a resampling leaves is some pixels wide; it is drawn apart as `danqing.diffusion.steepen` does,
here in numpy, since the networks are not asked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

RIM_PX, GAIN = 5, 2.0  # as wide as a rim is after enlarging twice, and how steep it becomes
Array = npt.NDArray[np.float32]


def enlarged(picture: Array, side_px: int) -> Array:
    """(1, 4, H, W) premultiplied RGBA in [-1, 1] → (1, 4, side, side)."""
    channels = [
        np.asarray(Image.fromarray(c).resize((side_px, side_px), Image.Resampling.BICUBIC))
        for c in picture[0]
    ]
    large = np.stack(channels)[None].clip(-1, 1)
    return steepened(large, RIM_PX, GAIN).clip(-1, 1)


def steepened(x: Array, rim_px: int, gain: float) -> Array:
    """See `danqing.diffusion.steepen.steepen`."""
    black, alpha = x[:, :3], x[:, 3:]
    black, white = _apart(black, rim_px, gain), _apart(black + 1 - alpha, rim_px, gain)
    alpha = 1 - (white - black).mean(1, keepdims=True)
    steep: Array = np.concatenate([np.minimum(black, alpha), alpha], 1)
    return steep


def _apart(x: Array, rim_px: int, gain: float) -> Array:
    most, least = _largest(x, rim_px), -_largest(-x, rim_px)
    middle, half = (most + least) / 2, np.maximum((most - least) / 2, 1e-4)
    drawn = np.tanh(gain * (x - middle) / half) / np.tanh(gain)
    apart: Array = (middle + half * drawn).astype(np.float32)
    return apart


def _largest(x: Array, side: int) -> Array:
    """The largest value in the square around each pixel, one axis after the other."""
    for axis in (2, 3):
        margin = [(side // 2, side // 2) if a == axis else (0, 0) for a in range(4)]
        padded = np.pad(x, margin, mode="edge")
        length = x.shape[axis]
        x = np.take(padded, range(length), axis)
        for shift in range(1, side):
            window = [slice(None)] * 4
            window[axis] = slice(shift, shift + length)
            x = np.maximum(x, padded[tuple(window)])
    return x
