"""A whole training run from a recipe: auto-encoder, pool, denoiser, its guidance trained in, the decoder
on what that draws, upscaler, weights folder.

Every stage resumes from its checkpoint in the run's folder, so a killed run is simply started again.
`--init shipped` begins with the weights of a weights folder; the encoder is then left as it is, since the
denoiser lives in its latent space.
"""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable, Generator, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from danqing.diffusion.autoencoder import AutoEncoder
from danqing.diffusion.transformer import Denoiser
from danqing.diffusion.upscaler import Upscaler
from danqing.engines.mini.canvas import Straight
from danqing.engines.mini.model import ModelCard
from danqing.engines.mini.vocabulary import Vocabulary
from danqing.errors import DataError, InputError
from danqing.training.art import ArtSet
from danqing.training.autoencode import AutoEncoderRecipe, load_autoencoder, train_autoencoder
from danqing.training.data import load_library
from danqing.training.decoder import DecoderRecipe, load_decoder, train_decoder
from danqing.training.export import read_weights, write_weights
from danqing.training.flow import BatchMaker, FlowRecipe, grown, load_denoiser, train_flow
from danqing.training.guide import GuideRecipe, train_guide
from danqing.training.loop import TrainStep
from danqing.training.pool import Pool, fill_pool
from danqing.training.samples import drawing_sheet, reconstruction_sheet
from danqing.training.scenes import SceneMaker
from danqing.training.upscale import UpscalerRecipe, load_upscaler, train_upscaler

