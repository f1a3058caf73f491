"""The words the network has embeddings for, in order. Index 0 is "not said" everywhere.

The list travels with the weights; a later run may append to it, never reorder it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from danqing.engines.mini.tint import NAMED_COLOURS

COLOURS: tuple[str, ...] = tuple(NAMED_COLOURS)
GENDERS: tuple[str, ...] = ("female", "male")
OWN_STYLE = "danqing"  # our own drawings', of what the other sets lack
BODIES: tuple[str, ...] = ("slim", "average", "plus")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    concepts: tuple[str, ...]
    styles: tuple[str, ...]

    @classmethod
    def read(cls, record: dict[str, Any]) -> Vocabulary:
        return cls(tuple(record["concepts"]), tuple(record["styles"]))

    def extended(self, concepts: Iterable[str], styles: Iterable[str]) -> Vocabulary:
        """This vocabulary with what is new appended, sorted."""
        return Vocabulary(
            self.concepts + tuple(sorted(set(concepts) - set(self.concepts))),
            self.styles + tuple(s for s in styles if s not in self.styles),
        )


def index_of(words: tuple[str, ...], word: str | None) -> int:
    """1-based index, 0 for None, the empty word or a word that isn't there."""
    return words.index(word) + 1 if word and word in words else 0
