"""The skin colours every drawing is made with, read from tones.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent


class Tone(NamedTuple):
    """The four colours of one skin tone."""

    base: str
    shade: str
    blush: str
    lip: str


def tones() -> dict[int, Tone]:
    """All five tones, keyed 1 (light) to 5 (dark)."""
    table = tomllib.loads((HERE / "tones.toml").read_text(encoding="utf-8"))
    return {int(name.removeprefix("tone-")): Tone(**row) for name, row in table.items()}


SKIN = tones()[3]


def retone(svg: str, tone: Tone) -> str:
    """The same drawing with another skin tone."""
    for old, new in zip(SKIN, tone, strict=True):
        svg = svg.replace(old, new)
    return svg