Network = TypeVar("Network", bound=nn.Module)
STAGES = ("autoencoder", "flow", "guide", "decoder", "upscaler", "export")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One recipe file. pool: scenes encoded for the denoiser. style, steps, start, guess: for the card. kept:
    share of the weights a run began with in those that go out, in [0, 1]."""

    name: str
    autoencoder: AutoEncoderRecipe
    decoder: DecoderRecipe
    flow: FlowRecipe
    guide: GuideRecipe
    pool: int
    upscaler: UpscalerRecipe
    style: str
    steps: int
    start: float
    guess: bool = False
    kept: float = 0.0

    @classmethod
    def read(cls, file: Path) -> Recipe:
        """Raises InputError when the file is missing, not TOML, or says something no stage knows."""
        try:
            raw: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
            seed = int(raw.get("seed", 1))
            flow = dict(raw["flow"])
            pool = int(flow.pop("pool"))
            return cls(
                name=str(raw["name"]),
                autoencoder=AutoEncoderRecipe(**{"seed": seed, **raw["autoencoder"]}),
                decoder=DecoderRecipe(**{"seed": seed + 1, **raw["decoder"]}),
                flow=FlowRecipe(**{"seed": seed, **flow}),
                guide=GuideRecipe(**{"seed": seed + 2, **raw["guide"]}),
                pool=pool,
                upscaler=UpscalerRecipe(**{"seed": seed, **raw["upscaler"]}),
                **raw["export"],
            )
        except OSError as problem:
            raise InputError("train.recipe_missing", file=file) from problem
        except (ValueError, TypeError, KeyError) as problem:
            raise InputError("train.recipe_wrong", file=file, problem=problem) from problem

    def drawn(self, stage: DecoderRecipe | UpscalerRecipe) -> FlowRecipe:
        """A stage's batches as they are met when drawing: nothing kept from the denoiser."""
        return replace(
            self.guide,
            batch=stage.batch,
            seed=stage.seed,
            no_condition_share=0.0,
            no_style_share=0.0,
        )


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage begins. steps: how many steps or scenes it has."""

    name: str
    steps: int


@dataclass(frozen=True, slots=True)
class Pooled:
    """So many scenes are encoded."""

    scenes: int


@dataclass(frozen=True, slots=True)
class Written:
    """The weights folder is complete."""

    folder: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Sample:
    """How it looks so far: a sheet of pictures, (H, W, 4) uint8 straight RGBA."""

    stage: str
    step: int
    sheet: Straight


Fact = Stage | TrainStep | Pooled | Sample | Written


def run(
    recipe: Recipe,
    data: Path,
    folder: Path,
    *,
    init: Path | None = None,
    stages: tuple[str, ...] = STAGES,
) -> Iterator[Fact]:
    """Run the stages in order, yielding facts. data: as built by `build_data`. folder: the run's own.

    init: a weights folder to begin with. Raises DataError when the data or a
    checkpoint that a stage needs is not there.
    """
    torch.set_flush_denormal(True)
    library = load_library(data)
    maker = SceneMaker(library)
    encoder_file, decoder_file = folder / "autoencoder.pt", folder / "decoder.pt"
    if "autoencoder" in stages and init is None:
        yield Stage("autoencoder", recipe.autoencoder.steps)
        steps = train_autoencoder(library.art.pictures, recipe.autoencoder, encoder_file)
        look = partial(reconstruction_sheet, encoder_file, maker)
        yield from _with_samples(steps, "autoencoder", recipe.autoencoder.checkpoint_every, look)
    base = shipped_autoencoder(init) if init is not None else _autoencoder(encoder_file)
    flow_file, guide_file = folder / "flow.pt", folder / "guide.pt"
    if {"flow", "guide", "decoder", "upscaler"} & set(stages):
        words, weights = Vocabulary((), ()), None
        if init is not None:
            words = ModelCard.read(init / "mini.json").words
            weights = read_weights(init / "denoiser.onnx")
        words = words.extended(library.concepts, library.styles)
        yield Stage("pool", recipe.pool)
        pool = yield from _pool(maker, base, words, recipe)
        look = partial(drawing_sheet, autoencoder=base, maker=maker)
    if "flow" in stages:
        yield Stage("flow", recipe.flow.steps)
        steps = train_flow(pool, maker, base.encoder, words, recipe.flow, flow_file, init=weights)
        yield from _with_samples(
            steps, "flow", recipe.flow.checkpoint_every, partial(look, flow_file)
        )
    if "guide" in stages:
        yield Stage("guide", recipe.guide.steps)
        batches = BatchMaker(pool, maker, base.encoder, recipe.guide)
        steps = train_guide(
            batches, _denoiser(flow_file), words, recipe.guide, guide_file,
            steps=recipe.steps, start=recipe.start,
        )  # fmt: skip
        sheet = partial(look, guide_file, guidance=1.0)
        yield from _with_samples(steps, "guide", recipe.guide.checkpoint_every, sheet)
    if "decoder" in stages:
        yield Stage("decoder", recipe.decoder.steps)
        denoiser = _denoiser(guide_file)
        batches = BatchMaker(pool, maker, base.encoder, recipe.drawn(recipe.decoder))
        steps = train_decoder(batches, base, denoiser, recipe.decoder, decoder_file)
        look = partial(drawing_sheet, guide_file, base, maker, guidance=1.0)
        yield from _with_samples(steps, "decoder", recipe.decoder.checkpoint_every, look)
    tuned = load_decoder(base, decoder_file) if decoder_file.exists() else base
    if "upscaler" in stages:
        yield Stage("upscaler", recipe.upscaler.steps)
        denoiser = _denoiser(guide_file)
        batches = BatchMaker(pool, maker, base.encoder, recipe.drawn(recipe.upscaler))
        large = ArtSet.load(data / "large")
        yield from train_upscaler(
            batches,
            large,
            tuned,
            denoiser,
            recipe.upscaler,
            folder / "upscaler.pt",
            init=shipped_upscaler(init).state_dict() if init is not None else None,
        )
    if "export" in stages:
        yield Stage("export", 1)
        guided = guide_file.exists()
        denoiser, facts = load_denoiser(guide_file if guided else flow_file)
        if init is not None and recipe.kept:
            # The mean of two runs of one descent can be better than either (Wortsman et al. 2022).
            earlier = grown(read_weights(init / "denoiser.onnx"), deepcopy(denoiser))
            _mix(denoiser, earlier, recipe.kept)
            _mix(tuned, shipped_autoencoder(init).state_dict(), recipe.kept)
        size = write_weights(
            folder / "weights",
            library,
            (tuned, denoiser, _upscaler(folder / "upscaler.pt", init)),
            facts,
            style=recipe.style,
            steps=recipe.steps,
            guidance=1.0 if guided else recipe.guide.guidance,
            start=recipe.start,
            guess=recipe.guess,
        )
        yield Written(folder / "weights", size)


def _with_samples(
    steps: Iterator[TrainStep], stage: str, every: int, look: Callable[[], Straight]
) -> Iterator[Fact]:
    """A loop's facts, with a look at every checkpoint it has just written."""
    for fact in steps:
        yield fact
        if fact.step % every == 0:
            yield Sample(stage, fact.step, look())


