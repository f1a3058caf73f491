"""Finding the packs' words in a text: one automaton over all of them, run on every view of it.

A word of the list and the reader's text are folded by the same functions (`folding`), so that
what is compared is alike on both sides. Aho and Corasick's automaton (CACM 18, 1975) finds all
words in one pass, however many there are; what it finds is then checked against the gaps in the
text, because "pen is" is no word of five letters and 「白色，情绪」 has none of two characters.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ahocorasick_rs import AhoCorasick

from danqing.policy.folding import (
    MARK,
    NONE,
    STOP,
    WIDE,
    Spelling,
    Symbol,
    View,
    fold_word,
    is_han,
    is_latin,
    leet,
    letters_of,
    spell,
    unsplit,
)
from danqing.policy.tables import homophones, joined, readings, syllables

MAX_SPELLINGS = 8
MIN_PINYIN_LETTERS = 5
MAX_TOKEN = 64


@dataclass(frozen=True, slots=True)
class Hit:
    """Word number `word` stands at text[start:end], in some disguise or none."""

    word: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a word. breaks: places inside it where its list entry has a gap."""

    word: int
    breaks: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Spelt:
    """A word in pinyin. cuts: where each syllable starts; characters: what each stands for.

    doubtful: whether another word sounds the same, as 服饰 does like 腐尸.
    """

    word: int
    cuts: tuple[int, ...]
    characters: str
    doubtful: bool


class WordFinder:
    """Finds listed words in texts. words: as listed; a Hit's `word` is a place in it.

    spelt: words also known by their pinyin. initials: words also known by the first letters of it.
    abridged: words also known with any one character as its first letter.
    """

    def __init__(
        self,
        words: Sequence[str],
        spelt: Iterable[int] = (),
        initials: Iterable[int] = (),
        abridged: Iterable[int] = (),
    ) -> None:
        self._forms: dict[str, list[_Form]] = {}
        self._characters: set[str] = set()
        self._plain: list[str] = []
        for number, word in enumerate(words):
            letters, breaks = fold_word(word)
            self._plain.append(letters)
            self._add(letters, _Form(number, breaks))
            self._characters.update(filter(is_han, letters))
        for number in initials:
            for letters in _by_initials(self._plain[number]):
                self._add(letters, _Form(number))
        self._spelt = tuple(spelt)
        self._abridged = tuple(abridged)
        self._patterns = list(self._forms)
        self._uses = [tuple(self._forms[p]) for p in self._patterns]
        self._automaton = AhoCorasick(self._patterns)

    def find(self, symbols: Sequence[Symbol]) -> frozenset[Hit]:
        """Every listed word in the folded text, under all disguises."""
        plain = letters_of(symbols)
        views = [plain]
        for one in "il":
            read = leet(symbols, one)
            if read is not None:
                views.append(letters_of(read))
        together = unsplit(plain, joined(), self._characters)
        if together is not None:
            views.append(together)
        hits = {hit for view in views for hit in self._written(view)}
        for view in views:
            spelling = spell(view)
            if spelling is not None:
                hits.update(self._sounded(spelling))
        if any(_lone_letter(plain, at) for at in range(len(plain.letters))):
            hits.update(self._shortened(plain))
        return frozenset(hits)

    def _add(self, letters: str, form: _Form) -> None:
        self._forms.setdefault(letters, []).append(form)

    def _written(self, view: View) -> Iterator[Hit]:
        for pattern, start, end in self._automaton.find_matches_as_indexes(
            view.letters, overlapping=True
        ):
            for form in self._uses[pattern]:
                stop = _stands(view, start, end, form.breaks)
                if stop:
                    yield Hit(form.word, view.starts[start], view.ends[stop - 1])

    @cached_property
    def _sounds(self) -> tuple[AhoCorasick, list[tuple[_Spelt, ...]]]:
        """The automaton of pinyin, made when a text with Latin letters first comes."""
        forms: dict[str, list[_Spelt]] = {}
        for number in self._spelt:
            word = self._plain[number]
            for parts in _spellings(word):
                cuts = tuple(itertools.accumulate((len(p) for p in parts[:-1]), initial=0))
                letters = "".join(parts)
                doubtful = any(other != word for other in homophones().get(letters, ()))
                forms.setdefault(letters, []).append(_Spelt(number, cuts, word, doubtful))
        patterns = list(forms)
        return AhoCorasick(patterns), [tuple(forms[p]) for p in patterns]

    @cached_property
    def _short(self) -> tuple[AhoCorasick, list[tuple[int, ...]]]:
        """The automaton of words with one character as its first letter, made when a text with a
        letter by itself beside a Chinese character first comes."""
        forms: dict[str, list[int]] = {}
        for number in self._abridged:
            for letters in _one_initial(self._plain[number]):
                forms.setdefault(letters, []).append(number)
        patterns = list(forms)
        return AhoCorasick(patterns), [tuple(forms[p]) for p in patterns]

    def _shortened(self, view: View) -> Iterator[Hit]:
        automaton, uses = self._short
        for pattern, start, end in automaton.find_matches_as_indexes(
            view.letters, overlapping=True
        ):
            typed = next(i for i in range(start, end) if is_latin(view.letters[i]))
            if _lone_letter(view, typed) and STOP not in view.gaps[start + 1 : end]:
                for number in uses[pattern]:
                    yield Hit(number, view.starts[start], view.ends[end - 1])

    def _sounded(self, spelling: Spelling) -> Iterator[Hit]:
        automaton, uses = self._sounds
        view = spelling.view
        for pattern, start, end in automaton.find_matches_as_indexes(
            view.letters, overlapping=True
        ):
            for spelt in uses[pattern]:
                if _sounds_like(spelling, start, end, spelt):
                    yield Hit(spelt.word, view.starts[start], view.ends[end - 1])


