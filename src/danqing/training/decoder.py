"""Train the decoder on what the denoiser draws, against the pictures that were meant.

Latents that were drawn are never quite those of a real picture, and a decoder that knows only real ones
turns the difference into mottled fills and torn rims. So here it decodes the denoiser's own drawings, set
out from noised latents of a known picture, and a critic tells it what drawings in each style look like.
The encoder and the denoiser stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from danqing.diffusion.autoencoder import (
    LATENT_NOISE,
    AutoEncoder,
    reconstruction_loss,
    sharpness_loss,
)
from danqing.diffusion.critic import Critic, critic_gradient, critic_loss, with_critic
from danqing.diffusion.transformer import from_patches
from danqing.training.flow import Batch, BatchMaker
from danqing.training.loop import TrainStep, load_checkpoint, optimise


@dataclass(frozen=True, slots=True)
class DecoderRecipe:
    """sharpness: weight of `sharpness_loss`. critic: size of the critic's pull beside the losses' own.
    earliest: how far towards noise a drawing sets out from at most. encoded_share: latents of real
    pictures among the drawn ones. no_style_share: how often the style is kept from the decoder."""

    steps: int = 1000
    batch: int = 16
    peak_lr: float = 6e-4
    critic_lr: float = 6e-4
    warmup: int = 30
    decay_share: float = 0.5
    ema: float = 0.99
    clip: float = 5.0
    sharpness: float = 1.0
    critic: float = 0.7
    earliest: float = 0.25
    encoded_share: float = 0.25
    no_style_share: float = 0.1
    seed: int = 1
    checkpoint_every: int = 100


def train_decoder(
    batches: BatchMaker,
    autoencoder: AutoEncoder,
    denoiser: nn.Module,
    recipe: DecoderRecipe,
    checkpoint: Path,
) -> Iterator[TrainStep]:
    """Train, yielding each step's facts; resumes from `checkpoint` and writes it as it goes.

    batches: of `recipe.batch` scenes of the pool the denoiser was trained on. denoiser: one with guidance
    trained in, so that one pass is what is drawn. The checkpoint's average begins with the decoder's
    weights, see `load_decoder`.
    """
    torch.manual_seed(recipe.seed)
    decoder, critic = autoencoder.decoder, Critic()
    both = nn.ModuleList([decoder, critic]).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimisers: list[tuple[torch.optim.Optimizer, float]] = [
        (torch.optim.AdamW(decoder.parameters(), betas=(0.8, 0.98), weight_decay=0), recipe.peak_lr),
        (torch.optim.AdamW(critic.parameters(), betas=(0.5, 0.95), weight_decay=0), recipe.critic_lr),
    ]  # fmt: skip
    scale, shift = (torch.from_numpy(np.repeat(v, 4)) for v in (batches.std, batches.mean))

    def loss_of(step: int) -> Tensor:
        rng = np.random.default_rng((recipe.seed, step))
        batch = batches.make(step)
        latents = from_patches(sketch_out(denoiser, batch, recipe, rng) * scale + shift)
        real = batches.pictures(batch)
        style = batch.style.clone()
        wrong = other_styles(style, batches.styles, rng)
        with torch.autocast("cpu", torch.bfloat16):
            told = style * torch.from_numpy(rng.random(len(style)) >= recipe.no_style_share)
            drawn = decoder.soft(
                latents.contiguous(memory_format=torch.channels_last), told
            ).float()
            loss = reconstruction_loss(drawn, real)
            loss = loss + recipe.sharpness * sharpness_loss(drawn, real)
            if recipe.critic:
                pull = critic_gradient(critic, drawn, real, style)
                loss = with_critic(loss, drawn, pull, recipe.critic)
                loss = loss + critic_loss(critic, drawn, real, style, wrong)
        return loss

    yield from optimise(both, optimisers, loss_of, recipe, checkpoint)


def other_styles(style: Tensor, styles: int, rng: np.random.Generator) -> Tensor:
    """For each style 1 … styles another one, at random; where there is but one, none is said."""
    if styles < 2:
        return torch.zeros_like(style)
    step = torch.from_numpy(rng.integers(1, styles, len(style)))
    return (style - 1 + step) % styles + 1


def sketch_out(
    denoiser: nn.Module, batch: Batch, recipe: DecoderRecipe, rng: np.random.Generator
) -> Tensor:
    """Normalised latent patches (B, 64, 32) as the denoiser draws them in two steps from somewhere
    between noise and the picture meant; some are the picture's own, a little off."""
    t = torch.from_numpy(rng.uniform(recipe.earliest, 0.9, len(batch.x)).astype(np.float32))
    at = t.view(-1, 1, 1)
    z = at * batch.x + (1 - at) * batch.noise
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        x_hat = denoiser(z, t, *batch.conditions).float()
        z = z + 0.5 * (x_hat - z)  # half of what is left of the way
        x_hat = denoiser(z, t + 0.5 * (1 - t), *batch.conditions).float()
    encoded = torch.from_numpy(rng.random((len(t), 1, 1)) < recipe.encoded_share)
    return torch.where(encoded, batch.x + LATENT_NOISE * batch.noise, x_hat)


def load_decoder(autoencoder: AutoEncoder, checkpoint: Path) -> AutoEncoder:
    """The auto-encoder with the averaged decoder of a checkpoint, in evaluation mode."""
    average = load_checkpoint(checkpoint)["average"]
    parameters = list(autoencoder.decoder.parameters())
    for parameter, value in zip(parameters, average[: len(parameters)], strict=True):
        parameter.data.copy_(value)
    return autoencoder.eval()
