"""Train the auto-encoder on rendered art, recoloured art, and crowded pictures made from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from danqing.diffusion.autoencoder import (
    LATENT_CHANNELS,
    LATENT_SIDE,
    AutoEncoder,
    reconstruction_loss,
)
from danqing.engines.mini.pixels import to_network
from danqing.training.loop import (
    TrainStep,
    averaged,
    generator_for,
    load_checkpoint,
    optimise,
)


@dataclass(frozen=True, slots=True)
class AutoEncoderRecipe:
    """crowded_share, recoloured_share: of a batch."""

    steps: int = 4500
    batch: int = 16
    peak_lr: float = 2e-3
    warmup: int = 100
    decay_share: float = 0.5
    ema: float = 0.998
    clip: float = 1.0
    crowded_share: float = 0.3
    recoloured_share: float = 0.3
    seed: int = 1
    checkpoint_every: int = 250


def crowd(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Two shrunken pictures side by side on a plain or clear ground.

    pictures: (B, 4, H, W) premultiplied in [-1, 1]; picture i is joined by picture i+1.
    """
    side = pictures.shape[-1]
    inner = int(side * (0.45 + 0.2 * torch.rand((), generator=generator).item()))
    small = F.interpolate(pictures, (inner, inner), mode="bilinear", antialias=True)
    unit = torch.zeros_like(pictures)
    clear = torch.rand(len(pictures), 1, 1, 1, generator=generator) < 0.5
    ground = torch.rand(len(pictures), 3, 1, 1, generator=generator)
    unit[:, :3] = torch.where(clear, 0.0, ground)
    unit[:, 3:] = torch.where(clear, 0.0, 1.0)
    for share in (0, 1):
        left = int(
            (side - inner)
            * (share + (0.3 - 0.6 * share) * torch.rand((), generator=generator).item())
        )
        top = int((side - inner) * torch.rand((), generator=generator).item())
        over = (small.roll(share, 0) + 1) / 2
        patch = unit[:, :, top : top + inner, left : left + inner]
        unit[:, :, top : top + inner, left : left + inner] = over + patch * (1 - over[:, 3:])
    return unit * 2 - 1


def make_batch(
    pictures: npt.NDArray[np.uint8],
    recipe: AutoEncoderRecipe,
    generator: torch.Generator,
) -> Tensor:
    """(batch, 4, H, W) float32: plain art, with channels swapped in some and crowded pictures among them."""
    index = torch.randint(0, len(pictures), (recipe.batch,), generator=generator).numpy()
    x = torch.from_numpy(to_network(pictures[index]))
    recoloured = torch.rand(recipe.batch, generator=generator) < recipe.recoloured_share
    order = torch.randperm(3, generator=generator)
    x[recoloured, :3] = x[recoloured][:, order]
    crowded = int(recipe.batch * recipe.crowded_share)
    x[:crowded] = crowd(x[:crowded], generator)
    return x.contiguous(memory_format=torch.channels_last)


def train_autoencoder(
    pictures: npt.NDArray[np.uint8],
    recipe: AutoEncoderRecipe,
    checkpoint: Path,
) -> Iterator[TrainStep]:
    """Train, yielding each step's facts; resumes from `checkpoint` and writes it as it goes.

    pictures: (N, 128, 128, 4) uint8 straight RGBA."""
    torch.manual_seed(recipe.seed)
    net = AutoEncoder().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=0.0, betas=(0.9, 0.98), weight_decay=0.0)

    def loss_of(step: int) -> Tensor:
        generator = generator_for(recipe.seed, step)
        x = make_batch(pictures, recipe, generator)
        noise = torch.randn(len(x), LATENT_CHANNELS, LATENT_SIDE, LATENT_SIDE, generator=generator)
        with torch.autocast("cpu", torch.bfloat16):
            y = net(x, noise)
        return reconstruction_loss(y.float(), x)

    yield from optimise(net, [(optimiser, recipe.peak_lr)], loss_of, recipe, checkpoint)


def load_autoencoder(checkpoint: Path) -> AutoEncoder:
    """The averaged weights of a checkpoint, in evaluation mode."""
    net = AutoEncoder()
    averaged(net, load_checkpoint(checkpoint))
    return net.eval()