def _by_initials(word: str) -> Iterator[str]:
    """The word with characters as first letters: 强j, q奸; all of them from three on: lsp."""
    choices = [(c, readings()[c][0][0]) for c in word if c in readings()]
    if len(choices) != len(word) or len(word) > 5:
        return
    for mixed in itertools.product(*choices):
        typed = sum(is_latin(c) for c in mixed)
        if 0 < typed < len(word) or typed == len(word) >= 3:
            yield "".join(mixed)


def _one_initial(word: str) -> Iterator[str]:
    """The word, two to eight Chinese characters, with one of them as its pinyin's first letter."""
    table = readings()
    if not 2 <= len(word) <= 8 or any(c not in table for c in word):
        return
    for at, character in enumerate(word):
        for initial in {reading[0] for reading in table[character]}:
            yield word[:at] + initial + word[at + 1 :]


def _lone_letter(view: View, at: int) -> bool:
    """Whether letters[at] is one Latin letter, typed directly between Chinese characters or at an
    end of them: no part of a word, a number, or "T-shirt"."""
    letters = view.letters
    if not is_latin(letters[at]):
        return False
    before, after = letters[at - 1 : at], letters[at + 1 : at + 2]
    beside = [c for c, gap in ((before, view.gaps[at]), (after, view.gaps[at + 1])) if gap == NONE]
    return any(map(is_han, filter(None, beside))) and not any(c.isascii() for c in beside if c)


def _spellings(word: str) -> Iterator[tuple[str, ...]]:
    """The word's syllables, in each of its characters' readings; none unless it is all Chinese."""
    table = readings()
    if len(word) < 2 or any(c not in table for c in word):
        return
    yield from itertools.islice(itertools.product(*(table[c] for c in word)), MAX_SPELLINGS)


def _stands(view: View, start: int, end: int, breaks: frozenset[int]) -> int:
    """Where the word at letters[start:end] ends when it really stands there, else 0.

    Latin words need edges (an `s` of the plural is taken in); gaps inside a word are let
    through only where a disguise would put them.
    """
    letters, gaps = view.letters, view.gaps
    if start and gaps[start] == NONE and _clings(letters[start - 1], letters[start]):
        return 0
    stop = end
    if _latin_goes_on(view, stop) and letters[stop] == "s":
        stop += 1
    if stop < len(letters) and gaps[stop] == NONE and _clings(letters[stop - 1], letters[stop]):
        return 0
    inside = range(start + 1, end)
    spread = all(gaps[i] != NONE for i in inside)  # every letter apart from the next
    for i in inside:
        gap = gaps[i]
        if gap == NONE or (i - start in breaks and gap != STOP):
            continue
        if letters[i - 1].isascii() and letters[i].isascii():
            if gap == MARK or (spread and end - start > 2 and _alone(view, start, end)):
                continue
            return 0
        if gap == STOP and not (spread and (end - start > 2 or _set_off(view, start, end))):
            return 0
    return stop


def _clings(left: str, right: str) -> bool:
    """Whether two neighbours without a gap belong to one Latin word or one number."""
    return (is_latin(left) and is_latin(right)) or (left.isdigit() and right.isdigit())


def _latin_goes_on(view: View, at: int) -> bool:
    return at < len(view.letters) and view.gaps[at] == NONE and is_latin(view.letters[at])


def _alone(view: View, start: int, end: int) -> bool:
    """Whether a run of single letters is the whole run: "p o r n" is, the "a n a l" of a spaced-out
    "a n a l y s i s" isn't."""
    return not (_goes_on(view, start - 1, -1) or _goes_on(view, end, 1))


def _goes_on(view: View, at: int, step: int) -> bool:
    """Whether letters[at], next to a run of single letters, is one more of it.

    An "a" or "I" with which the run would end is a word of its own.
    """
    if not _single(view, at, step):
        return False
    return view.letters[at] not in "ai" or _single(view, at + step, step)


def _single(view: View, at: int, step: int) -> bool:
    """Whether letters[at] is a Latin letter by itself, at most one space from the one before."""
    if not 0 <= at < len(view.letters) or not view.letters[at].isascii():
        return False
    if view.gaps[at if step > 0 else at + 1] >= WIDE:
        return False
    return (at == 0 or view.gaps[at] != NONE) and (
        at + 1 == len(view.letters) or view.gaps[at + 1] != NONE
    )


def _set_off(view: View, start: int, end: int) -> bool:
    """Whether something stands on both sides of letters[start:end], or the text ends there."""
    return (start == 0 or view.gaps[start] != NONE) and (
        end == len(view.letters) or view.gaps[end] != NONE
    )


def _sounds_like(spelling: Spelling, start: int, end: int, spelt: _Spelt) -> bool:
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
