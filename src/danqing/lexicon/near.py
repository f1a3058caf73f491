"""The nearest concept to a word the lexicon lacks, or none: a wrong guess is worse than an honest
blank."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from danqing.lexicon.text import is_han, key_of, singulars
from danqing.lexicon.types import Concept

_LATIN_SPELLING, _LONG_LATIN_SPELLING = 0.84, 0.8  # a slip weighs less in a long word
_HAN_LIKENESS, _LATIN_LIKENESS = (
    0.55,
    0.65,
)  # bench/nearest.py: what a lower bar finds is often wrong
_KEYWORD = 0.9  # how much a keyword says, next to a name
_LAST_CHARACTER, _EARLIER_WORD = 1.5, 0.5  # 三角钢琴 is a 琴, "grand piano" a piano
_NO_HEAD = frozenset(
    "人心家水花信派面脑票线洞雾坑砖兵阴饺"
)  # end too many words they say little of
_NO_SOUND = frozenset("子儿头小大老")  # sharing one of these, two words share nothing


class Nearest:
    """Finds concepts by the words they have. words, keywords: folded word → meanings. ordinary: words
    that are no things (马上, 一心一意), for which no concept is near."""

    def __init__(
        self,
        words: Mapping[str, str],
        keywords: Mapping[str, str],
        concepts: Mapping[str, Concept],
        ordinary: frozenset[str],
    ) -> None:
        self._words = words
        self._keywords = keywords
        self._concepts = concepts
        self._ordinary = ordinary

    def find(self, word: str) -> str | None:
        """Tried in turn: the word itself, a keyword chosen for it, the head of a compound (缅因猫 is
        a 猫, 三角钢琴 a 钢琴), likeness to the words there are, the same sounds (烧麦 for 烧卖), then
        spelling."""
        key = key_of(word)
        if not key:
            return None
        found = self._named(key)
        if found or key in self._words or key in self._ordinary:
            return found
        if len(key) == 1:
            return None
        if any(map(is_han, key)):
            return (
                self._head(key)
                or self._like_chinese.nearest(key, _HAN_LIKENESS)
                or self._same_sound(key)
            )
        for form in _forms(key):
            if found := self._named(form):
                return found
        return self._like_latin.nearest(key, _LATIN_LIKENESS) or self._misspelt(key)

    def _named(self, key: str) -> str | None:
        return self._drawable(self._words.get(key)) or self._drawable(self._keywords.get(key))

    def _drawable(self, meanings: str | None) -> str | None:
        """The concept among a word's meanings, also where it is a setting."""
        for meaning in (meanings or "").split():
            if meaning.removeprefix("setting:") in self._concepts:
                return meaning.removeprefix("setting:")
        return None

    def _head(self, key: str) -> str | None:
        """Chinese compounds end in what they are: the longest known tail decides."""
        for start in range(1, len(key)):
            found = self._named(key[start:])
            if found and (len(key) - start >= 2 or self._is_head(key, start)):
                return found
        return None

    def _is_head(self, key: str, start: int) -> bool:
        """A single character counts as a head only when it is itself the name of a thing, and the
        word long enough to be made up as it is said: 缅因猫 is a 猫, but a 海马 is no 马."""
        tail = key[start:]
        return len(key) >= 3 and ":" not in self._words.get(tail, ":") and tail not in _NO_HEAD

    @cached_property
    def _like_chinese(self) -> Likeness:
        return Likeness(dict(self._surfaces(chinese=True)))

    @cached_property
    def _like_latin(self) -> Likeness:
        return Likeness(dict(self._surfaces(chinese=False)))

    def _surfaces(self, *, chinese: bool) -> Iterator[tuple[str, tuple[str, float]]]:
        """Words of one script with their concept and how much they say; names last, so they win."""
        for words, weight in ((self._keywords, _KEYWORD), (self._words, 1.0)):
            for key, meanings in words.items():
                concept = self._drawable(meanings)
                if concept is not None and any(map(is_han, key)) == chinese:
                    yield key, (concept, weight)

    def _same_sound(self, key: str) -> str | None:
        """A word written half the same that sounds the same but for the tones."""
        if not 2 <= len(key) <= 6:
            return None
        candidates = [w for w in self._words if len(w) == len(key) and _half_the_same(w, key)]
        if not candidates:
            return None
        from pypinyin import lazy_pinyin

        sounds = lazy_pinyin(key)
        for candidate in candidates:
            found = self._drawable(self._words[candidate])
            if found and lazy_pinyin(candidate) == sounds:
                return found
        return None

    def _misspelt(self, key: str) -> str | None:
        if len(key) < 5:
            return None  # too few letters to be sure of a slip
        spelt = [
            w
            for w, meaning in self._words.items()
            if w[0] == key[0] and abs(len(w) - len(key)) <= 1 and self._drawable(meaning)
        ]
        cutoff = _LATIN_SPELLING if len(key) < 7 else _LONG_LATIN_SPELLING
        import difflib

        close = difflib.get_close_matches(key, spelt, n=1, cutoff=cutoff)
        return self._drawable(self._words[close[0]]) if close else None


