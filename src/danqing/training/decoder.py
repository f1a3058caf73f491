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

from danqing.diffusion.autoencoder import AutoEncoder
from danqing.training.adversarial import Judged, drawn_latents, other_styles
from danqing.training.flow import BatchMaker
from danqing.training.loop import TrainStep, averaged, load_checkpoint, optimise


@dataclass(frozen=True, slots=True)
class DecoderRecipe:
    """As `AdversarialRecipe` says; no_style_share: how often the style is kept from the decoder."""

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
    decoder = autoencoder.decoder
    judged = Judged(decoder, recipe)

    def loss_of(step: int) -> Tensor:
        rng = np.random.default_rng((recipe.seed, step))
        batch = batches.make(step)
        latents = drawn_latents(denoiser, batch, batches, recipe, rng)
        wrong = other_styles(batch.style, batches.styles, rng)
        told = batch.style * torch.from_numpy(rng.random(len(latents)) >= recipe.no_style_share)
        with torch.autocast("cpu", torch.bfloat16):
            drawn = decoder.soft(latents, told).float()
            return judged.loss(drawn, batches.pictures(batch), batch.style, wrong)

    yield from optimise(judged.both, judged.optimisers, loss_of, recipe, checkpoint)


def load_decoder(autoencoder: AutoEncoder, checkpoint: Path) -> AutoEncoder:
    """The auto-encoder with the averaged decoder of a checkpoint, in evaluation mode."""
    averaged(autoencoder.decoder, load_checkpoint(checkpoint))
    return autoencoder.eval()
