"""Cutting sentences, with a lexicon small enough to see through."""

from __future__ import annotations

import pytest

from danqing.lexicon.segment import Segmenter, number

SMALL = Segmenter(
    words={"马": "horse", "上": "spatial:top", "熊": "bear", "猫": "cat", "熊猫": "panda"}
    | {"红": "colour:red", "肉": "meat", "hot dog": "hot-dog", "dog": "dog", "许多": "count:5"},
    measures={"只": 1, "对": 2, "群": 5, "张": 0},
    ordinary=frozenset({"马上", "红烧肉"}),
    longest={"马": 2, "熊": 2, "红": 3, "hot": 2, "许": 2},
)


def cut(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(m.text, m.meanings) for m in SMALL.cut(text)]


def test_the_longer_word_wins() -> None:
    assert cut("熊猫熊") == [("熊猫", ("panda",)), ("熊", ("bear",))]


def test_ordinary_words_stay_whole() -> None:
    assert cut("马上") == [("马上", ())]
    assert cut("红烧肉") == [("红烧肉", ())]
    assert cut("红肉") == [("红", ("colour:red",)), ("肉", ("meat",))]


def test_english_words_match_whole_and_in_the_plural() -> None:
    assert cut("Hot-dogs dogma") == [("Hot-dogs", ("hot-dog",)), ("dogma", ())]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("三只猫", "count:3"),
        ("３只猫", "count:3"),
        ("两对猫", "count:4"),
        ("一群猫", "count:5"),
        ("二十只猫", "count:20"),
        ("许多只猫", "count:5"),
        ("三张猫", "sheets:3"),
    ],
)
def test_counts(text: str, meaning: str) -> None:
    assert cut(text) == [(text[:-1], (meaning,)), ("猫", ("cat",))]


def test_unknown_characters_are_one_word() -> None:
    assert cut("格鲁特熊猫，格 鲁") == [
        ("格鲁特", ()),
        ("熊猫", ("panda",)),
        ("，", ()),
        ("格", ()),
        (" ", ()),
        ("鲁", ()),
    ]


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十", 10), ("十二", 12), ("三十", 30), ("两百零五", 205), ("一千", 1000), ("42", 42)],
)
def test_numbers(numeral: str, value: int) -> None:
    assert number(numeral) == value


def test_no_number_is_beyond_bounds() -> None:
    assert number("9" * 500) == number("九九九九九九") == 9999
    assert number("猫") is None
