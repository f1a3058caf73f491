"""Train the denoiser by flow matching in the auto-encoder's latent space."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from danqing.diffusion.schedule import interpolate, loss_weight, sample_times
from danqing.diffusion.transformer import Denoiser, TransformerShape
from danqing.engines.mini.pixels import enlarge, latent_patches, sketch_patches, to_network
from danqing.engines.mini.vocabulary import Vocabulary
from danqing.lexicon.subwords import SUBWORD_ROWS
from danqing.training.loop import TrainStep, averaged, load_checkpoint, optimise
from danqing.training.pool import Conditions, Pool
from danqing.training.scenes import SKETCH_SIDE, SceneMaker
from danqing.training.words import Wording

_NO_SKETCH = np.zeros((SKETCH_SIDE, SKETCH_SIDE, 4), np.uint8)


@dataclass(frozen=True, slots=True)
class FlowRecipe:
    """Rates follow Muon for the blocks' matrices and AdamW for everything else.

    words_share: how often a thing is told by a word instead of its concept, and how often by both.
    """

    steps: int = 6000
    batch: int = 32
    matrix_lr: float = 3e-3
    other_lr: float = 2e-3
    warmup: int = 200
    decay_share: float = 0.4
    ema: float = 0.998
    clip: float = 2.0
    no_sketch_share: float = 0.25
    no_condition_share: float = 0.1
    no_style_share: float = 0.1
    sketch_only_share: float = 0.08
    words_share: float = 0.15
    seed: int = 1
    checkpoint_every: int = 250


def normalise(
    latents: npt.NDArray[np.floating[Any]],
    mean: npt.NDArray[np.float32],
    std: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """(B, 64, 32) raw latents → zero mean and unit deviation per channel."""
    scale, shift = np.repeat(std, 4), np.repeat(mean, 4)
    return (latents.astype(np.float32) - shift) / scale


def encode_sketches(
    encoder: nn.Module,
    sketches: npt.NDArray[np.uint8],
    mean: npt.NDArray[np.float32],
    std: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """(B, 64, 64, 4) uint8 straight RGBA → (B, 64, 288): pixels and normalised latents."""
    x = torch.from_numpy(enlarge(to_network(sketches)))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        latent = encoder(x.contiguous(memory_format=torch.channels_last))
    encoded = normalise(latent_patches(latent.float().contiguous().numpy()), mean, std)
    return np.concatenate([sketch_patches(sketches), encoded], axis=-1)


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as tensors, conditions dropped where the recipe says so. index: of its scenes in the
    pool. style: (B,) as it is, told or not."""

    index: npt.NDArray[np.int64]
    style: Tensor
    x: Tensor
    noise: Tensor
    t: Tensor
    conditions: tuple[Tensor, ...]


class BatchMaker:
    """Batches of pooled scenes, each with a sketch composed anew and encoded."""

    def __init__(
        self, pool: Pool, maker: SceneMaker, encoder: nn.Module, recipe: FlowRecipe
    ) -> None:
        self.pool, self.maker, self.recipe = pool, maker, recipe
        self.encoder = encoder.eval().to(memory_format=torch.channels_last)
        self.mean, self.std = pool.channel_statistics()
        self.wording = Wording.of_lexicon() if recipe.words_share else Wording({})

    def make(self, step: int, among: npt.NDArray[np.int64] | None = None) -> Batch:
        """The batch of one step, the same for the same seed and step. among: of these scenes only."""
        r = self.recipe
        rng = np.random.default_rng((r.seed, step))
        index = rng.integers(len(self.pool.latents) if among is None else len(among), size=r.batch)
        index = index if among is None else among[index]
        c = self.pool.conditions
        chosen = Conditions(
            c.objects[index].copy(), c.boxes[index], c.style[index].copy(), c.ground[index].copy()
        )
        word_rng = np.random.default_rng((r.seed, step, 1))
        worded = [self.wording.tell(self.pool.scenes[i], r.words_share, word_rng) for i in index]
        seen = [w.in_sketch(self.pool.scenes[i]) for w, i in zip(worded, index, strict=True)]
        sketches = np.stack(
            [_NO_SKETCH if scene is None else self.maker.sketch(scene, rng) for scene in seen]
        )
        told = (rng.random(r.batch) >= r.no_condition_share).astype(np.float32)
        has_sketch = told * (rng.random(r.batch) >= r.no_sketch_share)
        has_sketch *= [scene is not None for scene in seen]
        # Some see the sketch alone: that is all there is of a concept a user taught.
        sketch_only = rng.random(r.batch) < r.sketch_only_share
        sketch_only &= [not w.instead.any() for w in worded]
        words = np.stack([w.words for w in worded])
        chosen.objects[np.stack([w.instead for w in worded]), 0] = 0
        untold = (told == 0) | (sketch_only & (has_sketch > 0))
        chosen.objects[untold], words[untold] = 0, 0
        chosen.ground[told == 0] = 0
        chosen.style[(told == 0) | (rng.random(r.batch) < r.no_style_share)] = 0
        x = normalise(self.pool.latents[index], self.mean, self.std)
        conditions = (
            chosen.objects,
            chosen.boxes,
            chosen.style,
            chosen.ground,
            encode_sketches(self.encoder, sketches, self.mean, self.std),
            has_sketch.astype(np.float32),
            words,
        )
        noise = rng.standard_normal(x.shape, dtype=np.float32)
        t = sample_times(r.batch, rng)
        return Batch(
            index,
            torch.from_numpy(c.style[index]),
            torch.from_numpy(x),
            torch.from_numpy(noise),
            torch.from_numpy(t),
            tuple(torch.from_numpy(a) for a in conditions),
        )

    def pictures(self, batch: Batch) -> Tensor:
        """What the scenes of a batch should look like: (B, 4, 128, 128) premultiplied in [-1, 1]."""
        drawn = np.stack([self.maker.picture(self.pool.scenes[i]) for i in batch.index])
        x = torch.from_numpy(to_network(drawn))
        return x.contiguous(memory_format=torch.channels_last)

    @property
    def styles(self) -> int:
        return len(self.maker.library.styles)


