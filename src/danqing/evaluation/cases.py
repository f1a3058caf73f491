"""What is asked in an evaluation: a Brief and the sentences that ask for it, in kinds with their shares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from danqing.evaluation.classes import class_of
from danqing.request.types import Brief, Language

Kind = Literal["concept", "culture", "colour", "two-colours", "count", "place", "relation", "style",
               "skin", "body", "ground", "setting", "doing"]  # fmt: skip
SHARES: dict[Kind, float] = {
    "concept": 0.27, "culture": 0.09, "colour": 0.14, "two-colours": 0.04, "count": 0.12,
    "place": 0.05,
    "relation": 0.09, "style": 0.08, "skin": 0.05, "body": 0.03, "ground": 0.02, "setting": 0.01,
    "doing": 0.01,
}  # fmt: skip
QUICK_PROMPTS, FULL_PROMPTS = 300, 2_000


@dataclass(frozen=True, slots=True)
class Case:
    """A Brief and the sentences that ask for it. held_out: its combination was never trained on."""

    id: str
    kind: Kind
    brief: Brief
    held_out: bool
    sentences: tuple[tuple[Language, str], ...]


def same_meaning(read: Brief, meant: Brief) -> bool:
    """Whether a Brief asks for the same picture: the same classes with the same attributes."""
    return _by_class(read) == _by_class(meant)


def _by_class(brief: Brief) -> Brief:
    things = tuple(replace(thing, concept=class_of(thing.concept)) for thing in brief.things)
    return replace(brief, things=things)


def count_sentences(cases: tuple[Case, ...]) -> int:
    return sum(len(case.sentences) for case in cases)
