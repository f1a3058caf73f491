"""Words written in pinyin, whole or in part: how a word is spelt, and whether some letters spell it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from danqing.policy.folding import MARK, NONE, STOP, Spelling, View
from danqing.policy.tables import readings, syllables

MAX_SPELLINGS = 8
MIN_PINYIN_LETTERS = 5
MAX_TOKEN = 64


@dataclass(frozen=True, slots=True)
class Spelt:
    """A word in pinyin. cuts: where each syllable starts; characters: what each stands for.

    doubtful: whether another word sounds the same, as 服饰 does like 腐尸.
    """

    word: int
    cuts: tuple[int, ...]
    characters: str
    doubtful: bool


def sounds_like(spelling: Spelling, start: int, end: int, spelt: Spelt) -> bool:
    """Whether letters[start:end] are this word with at least one syllable typed in Latin letters.

    Characters the reader wrote must be the word's own: homophones are other words.
    """
    view, cuts = spelling.view, spelt.cuts
    ends = (*cuts[1:], end - start)
    own = 0
    for character, cut, stop in zip(spelt.characters, cuts, ends, strict=True):
        at = start + cut
        written = spelling.characters[at]
        if written:
            own += 1
            if written != character or spelling.typed[start + stop - 1]:
                return False
        elif not (
            all(spelling.typed[at : start + stop]) and _keeps_together(view, at, start + stop)
        ):
            return False
    if own == len(cuts) or (own == 0 and end - start < MIN_PINYIN_LETTERS):
        return False
    if own == 0 and spelt.doubtful and not any(spelling.characters):
        return False  # only amid Chinese does pinyin hide a word rather than spell one
    gaps = view.gaps[start + 1 : end]
    if STOP in gaps:
        return False
    before, after = _typed_before(spelling, start), _typed_after(spelling, end)
    if (before or after) and max(gaps, default=NONE) > MARK:
        return False  # "you ma" in "you make" is no pinyin
    if (after and after[0] in "aeo") or (before and view.letters[start] in "aeo"):
        return False  # one would write si'chu'an, if not Sichuan
    return _all_syllables(before) and _all_syllables(after)


def spellings(word: str) -> Iterator[tuple[str, ...]]:
    """The word's syllables, in each of its characters' readings; none unless it is all Chinese."""
    table = readings()
    if len(word) < 2 or any(c not in table for c in word):
        return
    yield from itertools.islice(itertools.product(*(table[c] for c in word)), MAX_SPELLINGS)


def _keeps_together(view: View, start: int, end: int) -> bool:
    """Whether a typed syllable is in one piece, or in pieces of one letter each."""
    gaps = [view.gaps[i] for i in range(start + 1, end)]
    return all(g in (NONE, MARK) for g in gaps) or all(g != NONE for g in gaps)


def _typed_before(spelling: Spelling, start: int) -> str:
    """The letters typed directly before, without a gap."""
    typed, gaps = spelling.typed, spelling.view.gaps
    first = start
    while first > 0 and gaps[first] == NONE and typed[first] and typed[first - 1]:
        first -= 1
    return spelling.view.letters[first:start]


def _typed_after(spelling: Spelling, end: int) -> str:
    typed, gaps = spelling.typed, spelling.view.gaps
    last = end
    while last < len(typed) and gaps[last] == NONE and typed[last] and typed[last - 1]:
        last += 1
    return spelling.view.letters[end:last]


@lru_cache(maxsize=4096)
def _all_syllables(letters: str) -> bool:
    """Whether the letters can be read as pinyin from first to last."""
    if len(letters) > MAX_TOKEN:
        return False
    known = syllables()
    reached = {0}
    for at in range(len(letters)):
        if at in reached:
            reached.update(at + n for n in range(1, 7) if letters[at : at + n] in known)
    return len(letters) in reached
