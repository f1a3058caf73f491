"""A pool of encoded scenes: the auto-encoder runs once per scene, the denoiser sees it several times.

Each time a scene is seen its sketch is composed anew from other renderings and its noise is fresh.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch

from danqing.diffusion.autoencoder import LATENT_CHANNELS, AutoEncoder
from danqing.diffusion.transformer import to_patches
from danqing.engines.mini.conditions import encode_objects
from danqing.engines.mini.layout import Placed
from danqing.engines.mini.pixels import to_network
from danqing.engines.mini.vocabulary import COLOURS, Vocabulary, index_of
from danqing.training.scenes import Scene, SceneMaker, SceneObject

_ENCODE_BATCH = 32


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the network is told, as `Denoiser.forward` takes it (numpy, without the sketch)."""

    objects: npt.NDArray[np.int64]  # (N, 6, 5)
    boxes: npt.NDArray[np.float32]  # (N, 6, 4)
    style: npt.NDArray[np.int64]  # (N,)
    ground: npt.NDArray[np.int64]  # (N,)


@dataclass(frozen=True, slots=True)
class Pool:
    """latents: (N, 64, 32) float16, not normalised. scenes: what they show."""

    latents: npt.NDArray[np.float16]
    conditions: Conditions
    scenes: tuple[Scene, ...]

    def channel_statistics(self) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Mean and standard deviation per latent channel, each (8,)."""
        channels = self.latents.astype(np.float32).reshape(
            len(self.latents), 64, LATENT_CHANNELS, 4
        )
        return channels.mean((0, 1, 3)), channels.std((0, 1, 3))


def conditions_of(scenes: list[Scene], vocabulary: Vocabulary) -> Conditions:
    """Scenes as index arrays: slot 0 the backdrop, then the objects from back to front."""
    encoded = [encode_objects(map(_as_drawn(scene), scene.objects), vocabulary) for scene in scenes]
    return Conditions(
        np.stack([objects for objects, _ in encoded]),
        np.stack([boxes for _, boxes in encoded]),
        np.array([index_of(vocabulary.styles, scene.style) for scene in scenes], np.int64),
        np.array([index_of(COLOURS, scene.ground) for scene in scenes], np.int64),
    )


def _as_drawn(scene: Scene) -> Callable[[SceneObject], Placed]:
    """What is told of an object: where it stands once the picture is mirrored."""

    def told(item: SceneObject) -> Placed:
        box = item.placed.box
        return (
            replace(item.placed, box=replace(box, x=1 - box.x)) if scene.mirrored else item.placed
        )

    return told


def fill_pool(
    maker: SceneMaker, autoencoder: AutoEncoder, vocabulary: Vocabulary, size: int, seed: int
) -> Iterator[int | Pool]:
    """Draw and encode `size` scenes. Yields how many are done, and at the end the Pool."""
    rng = np.random.default_rng(seed)
    scenes: list[Scene] = []
    latents = np.empty((size, 64, 32), np.float16)
    for start in range(0, size, _ENCODE_BATCH):
        batch = [maker.draw(rng) for _ in range(min(_ENCODE_BATCH, size - start))]
        pixels = torch.from_numpy(to_network(np.stack([maker.picture(s) for s in batch])))
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            encoded = autoencoder.encoder(pixels.contiguous(memory_format=torch.channels_last))
        latents[start : start + len(batch)] = to_patches(encoded.float().contiguous()).numpy()
        scenes += batch
        yield len(scenes)
    yield Pool(latents, conditions_of(scenes, vocabulary), tuple(scenes))
