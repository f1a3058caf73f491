"""The judge's own two networks (torch; only for training, ONNX Runtime runs them afterwards).

They share no weight and no code with the generator.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 64


class Convolution(nn.Module):
    """3 × 3, padded, without bias. Its kernel is stored as a matrix (out, 9·in), as Muon wants
    it."""

    def __init__(self, inner: int, outer: int, stride: int = 1) -> None:
        super().__init__()
        self.inner, self.stride = inner, stride
        self.weight = nn.Parameter(torch.randn(outer, inner * 9) * (2 / (inner * 9)) ** 0.5)

    def forward(self, x: Tensor) -> Tensor:
        kernel = self.weight.view(-1, self.inner, 3, 3)
        return F.conv2d(x, kernel, stride=self.stride, padding=1)


class Residual(nn.Module):
    """relu(x + norm(conv(relu(norm(conv(x)))))) (He et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = Convolution(channels, channels)
        self.norm_first = nn.BatchNorm2d(channels)
        self.second = Convolution(channels, channels)
        self.norm_second = nn.BatchNorm2d(channels)
        nn.init.zeros_(self.norm_second.weight)

    def forward(self, x: Tensor) -> Tensor:
        h = F.relu(self.norm_first(self.first(x)))
        return F.relu(x + self.norm_second(self.second(h)))


def _down(inner: int, outer: int) -> nn.Sequential:
    return nn.Sequential(
        Convolution(inner, outer, stride=2),
        nn.BatchNorm2d(outer),
        nn.ReLU(inplace=True),
    )


class FinderNet(nn.Module):
    """Where things are, whatever they are: (B, 3, 64, 64) RGB in [-1, 1], a picture on its ground, to
    (B, 3, 16, 16) of centre logit, width and height.

    One cell is 4 px. Sizes are shares of the picture's side (cf. CenterNet, Zhou et al. 2019).
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(_down(3, 24), _down(24, 48), Residual(48))
        self.deep = nn.Sequential(_down(48, 96), Residual(96), Residual(96))
        self.up = nn.Sequential(nn.Conv2d(96, 192, 1), nn.PixelShuffle(2))
        self.head = nn.Sequential(
            nn.Conv2d(48, 48, 3, padding=1), nn.ReLU(inplace=True), nn.Conv2d(48, 3, 1)
        )

    def forward(self, x: Tensor) -> Tensor:
        h = self.stem(x)
        found: Tensor = self.head(F.relu(h + self.up(self.deep(h))))
        return found


class StyleNet(nn.Module):
    """In which style a thing is drawn: (B, 4, 128, 128) premultiplied RGBA in [0, 1] to (B, styles) logits.

    It sees the near surroundings of each place (43 px) and then forgets where what was: how a fill is
    shaded and a rim is drawn, not what the drawing shows.
    """

    def __init__(self, styles: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            _down(4, 24),
            _convolved(24),
            _down(24, 48),
            _convolved(48),
            _down(48, 96),
            _convolved(96),
        )
        self.head = nn.Linear(2 * 96, styles)

    def forward(self, x: Tensor) -> Tensor:
        h = self.layers(x)
        logits: Tensor = self.head(torch.cat([h.mean((2, 3)), h.amax((2, 3))], 1))
        return logits


def _convolved(channels: int) -> nn.Sequential:
    return nn.Sequential(
        Convolution(channels, channels), nn.BatchNorm2d(channels), nn.ReLU(inplace=True)
    )
