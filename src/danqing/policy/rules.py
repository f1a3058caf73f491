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
    whether words are also known by their pinyin. Marks and spaces are no letters. final: no
    reviewer can overturn it. An entry `names:people` stands for the names of `names`.
    """

    id: str
    category: str
    action: Action
    article: str
    explanation: Sentences
    words: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    phrases: tuple[tuple[tuple[str, ...], ...], ...] = ()
    patterns: tuple[str, ...] = ()
    all_of: tuple[tuple[str, ...], ...] = ()
    innocent: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    within: int = 24
    near_within: int = 24
    pinyin: bool = True
    final: bool = False


@dataclass(frozen=True, slots=True)
class PictureRule:
    """A finished picture with `check` ≥ the threshold (in [0, 1]) stays here. profiles: thresholds
    that count instead of withhold_at under a profile (`settings.Profile`)."""

    id: str
    category: str
    check: str
    withhold_at: float
    article: str
    explanation: Sentences
    profiles: tuple[tuple[str, float], ...] = ()

    def threshold(self, profile: str) -> float:
        return dict(self.profiles).get(profile, self.withhold_at)


ConductAction = Literal["warn", "slow", "suspend"]


@dataclass(frozen=True, slots=True)
class ConductRule:
    """What `after` refusals within `within_h` hours lead to. for_h: how long it lasts; wait_s: how
    far apart requests must be while slowed. categories: refusals that count; all when empty."""

    id: str
    action: ConductAction
    after: int
    within_h: int
    for_h: int
    wait_s: int
    categories: tuple[str, ...]
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
    conduct: tuple[ConductRule, ...] = ()

    @property
    def name(self) -> str:
        return self.version.name
