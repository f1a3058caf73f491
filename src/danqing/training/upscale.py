"""Train the upscaler on pairs: what is drawn of a scene at 128 px, and the scene at 512 px.

Like the decoder it learns on drawings and is told by a critic what real ones look like close by; a loss
per pixel alone leaves every rim as soft as its place is uncertain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from danqing.diffusion.autoencoder import AutoEncoder
from danqing.diffusion.upscaler import SCALE, Upscaler
from danqing.engines.mini.canvas import Straight
from danqing.engines.mini.pixels import to_network
from danqing.training.adversarial import Judged, drawn_latents, other_styles
from danqing.training.art import ArtSet, Row
from danqing.training.flow import BatchMaker
from danqing.training.loop import TrainStep, averaged, load_checkpoint, optimise
from danqing.training.scenes import Scene, SceneMaker


@dataclass(frozen=True, slots=True)
class UpscalerRecipe:
    """As `AdversarialRecipe` says; crop: side of the squares trained on, in pixels before enlarging."""

    steps: int = 2000
    batch: int = 8
    crop: int = 48
    peak_lr: float = 1e-3
    critic_lr: float = 6e-4
    warmup: int = 50
    decay_share: float = 0.5
    ema: float = 0.99
    clip: float = 5.0
    sharpness: float = 1.0
    critic: float = 0.7
    earliest: float = 0.4
    encoded_share: float = 0.25
    seed: int = 1
    checkpoint_every: int = 200


class LargeScenes:
    """Scenes of a pool whose every drawing there is at 512 px as well."""

    def __init__(self, batches: BatchMaker, large: ArtSet) -> None:
        self.large = large
        rows: dict[Row, int] = {row: i for i, row in enumerate(large.rows)}
        art = batches.maker.library.art.rows
        self._at = {i: rows[row] for i, row in enumerate(art) if row in rows}
        scenes = batches.pool.scenes
        self.among = np.array(
            [i for i, s in enumerate(scenes) if all(o.row in self._at for o in s.objects)]
        )

    def picture(self, maker: SceneMaker, scene: Scene) -> Straight:
        """(512, 512, 4) uint8 straight RGBA."""
        rows = [self._at[o.row] for o in scene.objects]
        return maker.compose(scene, self.large.pictures, rows, 128 * SCALE)


def train_upscaler(
    batches: BatchMaker,
    large: ArtSet,
    autoencoder: AutoEncoder,
    denoiser: nn.Module,
    recipe: UpscalerRecipe,
    checkpoint: Path,
    init: dict[str, Tensor] | None = None,
) -> Iterator[TrainStep]:
    """Train, yielding each step's facts; resumes from `checkpoint` and writes it as it goes.

    batches: of `recipe.batch` scenes. large: drawings of 512 px. denoiser: as in `train_decoder`. The
    checkpoint's average begins with the upscaler's weights, see `load_upscaler`.
    """
    torch.manual_seed(recipe.seed)
    scenes = LargeScenes(batches, large)
    net = Upscaler()
    if init is not None:
        net.load_state_dict(init)
    judged = Judged(net, recipe)

    def loss_of(step: int) -> Tensor:
        rng = np.random.default_rng((recipe.seed, step))
        batch = batches.make(step, scenes.among)
        latents = drawn_latents(denoiser, batch, batches, recipe, rng)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            small = autoencoder.decoder(latents, batch.style).float().clamp(-1, 1)
        pictures = (scenes.picture(batches.maker, batches.pool.scenes[i]) for i in batch.index)
        pairs = [crop(s, p, recipe.crop, rng) for s, p in zip(small, pictures, strict=True)]
        x = torch.stack([drawn for drawn, _ in pairs])
        real = torch.from_numpy(to_network(np.stack([picture for _, picture in pairs])))
        x, real = (v.contiguous(memory_format=torch.channels_last) for v in (x, real))
        wrong = other_styles(batch.style, batches.styles, rng)
        with torch.autocast("cpu", torch.bfloat16):
            return judged.loss(net.soft(x).float(), real, batch.style, wrong)

    yield from optimise(judged.both, judged.optimisers, loss_of, recipe, checkpoint)


def crop(
    small: Tensor, large: Straight, side: int, rng: np.random.Generator
) -> tuple[Tensor, npt.NDArray[np.uint8]]:
    """The same square of a picture and of its enlargement, with something of the drawing in it.

    small: (4, 128, 128). large: (512, 512, 4). Returns (4, side, side) and (4·side, 4·side, 4).
    """
    for _ in range(4):
        x, y = rng.integers(128 - side + 1, size=2)
        there = large[y * SCALE : (y + side) * SCALE, x * SCALE : (x + side) * SCALE]
        if there[..., 3].any():
            break
    return small[:, y : y + side, x : x + side], there


def load_upscaler(checkpoint: Path) -> Upscaler:
    """The averaged weights of a checkpoint, in evaluation mode."""
    net = Upscaler()
    averaged(net, load_checkpoint(checkpoint))
    return net.eval()
