"""What a judge is made from, out of the folder `danqing data build` fills."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from danqing.errors import DataError
from danqing.evaluation.references import edge_energy
from danqing.training.art import ArtSet


def real_art(data: Path) -> ArtSet:
    """The generator's art and our own drawings (`a`) at 128 px. Raises DataError when not built."""
    if not (data / "kinds.json").is_file():
        raise DataError("data.not_built", folder=data)
    one, other = ArtSet.load(data / "train"), ArtSet.load(data / "culture")
    pictures = np.concatenate([np.asarray(one.pictures), np.asarray(other.pictures)])
    return ArtSet(pictures, one.rows + other.rows)


def judge_only_art(data: Path) -> ArtSet:
    """What only the judge learns from, at 64 px. Raises DataError when not built."""
    if not (data / "kinds.json").is_file():
        raise DataError("data.not_built", folder=data)
    return ArtSet.load(data / "judge")


def kinds_and_bodies(data: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Concept → kind, and for people concept → build."""
    known = json.loads((data / "kinds.json").read_text("utf-8"))
    return known["kinds"], known["bodies"]


def energy_at_512(data: Path) -> dict[str, float]:
    """Mean edge energy per style of the sample of real art at 512 px."""
    large = ArtSet.load(data / "large")
    by_style: dict[str, list[float]] = {}
    for picture, row in zip(large.pictures, large.rows, strict=True):
        by_style.setdefault(row.style, []).append(edge_energy(np.asarray(picture)))
    return {style: float(np.mean(found)) for style, found in by_style.items()}
