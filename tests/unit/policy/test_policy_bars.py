"""The bars of docs/policy.md, on both halves of the corpus; the held-out one is frozen by its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache

import pytest

from danqing.policy import shipped_packs
from danqing.policy.judging import Judge
from danqing.policy.ngrams import shipped_ngrams
from support.corpus import DISGUISES_EACH, FOLDER, HALVES, WEAKEST, half, sentences
from support.policy_bars import (
    MAX_FALSE_HOLDS,
    MAX_FALSE_REFUSALS,
    MIN_RECALL,
    MIN_RECALL_DISGUISED,
    Tally,
    free,
    tally,
)

FROZEN = {
    "heldout.yaml": "5dd02504d381b23d688a87a2d1a5c0a75f106968df94b57888662cfe43d3ae21",
    "free_heldout.txt": "fc503c56457d8e26830286245577d29f5050687aa6b24bdb86cf9750ee972b2d",
    "weakest_heldout.yaml": "0feef808dffec8c87c660b19ac7cf86d28094e91126d99c9a72c469047f96fa8",
}
"""SHA-256 of what was written before the lists of its day were mended, and is not to change."""
FREE_HALVES = ("free_tuning", "free_heldout")
MIN_RECALL_FREE = 0.90
MAX_FALSE_REFUSALS_FREE = 0.0125
MAX_FALSE_HOLDS_FREE = 0.03
"""Below what docs/policy.md publishes for sentences from no template, so that it can't get worse unseen.
Two refusals and four holds, of 161 sentences, are let pass."""


@cache
def judged(name: str) -> Tally:
    return tally(Judge(shipped_packs(), ngrams=shipped_ngrams()), name)


@pytest.mark.parametrize("file", FROZEN)
def test_what_is_held_out_is_as_it_was_frozen(file: str) -> None:
    assert hashlib.sha256((FOLDER / file).read_bytes()).hexdigest() == FROZEN[file]


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
@pytest.mark.parametrize("name", [*HALVES, WEAKEST])
@pytest.mark.parametrize("bar", BARS)
def test_the_bar_is_reached(name: str, bar: str) -> None:
    found = judged(name)
    assert BARS[bar](found), "\n".join(found.lines())


def test_the_free_halves_are_large_and_share_no_sentence() -> None:
    tuning, held_out = (tuple(sentences(name)) for name in FREE_HALVES)
    assert not {text for *_, text in tuning} & {text for *_, text in held_out}
    for side in ("blocked", "passes"):
        assert sum(s == side for s, *_ in (*tuning, *held_out)) >= 300
    categories = {c for p in shipped_packs() for c, _ in p.risks} - {"harmless"}
    for half_of_it in (tuning, held_out):
        assert {c for side, c, _ in half_of_it if side == "blocked"} == categories


@pytest.mark.parametrize("name", FREE_HALVES)
def test_free_sentences_are_judged_no_worse_than_published(name: str) -> None:
    found = free(Judge(shipped_packs(), ngrams=shipped_ngrams()), name)
    assert found.recall >= MIN_RECALL_FREE, "\n".join(found.lines())
    assert found.false_refusals <= MAX_FALSE_REFUSALS_FREE
    assert found.false_holds <= MAX_FALSE_HOLDS_FREE


@pytest.mark.slow
def test_a_filter_without_rules_fails_the_bars() -> None:
    """The check can fail: with one pack of five the recall is not reached."""
    found = tally(Judge(shipped_packs()[:1]), "tuning")
    assert not BARS["recall"](found)