def flow_loss(net: nn.Module, batch: Batch) -> Tensor:
    """Weighted mean squared error of x̂ against x."""
    z = noised(batch)
    with torch.autocast("cpu", torch.bfloat16):
        x_hat = net(z, batch.t, *batch.conditions)
    return weighted_error(x_hat.float(), batch.x, batch.t)


def noised(batch: Batch) -> Tensor:
    """z_t of the batch's pictures, noise and times: (B, 64, 32)."""
    return torch.from_numpy(interpolate(batch.x.numpy(), batch.noise.numpy(), batch.t.numpy()))


def weighted_error(x_hat: Tensor, target: Tensor, t: Tensor) -> Tensor:
    """Mean squared error of (B, …) predictions at times t: (B,), by `loss_weight`."""
    weight = torch.from_numpy(loss_weight(t.numpy())).view(-1, *[1] * (x_hat.ndim - 1))
    loss: Tensor = (weight * (x_hat - target).square()).mean()
    return loss


def train_flow(
    pool: Pool,
    maker: SceneMaker,
    encoder: nn.Module,
    vocabulary: Vocabulary,
    recipe: FlowRecipe,
    checkpoint: Path,
    init: dict[str, Tensor] | None = None,
) -> Iterator[TrainStep]:
    """Train, yielding each step's facts; resumes from `checkpoint` and writes it as it goes.

    encoder: (B, 4, 128, 128) → (B, 8, 16, 16), the one the pool was made with; it is not trained.
    init: weights of an earlier model to begin with (`grown` makes a smaller vocabulary fit, or one that
    knows no words); the optimisers' state is rebuilt in the warm-up.
    """
    torch.manual_seed(recipe.seed)
    shape = TransformerShape(
        len(vocabulary.concepts) + 1, len(vocabulary.styles) + 1, subwords=SUBWORD_ROWS
    )
    net = Denoiser(shape)
    if init is not None:
        net.load_state_dict(grown(init, net))
    batches = BatchMaker(pool, maker, encoder, recipe)

    def loss_of(step: int) -> Tensor:
        return flow_loss(net, batches.make(step))

    facts = denoiser_facts(net, vocabulary, batches)
    yield from optimise(net, denoiser_optimisers(net, recipe), loss_of, recipe, checkpoint, facts)


def denoiser_optimisers(
    net: Denoiser, recipe: FlowRecipe
) -> list[tuple[torch.optim.Optimizer, float]]:
    """Muon for the blocks' matrices and AdamW for the rest, each with its peak rate."""
    matrices = [p for p in net.blocks.parameters() if p.ndim == 2]
    chosen = {id(p) for p in matrices}
    others = [p for p in net.parameters() if id(p) not in chosen]
    return [
        (torch.optim.Muon(matrices, lr=0.0, weight_decay=0.01, momentum=0.95), recipe.matrix_lr),
        (torch.optim.AdamW(others, lr=0.0, betas=(0.9, 0.95), weight_decay=0.0), recipe.other_lr),
    ]


def denoiser_facts(net: Denoiser, vocabulary: Vocabulary, batches: BatchMaker) -> dict[str, Any]:
    """What a checkpoint must tell besides its weights, for `load_denoiser` and for the model card."""
    return {
        "shape": asdict(net.shape),
        "vocabulary": asdict(vocabulary),
        "latent_mean": batches.mean.tolist(),
        "latent_std": batches.std.tolist(),
    }


def grown(old: dict[str, Tensor], net: nn.Module) -> dict[str, Tensor]:
    """Old weights in a network with longer embedding tables, or with a table of word pieces: what is
    new keeps its fresh start."""
    state: dict[str, Tensor] = dict(net.state_dict())
    for name, value in old.items():
        if name in state and state[name].shape[1:] == value.shape[1:]:
            state[name][: len(value)] = value
    return state


def load_denoiser(checkpoint: Path) -> tuple[Denoiser, dict[str, Any]]:
    """The averaged weights of a checkpoint in evaluation mode, and the checkpoint's other facts."""
    state = load_checkpoint(checkpoint)
    net = Denoiser(TransformerShape(**state["shape"]))
    averaged(net, state)
    return net.eval(), state
