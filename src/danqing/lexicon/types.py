"""What the lexicon hands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TAUGHT_PREFIX = "taught-"
"""How the ids of concepts begin that are in no package, but were taught by their user."""


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing the lexicon knows, one id for all languages.

    kind: face, person, nature, food, place, activity, object or symbol. names: BCP 47 tag → names,
    the usual one first. has_skin: drawn in five skin tones. genders: those it is drawn in, besides
    neither. ours: drawn in `culture/`, not an emoji."""

    id: str
    kind: str
    names: Mapping[str, tuple[str, ...]]
    has_skin: bool = False
    genders: tuple[str, ...] = ()
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of text and what the lexicon knows of it.

    start, end: span in the text as typed. text: that span. meanings: concept ids and `kind:value`
    pairs (`colour:red`, `count:3`, `word:of`, …); empty when no word of the lexicon explains it.
    key: folded. adjacent: nothing, not even punctuation that was dropped, lies between this and the
    match before."""

    start: int
    end: int
    text: str
    meanings: tuple[str, ...]
    key: str
    adjacent: bool = True
