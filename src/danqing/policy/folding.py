"""Seeing through disguises: from a reader's text to plain letters, keeping the way back.

A text becomes symbols, each with the span of the original it came from; views made from the symbols
keep those spans, so that whatever is found can be shown in the reader's own characters.

What is folded away (Unicode Standard Annex 15 and Technical Standard 39 are the models; the
tables for look-alikes are our own, short ones):
    width, style and enclosure   ｓｅ，𝓈𝑒，Ⓢⓔ，🅂🄴，🇸🇪 → se          (NFKC and our own table)
    case, accents, marks         SÈ → se
    what can't be seen           zero-width, variation selectors, bidi controls, tags
    look-alikes                  ѕех (Cyrillic) → sex
    traditional characters       彈 → 弹                              (opencc, one by one)
    emoji that show letters      🅰️ ⭕ ❌ 🆗 → a o x ok
    spacing and punctuation      s.e x → sex, with the gaps remembered (View)
    digits and signs as letters  s3x → sex                            (leet)
    a character taken apart      弓虽 → 强                             (unsplit)
    pinyin in place of a word    se情 → letters with their characters (spell)
    its first letter             强j → matching.WordFinder
"""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from danqing.policy.tables import readings

NONE, MARK, SPACE, WIDE, STOP = range(5)
"""What stands before a letter: nothing, a mark, one space, several, the end of a clause."""

STOPS = frozenset("，。、；：！？…,;:!?\n\r\u2028\u2029")
UNSEEN = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5\u180e")

_LIKE = {
    "a": "аɑαᴀꓮ∂", "b": "вʙьßꓐ", "c": "сᴄϲꓚ", "d": "ԁᴅđðꓓ", "e": "еεᴇєэꓰ", "f": "ꜰғꓝϝ", "g": "ɡɢցꓖ",
    "h": "һнʜհħηꓧ卄", "i": "іıɩɪιꓲ", "j": "јȷᴊϳꓙ", "k": "кᴋκꓗ", "l": "ʟłӏℓꓡ", "m": "мᴍꓟ",
    "n": "пɴոռꓠ", "o": "оοσօᴏøꓳ", "p": "рᴘρꓑ", "q": "ԛզ", "r": "ʀгꓣ", "s": "ѕꜱꓢ", "t": "тᴛτŧꓔ",
    "u": "ᴜսυʋꓴ", "v": "ᴠѵνꓦ", "w": "ԝᴡωшꓪ", "x": "хχꓫ", "y": "уʏγүꓬ", "z": "ᴢʐꓜ",
}  # fmt: skip
_EMOJI = {
    "⭕": "o", "❌": "x", "✖": "x", "❎": "x", "💲": "s", "➕": "t", "✝": "t", "🔞": "18", "🔟": "10",
    "💯": "100", "🆎": "ab", "🆑": "cl", "🆗": "ok", "🆒": "cool", "🆓": "free", "🆕": "new", "🆘": "sos",
    "🆙": "up", "🆚": "vs",
}  # fmt: skip
LOOK_ALIKES = {like: letter for letter, several in _LIKE.items() for like in several}
RADICAL_FORMS = dict(
    zip(
        "⻅⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻩⻬⻰⺼⺝⻤⺟",
        "见贝车长门青页风飞食马鱼鸟黄齐龙肉月鬼母",
        strict=True,
    )
)
LEET = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "|": "l",
        "€": "e", "£": "l", "+": "t", "!": "i"}  # fmt: skip

TRAILING = frozenset("!|+")
"""Of these signs, those that end a word more often than they stand for its last letter."""


class Symbol(NamedTuple):
    """One folded character with the span of the original it came from; several may share a span."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class View:
    """Letters and digits alone. gaps[i] is what stood before letter i, gaps[-1] after the last.

    letters[i] came from original[starts[i]:ends[i]].
    """

    letters: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """A View whose Chinese characters are spelt in pinyin.

    characters[i] is the Chinese character whose spelling starts at letter i, "" where the
    letter goes on or was typed as a letter; typed[i] says that letter i was typed.
    """

    view: View
    characters: tuple[str, ...]
    typed: tuple[bool, ...]


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=1 << 16)
def fold_character(character: str) -> str:
    """What one character looks like when plain: usually one letter; "" when it can't be seen."""
    if character.isascii():
        return character.lower()
    code = ord(character)
    if character in _EMOJI:
        return _EMOJI[character]
    if 0x1F1E6 <= code <= 0x1F1FF:  # regional indicators, which flags are made of
        return chr(code - 0x1F1E6 + ord("a"))
    for first in (0x1F150, 0x1F170):  # white on black, round and square
        if first <= code < first + 26:
            return chr(code - first + ord("a"))
    if code == 0x2800:  # a Braille cell without dots
        return " "
    if character in UNSEEN or unicodedata.category(character) == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", character).casefold()
    plain = "".join(
        c for c in unicodedata.normalize("NFD", plain) if unicodedata.category(c)[0] != "M"
    )
    return "".join(_fold_letter(c) for c in plain)


