"""A learned ×4 upscaler: 128 px to 512 px in one pass, by pixel shuffle (ESPCN, Shi et al. 2016).

The network works at 128 px and corrects a bilinear enlargement, so an untrained one is already a
sensible upscaler and flat areas cost nothing to learn. What it can't know is where within two or three
pixels a rim lies, and so it makes one that wide; `steepen` then decides.

x: (B, 4, 128, 128) float32 premultiplied RGBA in [-1, 1] → (B, 4, 512, 512), not clipped.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from danqing.diffusion.steepen import steepen

SCALE = 4
CHANNELS = 48
DEPTH = 4
RIM_PX, GAIN = (
    9,
    4.0,
)  # as wide as a rim comes out of four times enlarging, and how steep it becomes


class Upscaler(nn.Module):
    def __init__(self, channels: int = CHANNELS, depth: int = DEPTH) -> None:
        super().__init__()
        self.first = nn.Conv2d(4, channels, 3, padding=1)
        self.body = nn.ModuleList(
            [nn.Conv2d(channels, channels, 3, padding=1) for _ in range(depth)]
        )
        self.last = nn.Conv2d(channels, 4 * SCALE * SCALE, 3, padding=1)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(torch.as_tensor(self.last.bias))

    def forward(self, x: Tensor) -> Tensor:
        return steepen(self.soft(x), RIM_PX, GAIN)

    def soft(self, x: Tensor) -> Tensor:
        """What is trained. Trained through `steepen` it would learn to undo it, since a loss per pixel
        prefers a wide rim to one in the wrong place."""
        h = F.silu(self.first(x))
        for layer in self.body:
            h = h + F.silu(layer(h))
        enlarged = F.interpolate(x, scale_factor=SCALE, mode="bilinear", align_corners=False)
        y: Tensor = enlarged + F.pixel_shuffle(self.last(h), SCALE)
        return y
