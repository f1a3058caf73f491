"""A small convolutional auto-encoder for flat RGBA art: 128×128×4 pixels ↔ 16×16×8 latents.

    z = 2·tanh(E(x)/2),   x̂ = D(z + σ·ε),   σ = 0.05 while training

The bounded, slightly noisy latent (as in a KL-free VAE; cf. Rombach et al. 2022, §3.1) keeps the space
smooth enough for flow matching without a prior term. Pixels move to channels by PixelUnshuffle
(Shi et al. 2016) instead of strided convolutions, which on a CPU is the cheapest way down and up.

The decoder is told in which style it draws: 2,048 numbers say well what is where and badly whether a
fill is flat or shaded and a rim is drawn or not, which is the same all over a picture.

x: (B, 4, 128, 128) float32 premultiplied RGBA in [-1, 1].   z: (B, 8, 16, 16) float32 in (-2, 2).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from danqing.diffusion.steepen import steepen

PICTURE_SIDE = 128
LATENT_SIDE = 16
LATENT_CHANNELS = 8
LATENT_NOISE = 0.05
RIM_PX, GAIN = 3, 1.1  # what `steepen` does to a decoded picture
STYLES = 16  # rooms in the decoder's table; 0 is "not said"


class ResidualBlock(nn.Module):
    """x + conv(silu(conv(silu(norm(x))))), the last convolution starting at zero."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        h: Tensor = self.second(F.silu(self.first(F.silu(self.norm(x)))))
        return x + h


class Encoder(nn.Module):
    """(B, 4, 128, 128) pixels → (B, 8, 16, 16) latents in (-2, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(64, 64, 3, padding=1),
            ResidualBlock(64),
            nn.PixelUnshuffle(2),
            nn.Conv2d(256, 160, 1),
            ResidualBlock(160),
            ResidualBlock(160),
            nn.GroupNorm(8, 160),
            nn.SiLU(),
            nn.Conv2d(160, LATENT_CHANNELS, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        return 2 * torch.tanh(self.layers(x) / 2)


class Decoder(nn.Module):
    """(B, 8, 16, 16) latents and (B,) int64 styles → (B, 4, 128, 128) pixels, not clipped.

    A style shifts the channels at each of three sizes; without training it shifts nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.coarse = nn.Sequential(
            ResidualBlock(192), ResidualBlock(192), nn.Conv2d(192, 384, 1), nn.PixelShuffle(2)
        )
        self.middle = nn.Sequential(
            ResidualBlock(96), ResidualBlock(96), nn.Conv2d(96, 192, 1), nn.PixelShuffle(2)
        )
        self.fine = nn.Sequential(
            ResidualBlock(48),
            ResidualBlock(48),
            nn.Conv2d(48, 64, 3, padding=1),
            nn.PixelShuffle(2),
            nn.Conv2d(16, 4, 3, padding=1),
        )
        self.first = nn.Conv2d(LATENT_CHANNELS, 192, 1)
        self.shift = nn.Embedding(STYLES, 192 + 96 + 48)
        nn.init.zeros_(self.shift.weight)

    def forward(self, z: Tensor, style: Tensor) -> Tensor:
        return steepen(self.soft(z, style), RIM_PX, GAIN)

    def soft(self, z: Tensor, style: Tensor) -> Tensor:
        """What is trained; see `Upscaler.soft`."""
        coarse, middle, fine = self.shift(style)[:, :, None, None].split((192, 96, 48), dim=1)
        x: Tensor = self.coarse(self.first(z) + coarse)
        x = self.middle(x + middle)
        y: Tensor = self.fine(x + fine)
        return y


class AutoEncoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()

    def forward(self, x: Tensor, noise: Tensor | None = None) -> Tensor:
        """Reconstruct x, no style said; `noise` of the latent's shape is added in training, scaled by
        LATENT_NOISE."""
        z: Tensor = self.encoder(x)
        if noise is not None:
            z = z + LATENT_NOISE * noise
        unsaid = torch.zeros(len(x), dtype=torch.int64)
        y: Tensor = self.decoder.soft(z, unsaid)
        return y


def reconstruction_loss(y: Tensor, x: Tensor) -> Tensor:
    """Mean |e| + e² + ½|∇e|, with e = y − x: the last term is what keeps edges crisp."""
    e = y - x
    gradient = (e[..., 1:] - e[..., :-1]).abs().mean() + (
        e[..., 1:, :] - e[..., :-1, :]
    ).abs().mean()
    return e.abs().mean() + e.square().mean() + 0.5 * gradient


def sharpness_loss(y: Tensor, x: Tensor) -> Tensor:
    """Mean difference of how steep two pictures are, window by window: |rms ∇y − rms ∇x| over 4 × 4 pixels.

    A loss per pixel rewards a soft edge wherever its exact place is in doubt. This one asks that edges be
    as steep as the real ones, and minds less where exactly they lie.
    """
    difference = (_steepness(y) - _steepness(x)).abs()
    return difference.mean()


def _steepness(x: Tensor) -> Tensor:
    """(B, C, H, W) → (B, 1, H/2 − 1, W/2 − 1), root mean square over windows that overlap by half."""
    across = F.pad(x[..., 1:] - x[..., :-1], (0, 1, 0, 0)).square()
    down = F.pad(x[..., 1:, :] - x[..., :-1, :], (0, 0, 0, 1)).square()
    energy = (across + down).mean(1, keepdim=True)
    return (F.avg_pool2d(energy, 4, stride=2) + 1e-5).sqrt()
