"""Build the training data: obtain, render, and write down where each picture comes from.

data/npm/        the pinned packages
data/train/      128 px, Apache or MIT styles: what the generator learns from
data/judge/      64 px, the other styles and our `b` drawings: what only ever marks it
data/culture/    128 px, our own `a` drawings, people in five skin tones
data/large/      512 px, a sample of the training art, for the upscaler
data/kinds.json  concept → kind, and concept → body type
data/manifest.json  one record a picture, with its licence
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.resources import files
from itertools import chain
from pathlib import Path

import numpy as np

from danqing.errors import DataError
from danqing.training.art import ArtSet, Drawing, culture_drawings, render, set_drawings
from danqing.training.inventory import Inventory, read_inventory
from danqing.training.scenes import Library
from danqing.training.sources import SOURCES, obtain, source_of

TRAIN_SIDE, JUDGE_SIDE, LARGE_SIDE = 128, 64, 512
LARGE_SAMPLE = 1600


@dataclass(frozen=True, slots=True)
class Built:
    """One part of the data is there. pictures: how many it holds."""

    part: str
    pictures: int


def culture_folder() -> Path:
    """Our own drawings: in the package when installed, beside `src` in a checkout."""
    packaged = Path(str(files("danqing") / "culture"))
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "culture"


def read_words(data: Path) -> Inventory:
    """The concept inventory from the pinned word list."""
    return read_inventory(obtain(source_of("emojibase-data"), data / "npm"))


def build_data(data: Path, culture: Path) -> Iterator[Built]:
    """Make every part that isn't there yet, in order; what is there is left alone.

    Raises DataError when a package can't be had or isn't the pinned one.
    """
    inventory = read_words(data)
    for source in SOURCES:
        obtain(source, data / "npm")
    drawings = {
        "train": list(_drawings_of("train", data, inventory)),
        "culture": list(culture_drawings(culture, "a")),
        "judge": [*_drawings_of("judge", data, inventory), *culture_drawings(culture, "b")],
    }
    drawings["large"] = _sample([*drawings["train"], *drawings["culture"]])
    sides = {"train": TRAIN_SIDE, "culture": TRAIN_SIDE, "judge": JUDGE_SIDE, "large": LARGE_SIDE}
    for part, listed in drawings.items():
        if not (data / part / "rows.json").exists():
            render(listed, sides[part]).save(data / part)
        yield Built(part, len(ArtSet.load(data / part).rows))
    _write_kinds(data, culture, inventory)
    _write_manifest(data, tuple(drawings))


def _drawings_of(use: str, data: Path, inventory: Inventory) -> Iterator[Drawing]:
    return chain.from_iterable(
        set_drawings(source, data / "npm", inventory) for source in SOURCES if source.use == use
    )


def _sample(drawings: list[Drawing]) -> list[Drawing]:
    """The same few hundred drawings each time, each person in one tone."""
    plain = [d for d in drawings if d.row.skin in (0, 1, 4)]
    return random.Random(0).sample(plain, min(LARGE_SAMPLE, len(plain)))


def _write_kinds(data: Path, culture: Path, inventory: Inventory) -> None:
    kinds = {name: concept.kind for name, concept in inventory.concepts.items()}
    bodies: dict[str, str] = {}
    for file in sorted(culture.glob("*/cards.toml")):
        for name, card in tomllib.loads(file.read_text("utf-8")).items():
            kinds[name] = card["kind"]
            if "body" in card:
                bodies[name] = card["body"]
    record = {"kinds": kinds, "bodies": bodies}
    (data / "kinds.json").write_text(json.dumps(record, ensure_ascii=False), "utf-8")


def _write_manifest(data: Path, parts: tuple[str, ...]) -> None:
    versions = {s.style: f"{s.package}@{s.version}" for s in SOURCES if s.style}
    records = [
        {"part": part, **asdict(row), "package": versions.get(row.style, "danqing/culture")}
        for part in parts
        for row in ArtSet.load(data / part).rows
    ]
    (data / "manifest.json").write_text(json.dumps(records, ensure_ascii=False), "utf-8")


def load_library(data: Path) -> Library:
    """The rendered training art and our own, ready for scenes. Raises DataError when not built."""
    if not (data / "kinds.json").exists():
        raise DataError("data.not_built", folder=data)
    known = json.loads((data / "kinds.json").read_text("utf-8"))
    sets = [ArtSet.load(data / part) for part in ("train", "culture")]
    pictures = np.concatenate([s.pictures for s in sets])
    return Library(ArtSet(pictures, sets[0].rows + sets[1].rows), known["kinds"], known["bodies"])
