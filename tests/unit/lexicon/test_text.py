"""Folding and cutting text."""

from __future__ import annotations

import pytest

from danqing.lexicon.text import fold, key_of, singulars, tokens


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("三隻紅色的貓", "三只红色的猫"),
        ("３只ＣＡＴ", "3只cat"),
        ("燒賣", "烧卖"),
        ("穿著旗袍", "穿着旗袍"),
        ("Café piñata", "cafe pinata"),
        ("it’s", "it's"),
    ],
)
def test_fold(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    "text", ["İstanbul ﬁsh", "㎏ ½ ﷽", "乾隆皇帝乾淨的麵", "👩🏽‍🍳", "e\u0301"]
)
def test_folding_keeps_every_index(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_tokens_know_where_they_were() -> None:
    text = "a T-shirt，３只 熊\u200b猫's"
    found = tokens(fold(text))
    assert [t.key for t in found] == ["a", "t", "shirt", ",", "3", "只", ",", "熊", "猫", "'", "s"]
    assert [text[t.start : t.end] for t in found[:3]] == ["a", "T", "shirt"]


def test_one_key_however_a_word_is_spelt() -> None:
    assert key_of("Ice-Cream") == key_of("ice  cream") == "ice cream"
    assert key_of("T恤") == key_of("Ｔ恤") == "t恤"


@pytest.mark.parametrize(
    ("plural", "singular"),
    [("children", "child"), ("cherries", "cherry"), ("boxes", "box"), ("cats", "cat")],
)
def test_singulars(plural: str, singular: str) -> None:
    assert singular in singulars(plural)


@pytest.mark.parametrize("word", ["dress", "bus", "cat", "gas"])
def test_no_plural_no_singular(word: str) -> None:
    assert singulars(word) == ()
