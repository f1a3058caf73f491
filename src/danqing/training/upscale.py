"""Train the upscaler on pairs: what the decoder makes of a picture at 128 px, and its true 512 px."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from danqing.diffusion.autoencoder import AutoEncoder, reconstruction_loss, sharpness_loss
from danqing.diffusion.upscaler import SCALE, Upscaler
from danqing.engines.mini.pixels import to_network
from danqing.training.loop import TrainStep, averaged, load_checkpoint, optimise


@dataclass(frozen=True, slots=True)
class UpscalerRecipe:
    """crop: side of the squares trained on, in pixels before enlarging. sharpness: weight of
    `sharpness_loss`."""

    steps: int = 2500
    batch: int = 8
    crop: int = 48
    peak_lr: float = 1.5e-3
    warmup: int = 50
    decay_share: float = 0.5
    ema: float = 0.995
    clip: float = 1.0
    decoded_share: float = 0.8
    sharpness: float = 1.0
    seed: int = 1
    checkpoint_every: int = 250


def decoded_pairs(
    large: npt.NDArray[np.uint8], autoencoder: AutoEncoder
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """(N, 512, 512, 4) straight → their 128 px reductions and what the auto-encoder makes of those.

    The second, (N, 4, 128, 128) in [-1, 1], is what the upscaler meets when drawing.
    """
    n = len(large)
    blocks = large.reshape(n, 128, SCALE, 128, SCALE, 4).astype(np.float32)
    alpha = blocks[..., 3:].mean((2, 4))
    weighted = (blocks[..., :3] * blocks[..., 3:]).mean((2, 4))
    colour = np.divide(weighted, alpha, out=np.zeros_like(weighted), where=alpha > 0)
    small = np.concatenate([colour, alpha], -1).round().astype(np.uint8)
    decoded = np.empty((n, 4, 128, 128), np.float32)
    for start in range(0, n, 32):
        x = torch.from_numpy(to_network(small[start : start + 32]))
        with torch.no_grad():
            decoded[start : start + 32] = autoencoder(x).clamp(-1, 1).numpy()
    return small, decoded


def train_upscaler(
    large: npt.NDArray[np.uint8], autoencoder: AutoEncoder, recipe: UpscalerRecipe, checkpoint: Path
) -> Iterator[TrainStep]:
    """Train, yielding each step's facts. large: (N, 512, 512, 4) uint8 straight RGBA."""
    torch.manual_seed(recipe.seed)
    small, decoded = decoded_pairs(large, autoencoder)
    net = Upscaler().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(net.parameters(), lr=0.0, betas=(0.9, 0.98), weight_decay=0.0)

    def loss_of(step: int) -> Tensor:
        rng = np.random.default_rng((recipe.seed, step))
        inputs, targets = [], []
        for i in rng.integers(len(large), size=recipe.batch):
            x, y = rng.integers(128 - recipe.crop + 1, size=2)
            here = (slice(y, y + recipe.crop), slice(x, x + recipe.crop))
            there = tuple(slice(s.start * SCALE, s.stop * SCALE) for s in here)
            if rng.random() < recipe.decoded_share:
                inputs.append(decoded[i][:, here[0], here[1]])
            else:
                inputs.append(to_network(small[i][here][None])[0])
            targets.append(to_network(large[i][there][None])[0])
        x_in = torch.from_numpy(np.stack(inputs)).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            enlarged = net(x_in)
        y_hat, target = enlarged.float(), torch.from_numpy(np.stack(targets))
        loss = reconstruction_loss(y_hat, target)
        return loss + recipe.sharpness * sharpness_loss(y_hat, target)

    yield from optimise(net, [(optimiser, recipe.peak_lr)], loss_of, recipe, checkpoint)


def load_upscaler(checkpoint: Path) -> Upscaler:
    """The averaged weights of a checkpoint, in evaluation mode."""
    net = Upscaler()
    averaged(net, load_checkpoint(checkpoint))
    return net.eval()
