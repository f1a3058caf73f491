"""Adding up: figures, breakdowns, gaps and the page, from outcomes made by hand."""

import json
import math

import pytest

from danqing.evaluation.cases import Case, Kind
from danqing.evaluation.measures import Marks
from danqing.evaluation.report import (
    Figure,
    Report,
    figures_of,
    language_gap,
    seen_and_held_out,
    to_markdown,
    with_real,
)
from danqing.evaluation.run import Outcome, sharpness
from danqing.evaluation.statistics import Share
from danqing.request.types import Brief, Language, Thing


def _outcome(
    case: str,
    kind: Kind,
    marks: dict[str, bool],
    *,
    language: Language = "en",
    held_out: bool = False,
    groups: dict[str, str] | None = None,
    numbers: dict[str, float] | None = None,
) -> Outcome:
    asked = Case(case, kind, Brief((Thing("cat"),)), held_out, ((language, "a cat"),))
    return Outcome(
        asked, language, "a cat", 0, True, Marks(marks, groups or {}, numbers or {}), 0.1
    )


OUTCOMES = [
    _outcome("c1", "concept", {"concept": True}, groups={"kind": "nature"}),
    _outcome("c1", "concept", {"concept": True}, groups={"kind": "nature"}, language="zh-Hans"),
    _outcome("c2", "concept", {"concept": True}, groups={"kind": "food"}),
    _outcome("c2", "concept", {"concept": False}, groups={"kind": "food"}, language="zh-Hans"),
    _outcome("p1", "place", {"place": True}),
    _outcome("r1", "relation", {"relation": False}),
    _outcome("k1", "colour", {"colour": True}),
    _outcome("k2", "colour", {"colour": False}, held_out=True),
]


def _figure(name: str) -> Figure:
    return next(f for f in figures_of(OUTCOMES) if f.name == name)


def test_figures_and_breakdowns() -> None:
    concept = _figure("concept")
    assert concept.share == Share(3, 4, 2)
    assert concept.groups["kind"] == {"food": Share(1, 2, 1), "nature": Share(2, 2, 1)}
    assert concept.groups["language"]["zh-Hans"] == Share(1, 2, 2)


def test_place_and_relation_are_also_one_figure() -> None:
    assert _figure("place and relation").share == Share(1, 2, 2)


def test_share_of_real() -> None:
    real = [Figure("concept", Share(8, 10, 10))]
    (concept, *_) = with_real(figures_of(OUTCOMES), real)
    assert concept.of_real == pytest.approx(0.75 / 0.8)


def test_gap_is_chinese_minus_english() -> None:
    assert language_gap(OUTCOMES)["concept"] == pytest.approx(-50)


def test_seen_and_held_out() -> None:
    seen, held = seen_and_held_out(OUTCOMES)["colour"]
    assert (seen.value, held.value) == (1.0, 0.0)


def test_sharpness_is_a_ratio_of_sums() -> None:
    drawn = [
        _outcome("s1", "concept", {}, numbers={"edges": 0.1, "edges of real": 0.2}),
        _outcome("s2", "concept", {}, numbers={"edges": 0.2, "edges of real": 0.2}),
    ]
    assert sharpness(drawn) == pytest.approx(0.75)
    assert math.isnan(sharpness(OUTCOMES))


@pytest.fixture
def report() -> Report:
    return Report(
        engine="mini-1",
        sentences=8,
        pictures=6,
        seeds=1,
        judge={"classes": 2, "concept": {"all": {"top1": 0.7, "top5": 0.9, "count": 10}}},
        figures=with_real(figures_of(OUTCOMES), [Figure("concept", Share(8, 10, 10))]),
        gap=language_gap(OUTCOMES),
        held_out=seen_and_held_out(OUTCOMES),
        sharpness=0.75,
        sharpness_512=math.nan,
        sharpness_pasted=0.65,
        near_copies=Share(1, 20, 20),
        shumai={"shumai-cantonese": 8, "shumai-jiangnan": 6},
        understood={"en": Share(6, 6, 6)},
        draw_s=0.1,
        extras={"memory off": {"concept": 0.5}},
    )


def test_json_has_no_nan_and_carries_intervals(report: Report) -> None:
    read = json.loads(report.to_json(), parse_constant=lambda name: pytest.fail(name))
    concept = next(f for f in read["figures"] if f["name"] == "concept")
    assert concept["share"]["value"] == 0.75
    assert concept["share"]["low"] < 0.75 < concept["share"]["high"]
    assert read["sharpness_512"] is None


def test_the_page_says_what_was_measured(report: Report) -> None:
    page = to_markdown(report)
    assert "| **concept** | 75.0% |" in page
    assert "93.8%" in page  # of real
    assert "memory off" in page
    assert "concept by kind" in page
    assert page.index("The judge itself") < page.index("Figures")
