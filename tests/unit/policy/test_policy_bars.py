"""The bars of docs/policy.md, on both halves of the corpus; the held-out one is frozen by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache

import pytest

from danqing.policy import shipped_packs
from danqing.policy.judging import Judge
from danqing.policy.ngrams import shipped_ngrams
from support.corpus import DISGUISES_EACH, FOLDER, HALVES, half
from support.policy_bars import (
    MAX_FALSE_HOLDS,
    MAX_FALSE_REFUSALS,
    MIN_RECALL,
    MIN_RECALL_DISGUISED,
    Tally,
    tally,
)

FROZEN = "5dd02504d381b23d688a87a2d1a5c0a75f106968df94b57888662cfe43d3ae21"
"""SHA-256 of heldout.yaml, which was written before the lists of its day and is not to change."""


@cache
def judged(name: str) -> Tally:
    return tally(Judge(shipped_packs(), ngrams=shipped_ngrams()), name)


def test_the_held_out_half_is_as_it_was_frozen() -> None:
    assert hashlib.sha256((FOLDER / "heldout.yaml").read_bytes()).hexdigest() == FROZEN


def test_the_halves_share_no_prompt_and_no_template() -> None:
    tuning, held_out = ({s.text for side in half(name).values() for s in side} for name in HALVES)
    shared = tuning & held_out
    assert len(shared) <= 10, shared  # an idiom alone is one prompt, whoever writes it


def test_the_corpus_is_large_and_each_prompt_has_ten_disguises() -> None:
    categories = {c for p in shipped_packs() for c, _ in p.risks} - {"harmless"}
    sides = half("heldout")
    assert min(map(len, sides.values())) >= 1500
    assert {s.category for s in sides["blocked"]} == categories
    assert {s.category for s in half("tuning")["blocked"]} == categories
    for sample in sides["blocked"][::40]:
        texts = [text for _, text in sample.disguised()]
        assert len({sample.text, *texts}) == DISGUISES_EACH + 1


BARS: dict[str, Callable[[Tally], bool]] = {
    "recall": lambda found: found.recall >= MIN_RECALL,
    "recall in disguise": lambda found: found.recall_disguised >= MIN_RECALL_DISGUISED,
    "false refusals": lambda found: found.false_refusals <= MAX_FALSE_REFUSALS,
    "false holds": lambda found: found.false_holds <= MAX_FALSE_HOLDS,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HALVES)
@pytest.mark.parametrize("bar", BARS)
def test_the_bar_is_reached(name: str, bar: str) -> None:
    found = judged(name)
    assert BARS[bar](found), "\n".join(found.lines())


@pytest.mark.slow
def test_a_filter_without_rules_fails_the_bars() -> None:
    """The check can fail: with one pack of five the recall is not reached."""
    found = tally(Judge(shipped_packs()[:1]), "tuning")
    assert not BARS["recall"](found)
