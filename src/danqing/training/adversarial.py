"""What the decoder and the upscaler share in learning: what is drawn, and a critic beside the losses."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from danqing.diffusion.autoencoder import LATENT_NOISE, reconstruction_loss, sharpness_loss
from danqing.diffusion.critic import Critic, critic_gradient, critic_loss, with_critic
from danqing.diffusion.transformer import from_patches
from danqing.training.flow import Batch, BatchMaker

LATEST = 0.9  # nearer to the picture than this nothing is left to draw


class AdversarialRecipe(Protocol):
    """sharpness: weight of `sharpness_loss`. critic: size of the critic's pull beside the losses' own, 0
    for none. earliest: how far towards noise a drawing sets out from at most, 0 being noise.
    encoded_share: latents of real pictures among the drawn ones."""

    @property
    def peak_lr(self) -> float: ...
    @property
    def critic_lr(self) -> float: ...
    @property
    def sharpness(self) -> float: ...
    @property
    def critic(self) -> float: ...
    @property
    def earliest(self) -> float: ...
    @property
    def encoded_share(self) -> float: ...


class Judged:
    """A network that learns under a critic. both: the two as one module, the network's weights first."""

    def __init__(self, net: nn.Module, recipe: AdversarialRecipe) -> None:
        self.recipe, self.critic = recipe, Critic()
        self.both = nn.ModuleList([net, self.critic]).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        made = torch.optim.AdamW
        self.optimisers: list[tuple[torch.optim.Optimizer, float]] = [
            (made(net.parameters(), betas=(0.8, 0.98), weight_decay=0), recipe.peak_lr),
            (made(self.critic.parameters(), betas=(0.5, 0.95), weight_decay=0), recipe.critic_lr),
        ]

    def loss(self, drawn: Tensor, real: Tensor, style: Tensor, wrong: Tensor) -> Tensor:
        """Of the network and of its critic in one. drawn, real: (B, 4, H, W). style, wrong: (B,)."""
        loss = reconstruction_loss(drawn, real)
        loss = loss + self.recipe.sharpness * sharpness_loss(drawn, real)
        if not self.recipe.critic:
            return loss
        pull = critic_gradient(self.critic, drawn, real, style)
        loss = with_critic(loss, drawn, pull, self.recipe.critic)
        return loss + critic_loss(self.critic, drawn, real, style, wrong)


def other_styles(style: Tensor, styles: int, rng: np.random.Generator) -> Tensor:
    """For each style 1 … styles another one, at random; where there is but one, none is said."""
    if styles < 2:
        return torch.zeros_like(style)
    step = torch.from_numpy(rng.integers(1, styles, len(style)))
    return (style - 1 + step) % styles + 1


def drawn_latents(
    denoiser: nn.Module,
    batch: Batch,
    batches: BatchMaker,
    recipe: AdversarialRecipe,
    rng: np.random.Generator,
) -> Tensor:
    """Latents (B, 8, 16, 16) as the denoiser draws them in two steps from somewhere between noise and the
    picture meant; some are the picture's own, a little off. batches: where the batch is from."""
    t = torch.from_numpy(rng.uniform(recipe.earliest, LATEST, len(batch.x)).astype(np.float32))
    at = t.view(-1, 1, 1)
    z = at * batch.x + (1 - at) * batch.noise
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        x_hat = denoiser(z, t, *batch.conditions).float()
        z = z + 0.5 * (x_hat - z)  # half of what is left of the way
        x_hat = denoiser(z, t + 0.5 * (1 - t), *batch.conditions).float()
    encoded = torch.from_numpy(rng.random((len(t), 1, 1)) < recipe.encoded_share)
    x = torch.where(encoded, batch.x + LATENT_NOISE * batch.noise, x_hat)
    scale, shift = (torch.from_numpy(np.repeat(v, 4)) for v in (batches.std, batches.mean))
    return from_patches(x * scale + shift).contiguous(memory_format=torch.channels_last)