def _autoencoder(checkpoint: Path) -> AutoEncoder:
    if not checkpoint.exists():
        raise DataError("train.no_checkpoint", file=checkpoint)
    return load_autoencoder(checkpoint)


def _denoiser(checkpoint: Path) -> Denoiser:
    if not checkpoint.exists():
        raise DataError("train.no_checkpoint", file=checkpoint)
    return load_denoiser(checkpoint)[0]


def _upscaler(checkpoint: Path, init: Path | None) -> Upscaler:
    """The run's own; without one, as after a run of other stages, the one it began with."""
    if init is None or checkpoint.exists():
        return load_upscaler(checkpoint)
    return shipped_upscaler(init)


def _pool(
    maker: SceneMaker, autoencoder: AutoEncoder, words: Vocabulary, recipe: Recipe
) -> Generator[Fact, None, Pool]:
    """Yield progress; the generator's value is the Pool."""
    net = autoencoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for made in fill_pool(maker, net, words, recipe.pool, recipe.flow.seed):
        if isinstance(made, Pool):
            return made
        yield Pooled(made)
    raise AssertionError("fill_pool ends with the pool")


def shipped_autoencoder(weights: Path) -> AutoEncoder:
    """The auto-encoder of a weights folder, in evaluation mode."""
    state = {
        f"{part}.{name}": value
        for part in ("encoder", "decoder")
        for name, value in read_weights(weights / f"{part}.onnx").items()
    }
    return _filled(AutoEncoder(), state)


def shipped_upscaler(weights: Path) -> Upscaler:
    """The upscaler of a weights folder, in evaluation mode."""
    return _filled(Upscaler(), read_weights(weights / "upscaler.onnx"))


def _mix(net: nn.Module, earlier: dict[str, Tensor], kept: float) -> None:
    """Puts a weighted mean of its weights and earlier ones in a network's place."""
    own = net.state_dict()
    net.load_state_dict(
        {name: torch.lerp(own[name], earlier[name].reshape(own[name].shape), kept) for name in own}
    )


def _filled(net: Network, weights: dict[str, Tensor]) -> Network:
    """weights: may hold more, since an exported network's constants look like weights, and other shapes."""
    own = net.state_dict()
    net.load_state_dict({name: weights[name].reshape(own[name].shape) for name in own})
    return net.eval()


@dataclass(frozen=True, slots=True)
class Throughput:
    """peak_gflops: measured in 2048² bf16 products. flop: of one picture, forward and backward."""

    peak_gflops: float
    flop: float

    def utilisation(self, images_per_s: float) -> float:
        """Model-FLOP utilisation in [0, 1]: useful arithmetic over what the processor can do."""
        return images_per_s * self.flop / (self.peak_gflops * 1e9)


def measure_throughput(
    width: int = 256, hidden: int = 640, depth: int = 8, tokens: int = 73
) -> Throughput:
    """Measure the matrix-product peak and count the denoiser's arithmetic per picture.

    A forward pass costs 2 FLOP per weight and token in the blocks, plus 4·T²·width for attention; a
    backward pass twice that (Kaplan et al. 2020, §2.1).
    """
    a, b = (torch.randn(2048, 2048, dtype=torch.bfloat16) for _ in range(2))
    for _ in range(2):
        a @ b
    began = time.perf_counter()
    for _ in range(5):
        a @ b
    peak = 5 * 2 * 2048**3 / (time.perf_counter() - began)
    weights = depth * (4 * width * width + 3 * width * hidden)
    forward = 2 * weights * tokens + depth * 4 * tokens**2 * width
    return Throughput(peak / 1e9, 3.0 * forward)
