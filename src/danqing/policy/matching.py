"""Finding the packs' words in a text: one automaton over all of them, run on every view of it.

A word of the list and the reader's text are folded by the same functions (`folding`), so that
what is compared is alike on both sides. Aho and Corasick's automaton (CACM 18, 1975) finds all
words in one pass, however many there are; what it finds is then checked against the gaps in the
text (`edges`) and, where it is pinyin, against its syllables (`pinyin`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ahocorasick_rs import AhoCorasick

from danqing.policy.edges import lone_letter, stands
from danqing.policy.folding import (
    STOP,
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
from danqing.policy.pinyin import Spelt, sounds_like, spellings
from danqing.policy.tables import homophones, joined, readings


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
        if any(lone_letter(plain, at) for at in range(len(plain.letters))):
            hits.update(self._shortened(plain))
        return frozenset(hits)

    def _add(self, letters: str, form: _Form) -> None:
        self._forms.setdefault(letters, []).append(form)

    def _written(self, view: View) -> Iterator[Hit]:
        for pattern, start, end in self._automaton.find_matches_as_indexes(
            view.letters, overlapping=True
        ):
            for form in self._uses[pattern]:
                stop = stands(view, start, end, form.breaks)
                if stop:
                    yield Hit(form.word, view.starts[start], view.ends[stop - 1])

    @cached_property
    def _sounds(self) -> tuple[AhoCorasick, list[tuple[Spelt, ...]]]:
        """The automaton of pinyin, made when a text with Latin letters first comes."""
        forms: dict[str, list[Spelt]] = {}
        for number in self._spelt:
            word = self._plain[number]
            for parts in spellings(word):
                cuts = tuple(itertools.accumulate((len(p) for p in parts[:-1]), initial=0))
                letters = "".join(parts)
                doubtful = any(other != word for other in homophones().get(letters, ()))
                forms.setdefault(letters, []).append(Spelt(number, cuts, word, doubtful))
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
            if lone_letter(view, typed) and STOP not in view.gaps[start + 1 : end]:
                for number in uses[pattern]:
                    yield Hit(number, view.starts[start], view.ends[end - 1])

    def _sounded(self, spelling: Spelling) -> Iterator[Hit]:
        automaton, uses = self._sounds
        view = spelling.view
        for pattern, start, end in automaton.find_matches_as_indexes(
            view.letters, overlapping=True
        ):
            for spelt in uses[pattern]:
                if sounds_like(spelling, start, end, spelt):
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
