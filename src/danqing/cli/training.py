"""`danqing data build`, `danqing data lexicon` and `danqing train`: make the art, compile the words, train
the model, with the [train] extra."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.db.faults import file_errors
from danqing.errors import InputError

if TYPE_CHECKING:
    from danqing.engines.mini.canvas import Straight
    from danqing.training.loop import TrainStep
    from danqing.training.run import Throughput

_EVERY_STEPS = 50
_SMOOTH = 0.98


def build_data(
    context: typer.Context,
    data: Annotated[Path, typer.Option(metavar="DIR")] = Path("data"),
) -> Exit:
    desk = desk_of(context)
    _need("resvg_py")
    from danqing.training.data import build_data as build
    from danqing.training.data import culture_folder

    parts = {}
    for built in build(data, culture_folder()):
        parts[built.part] = built.pictures
        desk.print("train.built", part=built.part, pictures=built.pictures)
    desk.show({"folder": str(data), "pictures": parts})
    return Exit.DONE


def build_lexicon(
    context: typer.Context,
    data: Annotated[Path, typer.Option(metavar="DIR")] = Path("data"),
    out: Annotated[Path | None, typer.Option(metavar="FILE")] = None,
) -> Exit:
    """Compiles the hand-written words, the cards of our drawings and Unicode's names."""
    desk = desk_of(context)
    from importlib.resources import files

    from danqing.training.data import culture_folder
    from danqing.training.lexicon_build import build_lexicon as build
    from danqing.training.lexicon_build import write_lexicon
    from danqing.training.sources import obtain, source_of

    hand_written = Path(str(files("danqing.lexicon") / "data"))
    names, keywords = (
        obtain(source_of(package), data / "npm")
        for package in ("emojibase-data", "cldr-annotations-full")
    )
    lexicon = build(names, keywords, culture_folder(), hand_written)
    file = out or hand_written / "concepts.json"
    with file_errors(file):
        write_lexicon(lexicon, file)
    counts = {part: len(lexicon[part]) for part in ("concepts", "words", "keywords")}
    desk.show({"file": str(file), **counts})
    desk.print("lexicon.built", file=file, **counts)
    return Exit.DONE


def train(
    context: typer.Context,
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE")],
    data: Annotated[Path, typer.Option(metavar="DIR")] = Path("data"),
    run: Annotated[Path | None, typer.Option(metavar="DIR")] = None,
    init: Annotated[str, typer.Option(metavar="shipped|none|DIR")] = "none",
    stages: Annotated[str, typer.Option(metavar="A,B")] = "",
) -> Exit:
    desk = desk_of(context)
    _need("torch")
    from danqing.training import run as runs
    from danqing.training.loop import TrainStep

    read = runs.Recipe.read(recipe)
    wanted = tuple(stages.split(",")) if stages else runs.STAGES
    if strangers := set(wanted) - set(runs.STAGES):
        raise InputError(
            "train.unknown_stage", stage=sorted(strangers)[0], known=", ".join(runs.STAGES)
        )
    folder = run or Path("runs") / read.name
    throughput = runs.measure_throughput()
    desk.print("train.peak", gflops=f"{throughput.peak_gflops:.0f}")
    teller = _Teller(desk, throughput)
    for fact in runs.run(read, data, folder, init=_init(init), stages=wanted):
        match fact:
            case runs.Stage(name, steps):
                teller.stage = name
                desk.print("train.stage", stage=name, steps=steps)
            case TrainStep():
                teller.step(fact)
            case runs.Pooled(scenes) if scenes % 3200 == 0:
                desk.print("train.pooled", scenes=scenes)
            case runs.Sample(stage, step, sheet):
                desk.print("train.sample", file=_save(sheet, folder, f"{stage}-{step:06}.png"))
            case runs.Written(weights, size_bytes):
                desk.print("train.written", folder=weights, megabytes=f"{size_bytes / 1e6:.1f}")
                desk.show({"weights": str(weights), "size_bytes": size_bytes})
    return Exit.DONE


class _Teller:
    """Says how a stage is going, smoothed, every fifty steps."""

    def __init__(self, desk: Desk, throughput: Throughput) -> None:
        self.desk = desk
        self.throughput = throughput
        self.stage = ""
        self._loss: float | None = None

    def step(self, fact: TrainStep) -> None:
        if fact.step == 1 or self._loss is None:
            self._loss = fact.loss
        self._loss = _SMOOTH * self._loss + (1 - _SMOOTH) * fact.loss
        if fact.step % _EVERY_STEPS and fact.left_s > 0:
            return
        self.desk.print(
            "train.step",
            step=fact.step,
            loss=f"{self._loss:.4f}",
            lr=f"{fact.lr:.2f}",
            rate=f"{fact.images_per_s:.1f}",
            left=time.strftime("%H:%M:%S", time.gmtime(fact.left_s)),
        )
        if self.stage == "flow":
            share = self.throughput.utilisation(fact.images_per_s)
            self.desk.print("train.utilisation", percent=f"{100 * share:.0f}")


def _save(sheet: Straight, folder: Path, name: str) -> Path:
    from PIL import Image

    file = folder / "samples" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(sheet).save(file)
    return file


def _init(word: str) -> Path | None:
    if word == "none":
        return None
    if word == "shipped":
        from danqing.engines.mini.engine import shipped_weights

        return shipped_weights()
    folder = Path(word)
    if not (folder / "mini.json").exists():
        raise InputError("train.no_weights", folder=folder)
    return folder


def _need(module: str) -> None:
    from importlib.util import find_spec

    if find_spec(module) is None:
        raise InputError("train.extra_missing", module=module)
