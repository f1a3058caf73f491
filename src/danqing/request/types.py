"""What is asked, as frozen values: Prompt → Brief (inside a Reading) → Request. No I/O.

A Brief says what a sentence means and holds none of its words: 「三只红色的猫」, 「三隻紅色的貓」
and "three red cats" give equal Briefs. What was typed, and which part of it was understood as
what, stays in the Reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Language = Literal["zh-Hans", "zh-Hant", "en"]
Colour = Literal[
    "red", "orange", "yellow", "green", "cyan", "blue",
    "purple", "pink", "brown", "black", "white", "grey",
]  # fmt: skip
Gender = Literal["female", "male"]
Body = Literal["slim", "average", "plus"]
Size = Literal["small", "large"]
Place = Literal[
    "centre", "left", "right", "top", "bottom",
    "top-left", "top-right", "bottom-left", "bottom-right",
]  # fmt: skip
RelationKind = Literal[
    "left-of", "right-of", "above", "below", "beside", "in-front-of", "behind", "inside",
    "holding", "wearing", "eating", "drinking", "riding",
]  # fmt: skip
PictureFormat = Literal["png", "webp", "jpeg", "svg", "gif", "pdf"]
SourceKind = Literal["artwork", "upload"]

MAX_PROMPT_CHARACTERS = 2_000
MAX_THINGS = 5
MIN_SIDE_PX, MAX_SIDE_PX = 64, 2048
MAX_PICTURES = 200
MAX_SOURCES = 1
"""No engine takes more than one picture to start from yet."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A checked sentence: not empty, no control characters or lone surrogates, bounded in length.

    text: NFC, exactly the user's words otherwise. Build it with `request.make_prompt`.
    """

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Thing:
    """One subject and what is said of it. concept: a lexicon id. skin: 1 (light) to 5 (dark)."""

    concept: str
    count: int = 1
    colour: Colour | None = None
    size: Size | None = None
    place: Place | None = None
    gender: Gender | None = None
    skin: int | None = None
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """`things[subject]` stands in this relation to `things[object]` (indices into the Brief)."""

    kind: RelationKind
    subject: int
    object: int


@dataclass(frozen=True, slots=True)
class Brief:
    """The structured reading of a prompt.

    setting: concept id of the place everything happens in (唐人街 → chinatown-gate), else None.
    background: a plain colour behind everything, else None. style: a style id, else None.
    unknown: words nothing in the lexicon explains, normalised, in order.
    """

    things: tuple[Thing, ...] = ()
    relations: tuple[Relation, ...] = ()
    setting: str | None = None
    background: Colour | None = None
    style: str | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """`text` (prompt.text[start:end]) was read as `meaning`.

    meaning: a concept id, or `colour:red`, `count:3`, `relation:eating`, `style:flat`,
    `place:left`, `size:small`, `skin:5`, `body:plus`, `gender:female`, `background:blue`,
    `setting:…`, `look:…` (hair and the like), `nearest:raccoon` (a word the lexicon lacks, read as the
    concept nearest to it). Understood, yet not in the Brief: `mood:cute`, `action:person-swimming`,
    `part:eyes`, `pictures:5` (how many were asked for), `known:…` (left out), `undrawable:…`.
    """

    start: int
    end: int
    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A prompt with what was understood of it, in order of appearance, and what was not."""

    prompt: Prompt
    brief: Brief
    understood: tuple[Understood, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A picture to start from.

    kind `artwork`: one of ours, id its ULID; its sealed master is what is changed. kind `upload`:
    a file from outside, id the SHA-256 of its bytes as they came.
    """

    kind: SourceKind
    id: str


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that decides a batch of pictures. seeds: one per picture.

    sources: what it starts from (empty for text to picture). strength: in [0, 1], 0 keeps the
    source, 1 ignores it; None without sources. mask: SHA-256 of the sealed mask that says which part
    may change; None: all of it.
    """

    reading: Reading
    seeds: tuple[int, ...]
    width_px: int = 512
    height_px: int = 512
    engine: str = "mini"
    style: str | None = None
    transparent: bool = False
    format: PictureFormat = "png"
    sources: tuple[Source, ...] = field(default=())
    mask: str | None = None
    strength: float | None = None
