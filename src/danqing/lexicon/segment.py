"""Cutting a sentence into words: the cheapest way through all the ways the lexicon allows.

Longest match alone goes wrong where words overlap, so every position keeps its cheapest cut
(Viterbi over word counts). A known word costs the same whatever its length, an unexplained
character three times that; an everyday word that is in no way drawable (黑板, 马上, 一心一意) is
kept whole, so that no 黑 or 马 is seen in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from danqing.lexicon.text import Token, fold, is_han, is_spaced, join, singulars, tokens
from danqing.lexicon.types import Match

_WORD, _ORDINARY, _BARE_MEASURE, _BARE_NUMBER, _UNKNOWN = 10.0, 11.0, 15.0, 16.0, 30.0
_LONGER_IS_BETTER = 0.01  # per square of a word's length: breaks ties towards long words
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ROUND = ("百", "千")  # alone they are names and idioms (秋千, 百合), no numbers
_NUMERALS = _DIGITS.keys() | _UNITS.keys()
_LONGEST_NUMERAL = 8
_MEASURE_WITHOUT_ONE = frozenset("个只条张位朵杯碗块件辆座棵幅颗匹")  # 画个苹果, 有只猫
_DETERMINERS = frozenset("这那每某另哪该")
_MAX_COUNT = 9999


def number(key: str) -> int | None:
    """The value of a Chinese or Arabic numeral up to 9,999, else None: 十二 → 12, 两百 → 200."""
    if key.isascii() and key.isdigit():
        return min(int(key[:9]), _MAX_COUNT)
    total, digit = 0, None
    for c in key:
        if c in _DIGITS:
            digit = _DIGITS[c] if digit is None else digit * 10 + _DIGITS[c]
        elif c in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[c]
            digit = None
        else:
            return None
    return min(total + (digit or 0), _MAX_COUNT) if key else None


class Segmenter:
    """words: key → meanings, separated by spaces. measures: measure word → how many one of it is (0
    for sheets of paper, -1 for what counts no things: years of age, hours). longest: first token →
    the most tokens a word that begins with it has."""

    def __init__(
        self,
        words: Mapping[str, str],
        measures: Mapping[str, int],
        ordinary: frozenset[str],
        longest: Mapping[str, int],
    ) -> None:
        self._words = words
        self._measures = measures
        self._ordinary = ordinary
        self._longest = longest

    def with_words(self, more: Mapping[str, str]) -> Segmenter:
        """This one with more words; where a key is there already, the new meaning holds."""
        longest = dict(self._longest)
        for key in more:
            parts = tokens(key)
            longest[parts[0].key] = max(longest.get(parts[0].key, 1), len(parts))
        return Segmenter({**self._words, **more}, self._measures, self._ordinary, longest)

    def cut(self, text: str) -> tuple[Match, ...]:
        """The cheapest cut of a text. Time grows with its length, not with the lexicon."""
        parts = tokens(fold(text))
        n = len(parts)
        cost = [0.0] + [float("inf")] * n
        back: list[tuple[int, str, str]] = [(0, "", "")] * (n + 1)
        for i in range(n):
            for length, meanings, key, price in self._candidates(parts, i):
                total = cost[i] + price - _LONGER_IS_BETTER * length * length
                if total < cost[i + length]:
                    cost[i + length] = total
                    back[i + length] = (i, meanings, key)
        matches: list[Match] = []
        j = n
        while j > 0:
            i, meanings, key = back[j]
            start, end = parts[i].start, parts[j - 1].end
            close = i > 0 and parts[i - 1].end == start
            matches.append(Match(start, end, text[start:end], tuple(meanings.split()), key, close))
            j = i
        return tuple(_group_unknown(text, matches[::-1]))

    def _candidates(self, parts: list[Token], i: int) -> Iterator[tuple[int, str, str, float]]:
        """(tokens, meanings, key, price) of everything that may begin at a token."""
        yield 1, "", parts[i].key, _WORD if parts[i].kind in ("word", "symbol") else _UNKNOWN
        yield from self._numbers(parts, i)
        if parts[i].key in _DETERMINERS and (size := self._measure(parts, i + 1)):
            yield 1 + size, "word:filler", join(parts[i : i + 1 + size]), _WORD
        if parts[i].key in _MEASURE_WITHOUT_ONE and parts[i + 1 : i + 2]:
            yield 1, "word:filler", parts[i].key, _BARE_MEASURE
        most = min(self._longest.get(parts[i].key, 1), len(parts) - i)
        key = ""
        for length in range(1, most + 1):
            last = parts[i + length - 1]
            spaced = length > 1 and is_spaced(parts[i + length - 2], last)
            key = f"{key} {last.key}" if spaced else key + last.key
            found, meanings = key, self._words.get(key)
            if meanings is None and last.kind == "word":
                found, meanings = self._singular(key, last.key)
            if meanings is not None:
                yield length, meanings, found, _WORD - 0.5
                if meanings.startswith("count:"):
                    yield from self._counted(parts, i, length, int(meanings[6:]))
            elif (whole := self._kept_whole(key, last.key)) is not None:
                yield length, "", whole, _ORDINARY

    def _singular(self, key: str, last: str) -> tuple[str, str | None]:
        for singular in singulars(last):
            candidate = key[: len(key) - len(last)] + singular
            if candidate in self._words:
                return candidate, self._words[candidate]
        return key, None

    def _kept_whole(self, key: str, last: str) -> str | None:
        """The everyday word this is, if it is one, also in the plural: "red pandas"."""
        if key in self._ordinary:
            return key
        stem = key[: len(key) - len(last)]
        return next((stem + s for s in singulars(last) if stem + s in self._ordinary), None)

    def _measure(self, parts: list[Token], i: int) -> int:
        """How many tokens the measure word at i has; 0 where there is none."""
        for length in (2, 1):
            if i + length <= len(parts) and join(parts[i : i + length]) in self._measures:
                return length
        return 0

    def _numbers(self, parts: list[Token], i: int) -> Iterator[tuple[int, str, str, float]]:
        if parts[i].kind == "digits":
            length, value = 1, number(parts[i].key)
        else:
            length = 0
            end = min(len(parts), i + _LONGEST_NUMERAL)
            while i + length < end and parts[i + length].key in _NUMERALS:
                length += 1
            value = number("".join(t.key for t in parts[i : i + length])) if length else None
        if value is None or (i and parts[i - 1].key == "第"):
            return
        if parts[i].key not in _ROUND:
            yield length, f"count:{value}", join(parts[i : i + length]), _BARE_NUMBER
        yield from self._counted(parts, i, length, value)

    def _counted(
        self, parts: list[Token], i: int, length: int, value: int
    ) -> Iterator[tuple[int, str, str, float]]:
        size = self._measure(parts, i + length)
        if not size:
            return
        each = self._measures[join(parts[i + length : i + length + size])]
        meaning = f"count:{min(value * max(each, 1), _MAX_COUNT)}"
        if each <= 0:
            meaning = "word:filler" if each else f"sheets:{value}"
        yield length + size, meaning, join(parts[i : i + length + size]), _WORD


def _group_unknown(text: str, matches: list[Match]) -> Iterator[Match]:
    """Neighbouring characters that nothing explains are one unknown word: 格鲁特, not 格, 鲁, 特.

    A character that is a thing by itself goes with them, as the head or the beginning of a word the
    lexicon lacks: 鱼缸 is no fish, 水坑 no water. But 狗汪汪 is a dog and its noise.
    """
    held: Match | None = None
    for i, match in enumerate(matches):
        if _is_unknown_han(match) or _belongs_to_unknown(matches, i):
            if held is not None and match.adjacent:
                held = replace(
                    held,
                    end=match.end,
                    text=text[held.start : match.end],
                    key=held.key + match.key,
                )
            else:
                if held is not None:
                    yield held
                held = replace(match, meanings=())
            continue
        if held is not None:
            yield held
            held = None
        yield match
    if held is not None:
        yield held


def _is_unknown_han(match: Match) -> bool:
    single = not match.meanings and len(match.key) == 1 and not match.key.isascii()
    return single and match.text.isalpha()


def _belongs_to_unknown(matches: list[Match], i: int) -> bool:
    """Whether a thing of one character stands right before or after a character nothing
    explains."""
    match = matches[i]
    if len(match.key) != 1 or not is_han(match.key) or ":" in " ".join(match.meanings or (":",)):
        return False
    if i and match.adjacent and _is_unknown_han(matches[i - 1]):
        return True
    after = matches[i + 1 : i + 3]
    if not after or not after[0].adjacent or not _is_unknown_han(after[0]):
        return False
    return not (len(after) == 2 and after[0].key == after[1].key)
