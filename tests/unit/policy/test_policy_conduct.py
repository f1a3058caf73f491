"""Repeated refusals: warned, slowed, suspended, and let go again as time and rules say."""

from __future__ import annotations

from datetime import timedelta

from danqing.policy.conduct import Strike, bars, earned, longest_memory, reason
from danqing.policy.rules import ConductAction, ConductRule
from support.asking import NOON

HOUR = timedelta(hours=1)


def rule(action: ConductAction = "suspend", **changed: object) -> ConductRule:
    facts: dict[str, object] = {
        "id": f"conduct/{action}", "action": action, "after": 3, "within_h": 24, "for_h": 12,
        "wait_s": 60, "categories": (), "article": "第十四条",
        "explanation": (("en", "until {until}, every {wait_s} s"),),
    } | changed  # fmt: skip
    return ConductRule(**facts)  # type: ignore[arg-type]


def struck(*hours: float, category: str = "sexual") -> tuple[Strike, ...]:
    return tuple(Strike(NOON + h * HOUR, frozenset({category})) for h in hours)


def test_enough_refusals_close_the_door_and_time_opens_it() -> None:
    strikes = struck(0, 1, 2)
    assert not list(bars([rule()], strikes[:2], NOON + 3 * HOUR))
    ((_, until),) = bars([rule()], strikes, NOON + 3 * HOUR)
    assert until == NOON + 14 * HOUR
    assert not list(bars([rule()], strikes, until))


def test_refusals_far_apart_do_not_add_up() -> None:
    assert not list(bars([rule()], struck(0, 20, 40), NOON + 41 * HOUR))


def test_only_the_categories_a_rule_names_count() -> None:
    only = rule(categories=("minors",))
    assert not list(bars([only], struck(0, 1, 2), NOON + 3 * HOUR))
    assert list(bars([only], struck(0, 1, 2, category="minors"), NOON + 3 * HOUR))


def test_a_warning_closes_nothing_and_is_said_once_it_is_earned() -> None:
    warn = rule("warn", for_h=0)
    assert not list(bars([warn], struck(0, 1, 2, 3), NOON + 3 * HOUR))
    assert not list(earned([warn], struck(0), struck(1)[0]))
    ((told, _),) = earned([warn], struck(0, 1), struck(2)[0])
    assert told is warn


def test_memory_reaches_as_far_as_any_rule_needs() -> None:
    assert longest_memory([rule(), rule(within_h=100, for_h=50)]) == 150 * HOUR
    assert longest_memory([]) == 0 * HOUR


def test_the_sentence_says_until_when() -> None:
    said = reason(rule(), "house", NOON)
    assert said.explain("en") == "until 2026-08-01 12:00 UTC, every 60 s"
    assert (said.pack, said.category, said.start, said.end) == ("house", "conduct", 0, 0)
