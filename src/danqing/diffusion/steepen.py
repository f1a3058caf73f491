"""Draw the two sides of a rim apart: a smooth form of the filter of Kramer & Bruckner (1975).

A network that isn't sure where within a few pixels a rim lies makes one that wide. This decides.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def steepen(x: Tensor, rim_px: int, gain: float) -> Tensor:
    """(B, C, H, W), any range, nothing overshoots.

    Each pixel moves from the middle between the least and the most of its neighbourhood, rim_px wide and
    odd, towards the one it is nearer to. A wide rim becomes a narrow one in the same place; flat areas and
    even gradients, whose pixels lie in the very middle, stay as they are. gain: near 0 for no change.
    """
    most, least = _largest(x, rim_px), -_largest(-x, rim_px)
    middle, half = (most + least) / 2, ((most - least) / 2).clamp_min(1e-4)
    return middle + half * torch.tanh(gain * (x - middle) / half) / math.tanh(gain)


def _largest(x: Tensor, side: int) -> Tensor:
    """The largest value in the square around each pixel, one axis after the other."""
    across = F.max_pool2d(x, (1, side), 1, (0, side // 2))
    return F.max_pool2d(across, (side, 1), 1, (side // 2, 0))
