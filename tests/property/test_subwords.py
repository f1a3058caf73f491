"""Any text at all has pieces the table holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from danqing.lexicon.subwords import SUBWORD_ROWS, SUBWORD_SLOTS, subword_ids
from danqing.lexicon.text import fold


@given(st.text())
def test_pieces_are_few_in_range_and_without_gaps(word: str) -> None:
    ids = subword_ids(word)
    assert ids.shape == (SUBWORD_SLOTS,)
    assert ids.dtype == "int64"
    assert ((ids >= 0) & (ids < SUBWORD_ROWS)).all()
    assert sorted(ids > 0, reverse=True) == list(ids > 0)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_pieces_are_the_same_every_time_and_however_it_is_typed(word: str) -> None:
    assert subword_ids(word).tolist() == subword_ids(fold(word)).tolist()
    assert subword_ids(word).tolist() == subword_ids(word).tolist()
