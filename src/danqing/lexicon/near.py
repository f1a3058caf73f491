"""The nearest concept to a word the lexicon lacks, or none: a wrong guess is worse than an honest
blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from danqing.lexicon.text import is_han, key_of, singulars
from danqing.lexicon.types import Concept

_LATIN_LIKENESS, _LONG_LATIN_LIKENESS = 0.84, 0.8  # a slip weighs less in a long word
_HAN_LIKENESS = 0.6


def nearest(
    word: str,
    language: str,
    words: Mapping[str, str],
    keywords: Mapping[str, str],
    concepts: Mapping[str, Concept],
) -> str | None:
    """Tried in turn: the word itself, a keyword of Unicode CLDR, the head of a compound (缅因猫 is
    a 猫, 三角钢琴 a 钢琴), the same sounds (烧麦 for 烧卖), then spelling. language: BCP 47."""
    key = key_of(word)
    if not key:
        return None
    found = _named(key, words, keywords, concepts)
    if found or key in words:
        return found
    if any(map(is_han, key)):
        return _nearest_chinese(key, words, keywords, concepts)
    return _nearest_latin(key, words, keywords, concepts) if language else None


def _drawable(meanings: str | None, concepts: Mapping[str, Concept]) -> str | None:
    """The concept among a word's meanings, also where it is a setting."""
    for meaning in (meanings or "").split():
        if meaning.removeprefix("setting:") in concepts:
            return meaning.removeprefix("setting:")
    return None


def _named(
    key: str, words: Mapping[str, str], keywords: Mapping[str, str], concepts: Mapping[str, Concept]
) -> str | None:
    return _drawable(words.get(key), concepts) or _drawable(keywords.get(key), concepts)


def _nearest_chinese(
    key: str, words: Mapping[str, str], keywords: Mapping[str, str], concepts: Mapping[str, Concept]
) -> str | None:
    # Chinese compounds end in what they are: the longest known tail decides.
    for start in range(1, len(key)):
        found = _named(key[start:], words, keywords, concepts)
        if found and (len(key) - start >= 2 or _is_head(key[start:], words)):
            return found
    for end in range(len(key) - 1, 1, -1):  # a known beginning must be most of the word
        found = _named(key[:end], words, keywords, concepts)
        if found and end / len(key) >= _HAN_LIKENESS:
            return found
    return _same_sound(key, words, concepts)


def _is_head(tail: str, words: Mapping[str, str]) -> bool:
    """A single character counts as a head only when it is itself the name of a thing."""
    return ":" not in words.get(tail, ":")


def _same_sound(key: str, words: Mapping[str, str], concepts: Mapping[str, Concept]) -> str | None:
    """A word written half the same that sounds the same but for the tones."""
    if not 2 <= len(key) <= 6:
        return None
    candidates = [
        w
        for w in words
        if len(w) == len(key) and 2 * sum(a == b for a, b in zip(w, key, strict=True)) >= len(key)
    ]
    if not candidates:
        return None
    from pypinyin import lazy_pinyin

    sounds = lazy_pinyin(key)
    for candidate in candidates:
        found = _drawable(words[candidate], concepts)
        if found and lazy_pinyin(candidate) == sounds:
            return found
    return None


def _nearest_latin(
    key: str, words: Mapping[str, str], keywords: Mapping[str, str], concepts: Mapping[str, Concept]
) -> str | None:
    for form in _forms(key):
        found = _named(form, words, keywords, concepts)
        if found:
            return found
    if len(key) < 5:
        return None  # too few letters to be sure of a slip
    spelt = [
        w
        for w, meaning in words.items()
        if w[0] == key[0] and abs(len(w) - len(key)) <= 1 and _drawable(meaning, concepts)
    ]
    cutoff = _LATIN_LIKENESS if len(key) < 7 else _LONG_LATIN_LIKENESS
    import difflib

    close = difflib.get_close_matches(key, spelt, n=1, cutoff=cutoff)
    return _drawable(words[close[0]], concepts) if close else None


def _forms(key: str) -> Iterator[str]:
    """Singulars, and the last words of a phrase."""
    yield from singulars(key)
    parts = key.split(" ")
    for start in range(1, len(parts)):
        tail = " ".join(parts[start:])
        yield tail
        yield from singulars(tail)
