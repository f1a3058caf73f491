"""A critic of small patches: does this look drawn, and drawn in the style it is said to be in?

    D(x, s) = w·h(x) + e_s·h(x)   per patch (projection discriminator, Miyato & Koyama 2018;
                                  patches: Isola et al. 2017, §3.2.2)

A loss per pixel is smallest for the mean of all that could be meant, which is soft and mottled. The critic
sees real drawings and learns what such a mean never has: even fills, steep rims, a style's own habits.
It is thrown away after training. Weights are spectrally normalised (Miyato et al. 2018).

x: (B, C, H, W), premultiplied RGBA in [-1, 1] or latents, H and W multiples of 2 to the power of its stages.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from danqing.diffusion.autoencoder import STYLES

PIXEL_WIDTHS = (48, 96, 128)


class Critic(nn.Module):
    """channels: of what it sees. widths: of its stages; each sees squares of twice the side."""

    def __init__(self, channels: int = 4, widths: Sequence[int] = PIXEL_WIDTHS) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            [
                nn.Sequential(
                    nn.PixelUnshuffle(2),
                    spectral_norm(nn.Conv2d(4 * before, width, 1)),
                    nn.LeakyReLU(0.2),
                    spectral_norm(nn.Conv2d(width, width, 3, padding=1)),
                    nn.LeakyReLU(0.2),
                )
                for before, width in pairwise((channels, *widths))
            ]
        )
        self.real = spectral_norm(nn.Conv2d(widths[-1], 1, 1))
        self.style = nn.Embedding(STYLES, widths[-1])
        nn.init.normal_(self.style.weight, std=0.05)

    def forward(self, x: Tensor, style: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        """style: (B,) int64. Returns scores per patch, (B, H/8, W/8) after three stages, high for a real
        drawing in that style, and the features of each stage."""
        features = []
        for stage in self.stages:
            x = stage(x)
            features.append(x)
        suits = (x * self.style(style)[:, :, None, None]).sum(1)
        return self.real(x)[:, 0] + suits, tuple(features)


def critic_loss(
    critic: nn.Module, drawn: Tensor, real: Tensor, style: Tensor, wrong: Tensor
) -> Tensor:
    """Hinge loss. wrong: another style for each, with which the same real picture is a false one (the
    matching-aware critic of Reed et al. 2016)."""
    of_real, _ = critic(real, style)
    of_drawn, _ = critic(drawn.detach(), style)
    of_wrong, _ = critic(real, wrong)
    loss: Tensor = (
        F.relu(1 - of_real.float()).mean()
        + F.relu(1 + of_drawn.float()).mean()
        + 0.5 * F.relu(1 + of_wrong.float()).mean()
    )
    return loss


def critic_gradient(critic: nn.Module, drawn: Tensor, real: Tensor, style: Tensor) -> Tensor:
    """Where the critic wants `drawn` to go: the gradient of −D plus the distance between
    its features of the drawn and of the real picture (Wang et al. 2018, §3.3). The critic's own weights
    get no gradient from it."""
    leaf = drawn.detach().requires_grad_()
    scores, features = critic(leaf, style)
    with torch.no_grad():
        _, wanted = critic(real, style)
    liked = -scores.float().mean()
    for one, other in zip(features, wanted, strict=True):
        liked = liked + (one.float() - other.float()).abs().mean()
    (gradient,) = torch.autograd.grad(liked, leaf)
    return gradient


def with_critic(loss: Tensor, drawn: Tensor, wanted: Tensor, weight: float) -> Tensor:
    """A loss worth `loss` whose gradient at `drawn` is that of `loss` plus `wanted`, brought to `weight`
    times its size (VQGAN's adaptive weight, Esser et al. 2021, eq. 7, taken at the pixels).

    loss: computed from `drawn`, whose graph is kept.
    """
    (own,) = torch.autograd.grad(loss, drawn, retain_graph=True)
    scale = weight * own.norm() / wanted.norm().clamp_min(1e-12)
    pulled = (drawn * (own + scale * wanted).detach()).sum()
    return loss.detach() + pulled - pulled.detach()
