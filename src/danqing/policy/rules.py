"""What a rule pack holds, once read: frozen values, every reference to a list already filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from danqing.policy.types import PackVersion

Action = Literal["refuse", "hold", "allow"]
Sentences = tuple[tuple[str, str], ...]
"""Language (BCP 47) → sentence; zh-Hans, zh-Hant and en are always there."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Any of words, initials, phrases, patterns or all_of is enough to set it off.

    words: found through every disguise. initials: words that also count by the initials of
    their pinyin. phrases: parts in this order, at most `within` letters between two of them.
    all_of: one word of each group, each at most `within` letters from the first group's.
    patterns: checked regular expressions over the folded text. Entries `concept:child` stand
    for a lexicon concept the reading found. innocent: longer wordings that make what they
    enclose harmless. near: words that do so from up to `near_within` letters away. pinyin:
    whether words are also known by their pinyin. Marks and spaces are no letters.
    """

    id: str
    category: str
    action: Action
    article: str
    explanation: Sentences
    words: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    patterns: tuple[str, ...] = ()
    all_of: tuple[tuple[str, ...], ...] = ()
    innocent: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    within: int = 24
    near_within: int = 24
    pinyin: bool = True


@dataclass(frozen=True, slots=True)
class PictureRule:
    """A finished picture with `check` ≥ `withhold_at` (in [0, 1]) stays here."""

    id: str
    category: str
    check: str
    withhold_at: float
    article: str
    explanation: Sentences


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence the pack promises to catch by a rule of this category, or to let pass."""

    text: str
    category: str
    caught: bool


@dataclass(frozen=True, slots=True)
class RulePack:
    """A pack as read from one file. risks: category id → class of `risks.RISKS`."""

    version: PackVersion
    rules: tuple[Rule, ...]
    pictures: tuple[PictureRule, ...]
    examples: tuple[Example, ...]
    risks: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.version.name
