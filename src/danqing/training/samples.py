"""Sheets to look at while a run goes on: figures fall long before pictures are good, or the reverse."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from danqing.diffusion.autoencoder import AutoEncoder
from danqing.diffusion.sampler import sample
from danqing.diffusion.transformer import from_patches
from danqing.engines.mini.canvas import Straight
from danqing.engines.mini.pixels import to_network, to_straight
from danqing.engines.mini.vocabulary import Vocabulary
from danqing.training.autoencode import load_autoencoder
from danqing.training.flow import encode_sketches, load_denoiser
from danqing.training.pool import conditions_of
from danqing.training.scenes import PICTURE_SIDE, SceneMaker

COLUMNS = 12
STEPS = 8
_SEED = 20


def reconstruction_sheet(checkpoint: Path, maker: SceneMaker) -> Straight:
    """Scenes above, what the auto-encoder of a checkpoint makes of them below: (256, 12 · 128, 4) uint8."""
    rng = np.random.default_rng(_SEED)
    pictures = np.stack([maker.picture(maker.draw(rng)) for _ in range(COLUMNS)])
    with torch.no_grad():
        made = load_autoencoder(checkpoint)(torch.from_numpy(to_network(pictures)))
    return _rows(pictures, to_straight(made.numpy()))


def drawing_sheet(
    checkpoint: Path, autoencoder: AutoEncoder, maker: SceneMaker, guidance: float = 3.0
) -> Straight:
    """Sketches, what they stand for, and what the denoiser draws of them from noise alone: the same
    scenes and noise every time, (384, 12 · 128, 4) uint8.
    """
    net, facts = load_denoiser(checkpoint)
    mean, std = (np.array(facts[f"latent_{part}"], np.float32) for part in ("mean", "std"))
    rng = np.random.default_rng(_SEED)
    scenes = [maker.draw(rng) for _ in range(COLUMNS)]
    sketches = np.stack([maker.sketch(scene, rng) for scene in scenes])
    told = conditions_of(scenes, Vocabulary.read(facts["vocabulary"]))
    given = (
        told.objects,
        told.boxes,
        told.style,
        told.ground,
        encode_sketches(autoencoder.encoder, sketches, mean, std),
        np.ones(COLUMNS, np.float32),
    )
    both = [torch.from_numpy(np.concatenate([a, np.zeros_like(a)])) for a in given]
    noise = rng.standard_normal((COLUMNS, 64, 32), dtype=np.float32)

    def denoise(
        z: npt.NDArray[np.float32], t: float
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        x_hat = _run(net, z, t, both)
        return x_hat[:COLUMNS], x_hat[COLUMNS:]

    *_, z = sample(denoise, noise, steps=STEPS, guidance=guidance)
    latents = from_patches(torch.from_numpy(z * np.repeat(std, 4) + np.repeat(mean, 4)))
    with torch.no_grad():
        drawn = to_straight(autoencoder.decoder(latents, torch.from_numpy(told.style)).numpy())
    enlarged = sketches.repeat(2, axis=1).repeat(2, axis=2)
    return _rows(enlarged, np.stack([maker.picture(scene) for scene in scenes]), drawn)


def _run(
    net: nn.Module, z: npt.NDArray[np.float32], t: float, given: list[torch.Tensor]
) -> npt.NDArray[np.float32]:
    z_twice = torch.from_numpy(np.concatenate([z, z]))
    with torch.no_grad():
        x_hat: npt.NDArray[np.float32] = net(
            z_twice, torch.full((len(z_twice),), t), *given
        ).numpy()
    return x_hat


def _rows(*rows: Straight) -> Straight:
    """Rows of (12, 128, 128, 4) pictures as one."""
    side = PICTURE_SIDE
    laid = [row.transpose(1, 0, 2, 3).reshape(side, COLUMNS * side, 4) for row in rows]
    return np.concatenate(laid)
