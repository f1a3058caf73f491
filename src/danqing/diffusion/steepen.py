"""Draw the two sides of a rim apart: a smooth form of the filter of Kramer & Bruckner (1975).

A network that isn't sure where within a few pixels a rim lies makes one that wide. This decides.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def steepen(x: Tensor, rim_px: int, gain: float) -> Tensor:
    """(B, 4, H, W) premultiplied RGBA in [-1, 1] → the same, its rims narrower. rim_px: as wide as they
    are, odd. gain: above 0; the larger, the narrower.

    A rim of clear ground has colour and alpha fall at slightly different places; each taken by itself they
    would leave a dark line between. So the picture is steepened as it looks over black and over white, where
    nothing then is darker or lighter than what stands around it, and alpha is what tells the two apart.
    """
    black, alpha = x[:, :3], x[:, 3:]
    black, white = apart(black, rim_px, gain), apart(black + 1 - alpha, rim_px, gain)
    alpha = 1 - (white - black).mean(1, keepdim=True)
    return torch.cat([torch.minimum(black, alpha), alpha], 1)


def apart(x: Tensor, rim_px: int, gain: float) -> Tensor:
    """(B, C, H, W), any range, each channel by itself; nothing overshoots.

    Each pixel moves from the middle between the least and the most of its neighbourhood, rim_px wide,
    towards the one it is nearer to. A wide rim becomes a narrow one in the same place; flat areas and even
    gradients, whose pixels lie in the very middle, stay as they are.
    """
    most, least = _largest(x, rim_px), -_largest(-x, rim_px)
    middle, half = (most + least) / 2, ((most - least) / 2).clamp_min(1e-4)
    return middle + half * torch.tanh(gain * (x - middle) / half) / math.tanh(gain)


def _largest(x: Tensor, side: int) -> Tensor:
    """The largest value in the square around each pixel, one axis after the other."""
    across = F.max_pool2d(x, (1, side), 1, (0, side // 2))
    return F.max_pool2d(across, (side, 1), 1, (side // 2, 0))