class Likeness:
    """Words as bags of characters and their neighbours, compared by the cosine of TF-IDF weights
    (Salton and Buckley 1988). surfaces: folded word → (concept, how much it says, 0 to 1)."""

    def __init__(self, surfaces: Mapping[str, tuple[str, float]]) -> None:
        self._surfaces = tuple((key, *said) for key, said in surfaces.items())
        bags = [_bag(key) for key, _, _ in self._surfaces]
        in_how_many = Counter(gram for bag in bags for gram in bag)
        self._rarest = math.log(max(len(bags), 2))
        self._rarity = {g: math.log(len(bags) / n) for g, n in in_how_many.items()}
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for i, bag in enumerate(bags):
            weights = self._weights(bag)
            for gram, weight in weights.items():
                self._postings[gram].append((i, weight))

    def _weights(self, bag: Mapping[str, float]) -> dict[str, float]:
        weights = {g: n * self._rarity.get(g, self._rarest) for g, n in bag.items()}
        length = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        return {gram: weight / length for gram, weight in weights.items()}

    def nearest(self, key: str, least: float) -> str | None:
        """The concept of the word most like this one, where the likeness (0 to 1) is at least
        `least`."""
        likeness: dict[int, float] = defaultdict(float)
        for gram, weight in self._weights(_bag(key)).items():
            for i, other in self._postings.get(gram, ()):
                likeness[i] += weight * other
        best = max(likeness, key=lambda i: likeness[i] * self._surfaces[i][2], default=None)
        if best is None or likeness[best] * self._surfaces[best][2] < least:
            return None
        return self._surfaces[best][1]


def _bag(key: str) -> dict[str, float]:
    """Chinese: characters and pairs of them, the last weighing more. Other words: the word, and its
    letters by three to five; in a phrase the last word weighs more."""
    bag: dict[str, float] = defaultdict(float)
    if any(map(is_han, key)):
        for i, character in enumerate(key):
            weight = _LAST_CHARACTER if i == len(key) - 1 else 1.0
            bag[character] += weight
            if i:
                bag[key[i - 1 : i + 1]] += weight
        return bag
    words = key.split()
    for j, word in enumerate(words):
        weight = 1.0 if j == len(words) - 1 else _EARLIER_WORD
        bounded = f"^{word}$"
        bag[bounded] += weight
        for n in (3, 4, 5):
            for i in range(len(bounded) - n + 1):
                bag[bounded[i : i + n]] += weight
    return bag


def _half_the_same(word: str, key: str) -> bool:
    same = [a for a, b in zip(word, key, strict=True) if a == b]
    return 2 * len(same) >= len(key) and not _NO_SOUND.issuperset(same)


def _forms(key: str) -> Iterator[str]:
    """Singulars, and the last words of a phrase."""
    yield from singulars(key)
    parts = key.split(" ")
    for start in range(1, len(parts)):
        tail = " ".join(parts[start:])
        yield tail
        yield from singulars(tail)
