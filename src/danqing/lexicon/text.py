"""Text as the lexicon compares it: folded character by character, then cut into tokens.

Folding never changes how many characters there are, so an index into the folded text is an index
into the text as typed. Width, case, accents and script fold; 「３隻」 and 「3只」 compare equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Literal

Language = Literal["zh-Hans", "zh-Hant", "en"]
TokenKind = Literal["han", "word", "digits", "symbol"]

_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+")
_SPACED = ("word", "digits")
_ABBREVIATED = ("mr", "mrs", "ms", "dr", "st")  # their full stop ends no sentence
_HAN = re.compile(r"[〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
_QUOTES = {"’": "'", "‘": "'", "＇": "'", "`": "'", "“": '"', "”": '"', "；": "；"}
# opencc keeps 著 because it is a word in Simplified too (著名); in a prompt it is nearly always 着.
_VARIANTS = {"著": "着", "妳": "你", "祂": "他", "牠": "它", "臺": "台", "菸": "烟"}


@dataclass(frozen=True, slots=True)
class Token:
    """One Chinese character, one word in another script, one run of digits, or one other symbol."""

    start: int
    end: int
    key: str
    kind: TokenKind


@lru_cache(maxsize=16_384)
def is_han(character: str) -> bool:
    """Whether this is a Chinese character."""
    return bool(_HAN.match(character))


@cache
def converter(config: Literal["t2s", "s2t"]) -> Any:
    """An opencc converter, loaded on first use (about 25 ms)."""
    import opencc

    return opencc.OpenCC(config)


def to_simplified(text: str) -> str:
    """Simplified Chinese, of the same length; should opencc ever change the length, as typed."""
    whole: str = converter("t2s").convert(text)
    return whole if len(whole) == len(text) else text


def _one(candidate: str, otherwise: str) -> str:
    return candidate if len(candidate) == 1 else otherwise


@lru_cache(maxsize=16_384)
def _fold_character(character: str) -> str:
    if character in _QUOTES:
        return _QUOTES[character]
    folded = _one(unicodedata.normalize("NFKC", character), character)
    bare = unicodedata.normalize("NFKD", folded)
    if len(bare) > 1 and bare[0].isascii() and all(map(unicodedata.combining, bare[1:])):
        folded = bare[0]  # é → e
    return _one(folded.lower(), folded)


def fold(text: str) -> str:
    """The text as the lexicon compares it, of the same length."""
    if text.isascii():
        return text.lower()
    folded = "".join(c.lower() if c.isascii() else _fold_character(c) for c in text)
    if _HAN.search(folded):
        folded = "".join(_VARIANTS.get(c, c) for c in to_simplified(folded))
    return folded


def tokens(folded: str) -> list[Token]:
    """Cut folded text into tokens. Invisible characters and single spaces vanish; a space between
    two Chinese characters is kept as a comma, which is what people mean by it, and a newline as a
    stop."""
    found: list[Token] = []
    i, gap = 0, False
    while i < len(folded):
        c = folded[i]
        if c == "\n":
            found.append(Token(i, i + 1, "\n", "symbol"))
        elif c.isspace():
            gap = bool(found) and found[-1].kind == "han"
        elif not _invisible(folded, i):
            if is_han(c):
                if gap:
                    found.append(Token(i - 1, i, ",", "symbol"))
                found.append(Token(i, i + 1, c, "han"))
            elif c.isdigit() and c.isascii():
                found.append(_run(folded, i, lambda x: x.isascii() and x.isdigit(), "digits"))
            elif c.isalpha():
                found.append(_run(folded, i, _in_word, "word"))
            else:
                found.append(Token(i, i + 1, c, "symbol"))
            gap = False
            i = found[-1].end
            continue
        i += 1
    return found


def _invisible(folded: str, i: int) -> bool:
    """Format characters, variation selectors, and the hyphen inside a word."""
    if folded[i] in "-‐":
        return folded[i - 1 : i].isalnum() and folded[i + 1 : i + 2].isalnum()
    return unicodedata.category(folded[i]) in ("Cf", "Mn", "Me", "Cc")


def _in_word(c: str) -> bool:
    return (c.isalpha() and not is_han(c)) or c == "'" or unicodedata.category(c) in ("Mn", "Cf")


def _run(folded: str, start: int, belongs: Any, kind: TokenKind) -> Token:
    end = start + 1
    while end < len(folded) and belongs(folded[end]):
        end += 1
    while folded[end - 1] == "'":
        end -= 1
    key = folded[start:end]
    if kind == "word":
        if key.endswith("'s") and len(key) > 2:
            key = key[:-2]  # whose it is changes nothing that could be drawn
        elif key in _ABBREVIATED and folded[end : end + 1] == ".":
            end += 1
        key = "".join(c for c in key if c == "'" or c.isalpha())
    return Token(start, end, key, kind)


def join(parts: Sequence[Token]) -> str:
    """The look-up key of a run of tokens: Chinese closed up, other words with one space between."""
    key = parts[0].key
    for before, after in pairwise(parts):
        key += " " + after.key if is_spaced(before, after) else after.key
    return key


def is_spaced(before: Token, after: Token) -> bool:
    """Whether a space belongs between two tokens of a key."""
    return before.kind in _SPACED and after.kind in _SPACED


def key_of(surface: str) -> str:
    """The look-up key of a word as a person would write it: hyphens and spaces are one."""
    parts = [t for t in tokens(fold(surface)) if not (t.kind == "symbol" and t.key in "-,.'\"")]
    if not parts:
        parts = tokens(fold(surface))
    return join(parts) if parts else ""


_IRREGULAR = {
    "children": "child",
    "men": "man",
    "women": "woman",
    "mice": "mouse",
    "geese": "goose",
    "feet": "foot",
    "teeth": "tooth",
    "oxen": "ox",
    "leaves": "leaf",
    "wolves": "wolf",
    "knives": "knife",
    "elves": "elf",
    "loaves": "loaf",
    "scarves": "scarf",
    "policemen": "policeman",
    "firemen": "fireman",
    "businessmen": "businessman",
    "snowmen": "snowman",
    "people": "person",
    "cacti": "cactus",
    "octopi": "octopus",
    "fungi": "fungus",
    "thieves": "thief",
    "shelves": "shelf",
    "calves": "calf",
    "halves": "half",
    "wives": "wife",
    "dwarves": "dwarf",
}


def singulars(word: str) -> tuple[str, ...]:
    """What an English word may be the plural of, likeliest first."""
    if word in _IRREGULAR:
        return (_IRREGULAR[word],)
    if not word.isascii() or len(word) < 4 or not word.endswith("s") or word.endswith("ss"):
        return ()
    if word.endswith("ies"):
        return (word[:-3] + "y", word[:-1])
    if word.endswith("es"):
        return (word[:-1], word[:-2])
    return (word[:-1],)


def plurals(key: str) -> tuple[str, ...]:
    """Plurals of an English key that `singulars` would not lead back to it: pigman → pigmen."""
    if key.endswith("man"):
        return (key[:-3] + "men",)
    if key.endswith("f"):
        return (key[:-1] + "ves",)
    if key.endswith("fe"):
        return (key[:-2] + "ves",)
    return ()


def detect_language(text: str) -> Language:
    """zh-Hans, zh-Hant or en. Without any letters it is zh-Hans, as this house thinks in Chinese
    first.

    Chinese when there are at least as many Chinese characters as English words; Traditional when
    more characters are Traditional only than Simplified only."""
    han = [c for c in text if is_han(c)]
    words = _LATIN_WORD.findall(text)
    if len(words) > len(han):
        return "en"
    written = "".join(han)
    traditional = _changed(written, converter("t2s").convert(written))
    if traditional and traditional >= _changed(written, converter("s2t").convert(written)):
        return "zh-Hant"
    return "zh-Hans"


def _changed(before: str, after: str) -> int:
    return sum(a != b for a, b in zip(before, after, strict=False))
