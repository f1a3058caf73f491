"""Prompts: enough of each kind, the same for the same seed, and saying what their Brief says."""

from collections import Counter

import pytest

from danqing.evaluation.cases import SHARES, Case, count_sentences, same_meaning
from danqing.evaluation.catalogue import Catalogue, Entry
from danqing.evaluation.prompts import build_cases
from danqing.evaluation.run import by_parser
from danqing.evaluation.wordings import COUNTABLE, with_article
from danqing.lexicon import lexicon
from danqing.training.heldout import is_held_out

STYLES = ("noto", "blob", "flat", "glossy")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Everything the lexicon knows, as if drawn in four styles."""
    builds = {
        "plus-size-woman": "plus",
        "plus-size-man": "plus",
        "slim-man": "slim",
        "cook": "average",
    }
    return Catalogue(
        {
            c.id: Entry(
                c.kind,
                ("danqing",) if c.ours else STYLES,
                (1, 2, 3, 4, 5) if c.has_skin else (),
                c.genders,
                builds.get(c.id, ""),
                c.ours,
            )
            for c in lexicon().concepts()
        }
    )


@pytest.fixture(scope="module")
def cases(catalogue: Catalogue) -> tuple[Case, ...]:
    return build_cases(catalogue, 2_000)


def test_full_and_quick_sizes(catalogue: Catalogue, cases: tuple[Case, ...]) -> None:
    assert count_sentences(cases) >= 2_000
    assert 300 <= count_sentences(build_cases(catalogue, 300)) <= 330


def test_every_kind_occurs_in_a_quick_run(catalogue: Catalogue) -> None:
    assert set(Counter(c.kind for c in build_cases(catalogue, 300))) == set(SHARES)


def test_same_seed_same_cases(catalogue: Catalogue) -> None:
    assert build_cases(catalogue, 300, seed=5) == build_cases(catalogue, 300, seed=5)
    assert build_cases(catalogue, 300, seed=5) != build_cases(catalogue, 300, seed=6)


def test_both_languages_of_each_case(cases: tuple[Case, ...]) -> None:
    for case in cases:
        languages = [language for language, _ in case.sentences]
        assert languages[1] == "en"
        assert languages[0] in ("zh-Hans", "zh-Hant")
    assert Counter(c.sentences[0][0] for c in cases)["zh-Hant"] > 50


def test_held_out_is_what_training_leaves_out(cases: tuple[Case, ...]) -> None:
    for case in cases:
        things = [t.concept for t in case.brief.things]
        if case.kind == "colour":
            asked = is_held_out(things[0], f"colour:{case.brief.things[0].colour}")
        elif case.kind == "style":
            asked = is_held_out(things[0], f"style:{case.brief.style}")
        elif case.kind in ("relation", "two-colours", "doing"):
            asked = is_held_out(*things)
        else:
            asked = False
        assert case.held_out == asked
    held = Counter(c.held_out for c in cases if c.kind == "colour")
    assert held[True] == held[False]


def test_counts_to_five_and_five_tones(cases: tuple[Case, ...]) -> None:
    assert {c.brief.things[0].count for c in cases if c.kind == "count"} == {2, 3, 4, 5}
    tones = Counter(c.brief.things[0].skin for c in cases if c.kind == "skin")
    assert set(tones) == {1, 2, 3, 4, 5}
    assert max(tones.values()) - min(tones.values()) <= 1


def test_nearly_all_sentences_read_as_meant(cases: tuple[Case, ...]) -> None:
    """The truth is ours, the reading is the parser's: where they part, one of them is wrong."""
    wrong = [
        sentence
        for case in cases
        for language, sentence in case.sentences
        if not same_meaning(by_parser(case, language, sentence), case.brief)
    ]
    assert len(wrong) < 0.06 * count_sentences(cases), wrong[:40]


def test_countable_things_exist() -> None:
    assert [c for c in COUNTABLE if c not in lexicon()] == []


def test_articles() -> None:
    assert with_article("apple") == "an apple"
    assert with_article("unicorn") == "a unicorn"