def _fold_letter(letter: str) -> str:
    if letter.isascii():
        return letter
    letter = LOOK_ALIKES.get(letter) or RADICAL_FORMS.get(letter) or letter
    if unicodedata.category(letter) == "No":
        digit = unicodedata.digit(letter, None)
        return letter if digit is None else str(digit)
    if is_han(letter):
        return str(_converter().convert(letter))
    return letter


def is_han(letter: str) -> bool:
    """Whether this is a Chinese character."""
    return "\u3400" <= letter <= "\u9fff" or letter >= "\U00020000"


def is_latin(letter: str) -> bool:
    """Whether this is a letter a to z, as folding leaves them."""
    return "a" <= letter <= "z"


def fold(text: str) -> tuple[Symbol, ...]:
    """The text's symbols in order. What can't be seen belongs to the symbol before it."""
    symbols: list[Symbol] = []
    for index, character in enumerate(text):
        plain = fold_character(character)
        if plain:
            symbols.extend(Symbol(c, index, index + 1) for c in plain)
        elif symbols:
            last = symbols[-1]
            symbols[-1] = Symbol(last.text, last.start, index + 1)
    return tuple(symbols)


def fold_word(word: str) -> tuple[str, frozenset[int]]:
    """A list's word as `letters_of(fold(word))` has it, and where it has gaps inside."""
    letters: list[str] = []
    breaks: set[int] = set()
    apart = False
    for symbol in "".join(map(fold_character, word)):
        if symbol.isalnum():
            if apart and letters:
                breaks.add(len(letters))
            letters.append(symbol)
            apart = False
        else:
            apart = True
    return "".join(letters), frozenset(breaks)


def letters_of(symbols: Sequence[Symbol]) -> View:
    """The symbols without anything that is not a letter or digit."""
    kept: list[Symbol] = []
    gaps: list[int] = []
    gap = NONE
    for symbol in symbols:
        if symbol.text.isalnum():
            kept.append(symbol)
            gaps.append(gap)
            gap = NONE
        elif symbol.text in STOPS:
            gap = STOP
        elif symbol.text.isspace():
            gap = max(gap, WIDE if gap == SPACE else SPACE)
        else:
            gap = max(gap, MARK)
    return View(
        "".join(s.text for s in kept),
        tuple(s.start for s in kept),
        tuple(s.end for s in kept),
        (*gaps, gap),
    )


def leet(symbols: Sequence[Symbol], one: str) -> tuple[Symbol, ...] | None:
    """Digits and signs beside Latin letters read as letters, 1 as `one`; None without any."""
    table = {**LEET, "1": one}
    read = list(symbols)
    changed = False
    start = 0
    while start < len(symbols):
        end = start
        while end < len(symbols) and (is_latin(symbols[end].text) or symbols[end].text in table):
            end += 1
        beyond = max(end, start + 1)
        while end > start and symbols[end - 1].text in TRAILING:
            end -= 1
        run = symbols[start:end]
        if any(is_latin(s.text) for s in run) and any(s.text in table for s in run):
            changed = True
            read[start:end] = [Symbol(table.get(s.text, s.text), s.start, s.end) for s in run]
        start = beyond
    return tuple(read) if changed else None


def unsplit(
    view: View, joined: Mapping[tuple[str, str], str], wanted: Container[str]
) -> View | None:
    """Neighbours that together make a wanted character, joined; None when there are none.

    joined: two characters → the one they make.
    """
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    gaps: list[int] = []
    index = 0
    while index < len(view.letters):
        whole = joined.get((view.letters[index], view.letters[index + 1 : index + 2]), "")
        width = 2 if whole and whole in wanted and view.gaps[index + 1] != STOP else 1
        letters.append(whole if width == 2 else view.letters[index])
        starts.append(view.starts[index])
        ends.append(view.ends[index + width - 1])
        gaps.append(view.gaps[index])
        index += width
    if len(letters) == len(view.letters):
        return None
    return View("".join(letters), tuple(starts), tuple(ends), (*gaps, view.gaps[-1]))


def spell(view: View) -> Spelling | None:
    """The view in pinyin, as far as it is Chinese; None when no Latin letter was typed at all."""
    if not any(is_latin(c) for c in view.letters):
        return None
    table = readings()
    letters: list[str] = []
    origin: list[int] = []
    characters: list[str] = []
    for index, letter in enumerate(view.letters):
        spelt = table.get(letter, ("",))[0] if not letter.isascii() else ""
        for place, part in enumerate(spelt or ("u" if letter == "v" else letter)):
            letters.append(part)
            origin.append(index)
            characters.append(letter if spelt and place == 0 else "")
    gaps = [view.gaps[i] if n == 0 or origin[n - 1] != i else NONE for n, i in enumerate(origin)]
    return Spelling(
        View(
            "".join(letters),
            tuple(view.starts[i] for i in origin),
            tuple(view.ends[i] for i in origin),
            (*gaps, view.gaps[-1]),
        ),
        tuple(characters),
        tuple(is_latin(view.letters[i]) for i in origin),
    )
