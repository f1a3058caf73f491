"""What there is real art of: the ground the prompts are built on and real pictures are taken
from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from danqing.training.art import Row


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept. kind: as in the lexicon. styles: those it is drawn in for training, in order.

    tones: skin tones (1 to 5) it is drawn in. genders: those besides neither. body: slim, average,
    plus or ''. ours: one of our own drawings.
    """

    kind: str
    styles: tuple[str, ...]
    tones: tuple[int, ...] = ()
    genders: tuple[str, ...] = ()
    body: str = ""
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, rows: Iterable[Row], kinds: Mapping[str, str], bodies: Mapping[str, str],
           ours: str) -> Catalogue:  # fmt: skip
        """From the rows of the training art. ours: the style of our own drawings."""
        by_concept: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_concept[row.concept].append(row)
        return cls(
            {
                concept: Entry(
                    kinds[concept],
                    tuple(dict.fromkeys(r.style for r in found)),
                    tuple(sorted({r.skin for r in found} - {0})),
                    tuple(sorted({r.gender for r in found} - {""})),
                    bodies.get(concept, ""),
                    any(r.style == ours for r in found),
                )
                for concept, found in sorted(by_concept.items())
                if concept in kinds
            }
        )

    @classmethod
    def read(cls, record: Mapping[str, Mapping[str, Any]]) -> Catalogue:
        return cls(
            {
                concept: Entry(
                    e["kind"],
                    tuple(e["styles"]),
                    tuple(e["tones"]),
                    tuple(e["genders"]),
                    e["body"],
                    e["ours"],
                )
                for concept, e in record.items()
            }
        )
