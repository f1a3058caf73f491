"""What words are made of."""

from __future__ import annotations

import numpy as np
import pytest

from danqing.lexicon import lexicon
from danqing.lexicon.subwords import SUBWORD_ROWS, subword_ids


def shared(first: str, second: str) -> set[int]:
    return set(subword_ids(first).tolist()) & set(subword_ids(second).tolist()) - {0}


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("熊貓", "熊猫"), ("三角鋼琴", "三角钢琴"), ("Grand  Pianos", "grand piano"), ("Ｔ恤", "t恤")],
)
def test_one_word_has_one_set_of_pieces(typed: str, folded: str) -> None:
    np.testing.assert_array_equal(subword_ids(typed), subword_ids(folded))


def test_the_pieces_of_a_word_stay_as_they_are() -> None:
    """The shipped table was trained on these rows."""
    assert subword_ids("熊猫").tolist() == [2490, 2402, 130, 125, 0, 0, 0, 0]
    assert subword_ids("cat").tolist() == [1336, 2084, 1591, 0, 0, 0, 0, 0]


def test_a_compound_shares_its_head_and_a_typing_slip_the_rest() -> None:
    assert len(shared("缅因猫", "猫")) >= 2
    assert not shared("马", "海豹")
    assert shared("grand piano", "piano") >= {int(subword_ids("piano")[0])}
    assert len(shared("elefant", "elephant")) >= 2


def test_no_word_has_no_pieces() -> None:
    for nothing in ("", "   ", "\n", "\u200b", "🐼", "？！"):
        assert not subword_ids(nothing).any()


def test_long_words_keep_their_end() -> None:
    assert subword_ids("一只在雪地里打滚的熊猫")[0] == subword_ids("熊猫")[0]
    assert subword_ids("a very large old grand piano")[0] == subword_ids("piano")[0]


def test_hardly_two_concepts_words_look_alike() -> None:
    """Pieces share rows, but whole words seldom do."""
    told: dict[tuple[int, ...], set[str]] = {}
    for concept, words in lexicon().words().items():
        for word in filter(str.isalnum, words):  # no phrases: their beginnings are cut off
            ids = subword_ids(word)
            assert ids.max() < SUBWORD_ROWS, word
            told.setdefault(tuple(ids.tolist()), set()).add(concept)
    assert sum(len(concepts) > 1 for concepts in told.values()) < 0.02 * len(told)
