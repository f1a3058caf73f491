"""Ways people hide a word from a list, for tests of what sees through them.

A disguise takes the word as written and gives it disguised, or None where it doesn't apply.
None of them uses the normaliser's own tables, but for the characters taken apart (there is one
source of those).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from opencc import OpenCC
from pypinyin import Style, pinyin

from danqing.policy.tables import joined

Disguise = Callable[[str], str | None]

_CYRILLIC = str.maketrans("aceopxysijhdqwk", "асеорхуѕіјһԁԛԝк")
_LEET = str.maketrans("aeiost", "@310$7")
_APART = {whole: pair[0] + pair[1] for pair, whole in joined().items()}
_TRADITIONAL = OpenCC("s2t")


def _is_chinese(word: str) -> bool:
    return len(word) > 1 and re.fullmatch(r"[\u4e00-\u9fff]+", word) is not None


def _is_latin(word: str) -> bool:
    return re.fullmatch(r"[a-z]+( [a-z]+)*", word) is not None


def _changed(word: str, disguised: str) -> str | None:
    return disguised if disguised != word else None


def full_width(word: str) -> str | None:
    return _changed(word, "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word))


def zero_width(word: str) -> str | None:
    return "\u200b\u2060".join(word) if len(word) > 1 else None


def spaced(word: str) -> str | None:
    """Letters one space apart, words two."""
    if len(word) < (3 if _is_latin(word) else 2) or not (_is_latin(word) or _is_chinese(word)):
        return None
    return "  ".join(" ".join(part) for part in word.split(" "))


def dotted(word: str) -> str | None:
    if not (_is_latin(word) or _is_chinese(word)) or len(word) < 2:
        return None
    return " ".join(".".join(part) for part in word.split(" "))


def starred(word: str) -> str | None:
    if not (_is_latin(word) or _is_chinese(word)) or len(word) < 2:
        return None
    return " ".join("❤".join(part) for part in word.split(" "))


def traditional(word: str) -> str | None:
    return _changed(word, _TRADITIONAL.convert(word))


def cyrillic(word: str) -> str | None:
    return _changed(word, word.translate(_CYRILLIC)) if _is_latin(word) else None


def mathematical(word: str) -> str | None:
    if not _is_latin(word):
        return None
    return "".join(chr(0x1D41A + ord(c) - ord("a")) if c != " " else c for c in word)


def enclosed(word: str) -> str | None:
    """Letters on black squares, as emoji have them."""
    if not _is_latin(word):
        return None
    return "".join(chr(0x1F170 + ord(c) - ord("a")) if c != " " else c for c in word)


def flagged(word: str) -> str | None:
    """Regional indicators, of which flags are made."""
    if not _is_latin(word):
        return None
    return "".join(chr(0x1F1E6 + ord(c) - ord("a")) if c != " " else c for c in word)


def accented(word: str) -> str | None:
    if not _is_latin(word):
        return None
    return unicodedata.normalize("NFC", "".join(c + "\u0301" if c != " " else c for c in word))


def leetspeak(word: str) -> str | None:
    """Digits and signs for letters, the first of each word left as it is."""
    parts = (part[0] + part[1:].translate(_LEET) for part in word.split(" "))
    return _changed(word, " ".join(parts)) if _is_latin(word) else None


def capitals(word: str) -> str | None:
    return _changed(word, word.upper())


def _syllables(word: str) -> list[str]:
    return [s[0].replace("ü", "v") for s in pinyin(word, style=Style.NORMAL)]


def pinyin_joined(word: str) -> str | None:
    if not _is_chinese(word) or len("".join(_syllables(word))) < 5:
        return None
    return "".join(_syllables(word))


def pinyin_spaced(word: str) -> str | None:
    if not _is_chinese(word) or len("".join(_syllables(word))) < 5:
        return None
    return " ".join(_syllables(word))


def pinyin_mixed(word: str) -> str | None:
    """The first character in pinyin, the others as they are."""
    if not _is_chinese(word) or len(_syllables(word)[0]) < 2:
        return None
    return _syllables(word)[0] + word[1:]


def pinyin_toned(word: str) -> str | None:
    if not _is_chinese(word) or len("".join(_syllables(word))) < 5:
        return None
    return " ".join(s[0] for s in pinyin(word, style=Style.TONE))


def taken_apart(word: str) -> str | None:
    return _changed(word, "".join(_APART.get(c, c) for c in word)) if _is_chinese(word) else None


def bracketed(word: str) -> str | None:
    """Each character in brackets of its own."""
    return "".join(f"【{c}】" for c in word) if _is_chinese(word) else None


def initial_mixed(word: str) -> str | None:
    """The last character as the first letter of its pinyin: 强j."""
    return word[:-1] + _syllables(word)[-1][0] if _is_chinese(word) and len(word) > 1 else None


def initial_first(word: str) -> str | None:
    """The first character as the first letter of its pinyin: q奸."""
    return _syllables(word)[0][0] + word[1:] if _is_chinese(word) and len(word) > 1 else None


def emoji_vowels(word: str) -> str | None:
    """Letters that have an emoji of their own: 🅰, 🅱, 🅾, and ⭕ ❌ for o and x."""
    table = str.maketrans({"a": "🅰️", "b": "🅱️", "o": "⭕", "x": "❌"})
    return _changed(word, word.translate(table)) if _is_latin(word) else None


BY_SIGHT: tuple[Disguise, ...] = (
    full_width, zero_width, spaced, dotted, starred, traditional, cyrillic, mathematical, enclosed,
    flagged, accented, leetspeak, capitals, taken_apart,
)  # fmt: skip
"""Disguises that work on any word."""


BY_SOUND: tuple[Disguise, ...] = (pinyin_joined, pinyin_spaced, pinyin_mixed, pinyin_toned)
"""Disguises for words whose rule knows them by their pinyin."""

FOR_CHINESE: tuple[Disguise, ...] = (
    zero_width, spaced, dotted, starred, bracketed, traditional, taken_apart, initial_mixed,
    initial_first, *BY_SOUND,
)  # fmt: skip
FOR_LATIN: tuple[Disguise, ...] = (
    full_width, zero_width, spaced, dotted, starred, cyrillic, mathematical, enclosed, flagged,
    accented, leetspeak, capitals, emoji_vowels,
)  # fmt: skip
"""What the corpus puts its prompts in, by script."""
