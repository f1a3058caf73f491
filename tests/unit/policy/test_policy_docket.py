"""Rulings, pardons, appeals, complaints, consents: kept in the database, said in the ledger. On SQLite
and on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from danqing.db import Database, Event
from danqing.errors import Forbidden, InputError, NotDeclared, NotFound
from danqing.identity.types import Identified, Person
from danqing.policy import (
    Cases,
    Docket,
    Held,
    Permit,
    Policy,
    Refusal,
    shipped_packs,
)
from danqing.request.types import Source
from danqing.store import Store, open_store
from support.asking import NOON, FixedCheck, asked

REVIEWER = Person("01K1JZC6J2R5X8Q3N4M5P6T7R0", NOON, local=False, role="reviewer")
PACKS = tuple(p for p in shipped_packs() if p.name in ("danqing-sexual", "danqing-conduct"))
NUDE, PORN, MINORS = "一幅裸体", "一张色情海报", "萝莉的色图"


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Hand) -> Iterator[Store]:
    on_postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if on_postgres else None
    with open_store(tmp_path / "home", clock, database_url=url) as opened:
        with opened.database.write() as connection:
            from sqlalchemy import insert

            from danqing.db.tables import people
            from danqing.db.times import utc_text

            for person_id in (asked("x").person.id, REVIEWER.id):
                connection.execute(
                    insert(people),
                    {"id": person_id, "created_at": utc_text(NOON), "local": 0},
                )
        yield opened


@pytest.fixture
def docket(store: Store, clock: Hand) -> Docket:
    return Docket(store.database, clock)


@pytest.fixture
def policy(docket: Docket, clock: Hand) -> Policy:
    return Policy(PACKS, FixedCheck(), clock, docket=docket)


@pytest.fixture
def cases(store: Store, docket: Docket, clock: Hand) -> Cases:
    return Cases(store.database, docket, clock, appeal_days=7, complaint_days=3)


_SERIAL = iter(range(10_000))


def decided(
    store: Store, policy: Policy, text: str, clock: Hand
) -> tuple[Identified, Permit | Held | Refusal]:
    """As flow does it: the batch begins, is decided, and a verdict that stops it is recorded."""
    person = replace(asked(text).person, local=False)
    batch_id = f"01K1JZC6J2R5X8Q3N4M6{next(_SERIAL):06d}"
    identified = replace(asked(text), person=person, batch_id=batch_id, asked_at=clock())
    store.begin(identified)
    verdict = policy.decide(identified)
    if isinstance(verdict, Refusal):
        store.record_refusal(verdict)
    elif isinstance(verdict, Held):
        store.record_hold(verdict)
    clock.turn(minutes=5)
    return identified, verdict


def lines(database: Database, kind: str) -> list[dict[str, object]]:
    with database.read() as connection:
        found = database.ledger.lines(connection)
        return [json.loads(line.facts) for line in found if line.kind == kind]


def test_a_reviewer_lets_through_what_was_held_and_that_alone(
    store: Store, policy: Policy, docket: Docket, clock: Hand
) -> None:
    identified, held = decided(store, policy, NUDE, clock)
    assert isinstance(held, Held)
    (pending,) = docket.pending()
    assert (pending.batch_id, pending.kind, pending.prompt) == (identified.batch_id, "hold", NUDE)
    ruling = docket.rule(
        identified.batch_id[:20] + identified.batch_id[20:], "allow", REVIEWER, "美术"
    )
    assert ruling.rules == ("sexual/nudity",)
    assert docket.pending() == ()
    _, permit = decided(store, policy, NUDE, clock)
    assert isinstance(permit, Permit)
    assert permit.excused == ("sexual/nudity",)
    _, other = decided(store, policy, NUDE + "，色情", clock)
    assert isinstance(other, Refusal)
    (line,) = lines(store.database, "ruling")
    assert (line["decision"], line["because"]) == ("allow", "美术")


def test_a_reviewer_stops_what_no_rule_found_for_everybody(
    store: Store, policy: Policy, docket: Docket, clock: Hand
) -> None:
    identified, permit = decided(store, policy, "一只熊猫", clock)
    assert isinstance(permit, Permit)
    docket.rule(identified.batch_id, "refuse", REVIEWER, "暗语")
    _, refusal = decided(store, policy, "一只熊猫", clock)
    assert isinstance(refusal, Refusal)
    assert refusal.reasons[0].rule.startswith("review/")
    assert docket.strikes(identified.person.id, NOON) != ()


def test_what_is_final_stays_refused(
    store: Store, policy: Policy, docket: Docket, clock: Hand
) -> None:
    identified, refusal = decided(store, policy, MINORS, clock)
    assert isinstance(refusal, Refusal)
    assert "minors/sexualised" in policy.final_rules
    with pytest.raises(InputError, match=r"policy\.final"):
        docket.rule(identified.batch_id, "allow", REVIEWER, "…", policy.final_rules)


def test_only_reviewers_rule_and_only_with_a_reason(
    store: Store, policy: Policy, docket: Docket, clock: Hand
) -> None:
    identified, _ = decided(store, policy, NUDE, clock)
    with pytest.raises(Forbidden):
        docket.rule(identified.batch_id, "allow", identified.person, "请通过")
    with pytest.raises(InputError, match=r"policy\.because"):
        docket.rule(identified.batch_id, "allow", REVIEWER, "  ")
    for nowhere in ("01ZZZZ", "%", ""):
        with pytest.raises(NotFound):
            docket.rule(nowhere, "allow", REVIEWER, "…")
    permitted, _ = decided(store, policy, "一只猫", clock)
    with pytest.raises(InputError, match=r"policy\.nothing_to_overturn"):
        docket.rule(permitted.batch_id, "allow", REVIEWER, "…")


def test_whoever_is_refused_again_and_again_is_warned_slowed_suspended_and_pardoned(
    store: Store, policy: Policy, docket: Docket, clock: Hand
) -> None:
    told = []
    for _ in range(8):
        identified, refusal = decided(store, policy, PORN, clock)
        assert isinstance(refusal, Refusal)
        told.append([r.rule for r in refusal.reasons if r.category == "conduct"])
    assert told[:2] == [[], []]
    assert told[2] == ["conduct/warned"]
    assert "conduct/slowed" in told[4]
    assert "conduct/suspended" in told[7]
    _, refusal = decided(store, policy, "一只熊猫", clock)
    assert isinstance(refusal, Refusal)
    assert {r.category for r in refusal.reasons} == {"conduct"}
    docket.pardon(identified.person.id, REVIEWER, "误判")
    _, permit = decided(store, policy, "一只熊猫", clock)
    assert isinstance(permit, Permit)


def test_slowed_means_a_wait_and_then_an_answer(store: Store, policy: Policy, clock: Hand) -> None:
    for _ in range(5):
        decided(store, policy, PORN, clock)
    decided(store, policy, "一只猫", clock)
    clock.turn(minutes=-5)
    clock.turn(seconds=30)
    _, hasty = decided(store, policy, "一只猫", clock)
    assert isinstance(hasty, Refusal)
    assert [r.rule for r in hasty.reasons] == ["conduct/slowed"]
    _, patient = decided(store, policy, "一只猫", clock)
    assert isinstance(patient, Permit)


def test_a_refusal_that_was_overturned_does_not_count(
    store: Store, policy: Policy, docket: Docket, clock: Hand
) -> None:
    identified, _ = decided(store, policy, PORN, clock)
    assert len(docket.strikes(identified.person.id, NOON - timedelta(days=1))) == 1
    docket.rule(identified.batch_id, "allow", REVIEWER, "课题")
    assert docket.strikes(identified.person.id, NOON - timedelta(days=1)) == ()


def test_an_appeal_has_an_id_a_day_and_an_answer_that_counts(
    store: Store, policy: Policy, cases: Cases, clock: Hand
) -> None:
    identified, _ = decided(store, policy, NUDE, clock)
    opened_at = clock()
    case = cases.appeal(identified.batch_id, identified.person, "这是石膏像")
    assert case.due_at == opened_at + timedelta(days=7)
    with pytest.raises(InputError, match=r"policy\.appeal_open"):
        cases.appeal(identified.batch_id, identified.person, "快一点")
    with pytest.raises(NotFound):
        cases.appeal(identified.batch_id, REVIEWER, "别人的")
    clock.turn(days=8)
    (waiting,) = cases.waiting()
    assert waiting.overdue(clock())
    answered = cases.answer(case.id[:14], REVIEWER, "确是误拦", upheld=True)
    assert (answered.upheld, answered.answered_by) == (True, REVIEWER.id)
    assert cases.waiting() == ()
    _, permit = decided(store, policy, NUDE, clock)
    assert isinstance(permit, Permit)
    with pytest.raises(InputError, match=r"policy\.case_answered"):
        cases.answer(case.id, REVIEWER, "再来", upheld=False)
    assert [line["upheld"] for line in lines(store.database, "answer")] == [True]


def test_anybody_can_complain_who_can_be_answered(store: Store, cases: Cases) -> None:
    with pytest.raises(InputError, match=r"policy\.no_contact"):
        cases.complain("用了我的脸", about=None, person=None, contact=None)
    case = cases.complain("用了我的脸", about="01K1JZ", person=None, contact="me@example.org")
    assert case.due_at - case.opened_at == timedelta(days=3)
    with pytest.raises(Forbidden):
        cases.answer(case.id, asked("x").person, "好", upheld=True)
    assert cases.answer(case.id, REVIEWER, "已删除", upheld=True).upheld
    (line,) = lines(store.database, "case")
    assert "contact" not in line


def test_under_cn_a_face_is_edited_only_with_a_word_on_consent(
    store: Store, docket: Docket, clock: Hand
) -> None:
    white = np.full((8, 8, 4), 255, np.uint8)
    source = Source("upload", "ab" * 32)
    identified = asked("戴上帽子")
    request = replace(identified.request, sources=(source,), strength=0.5)
    identified = replace(identified, request=request)
    chinese = Policy(PACKS, FixedCheck(), clock, profile="cn", docket=docket)
    with pytest.raises(NotDeclared, match=r"policy\.no_face_consent"):
        chinese.decide(identified, [white])
    assert isinstance(Policy(PACKS, FixedCheck(), clock).decide(identified, [white]), Permit)
    docket.consent(identified.person, source.id, "everyone")
    assert isinstance(chinese.decide(identified, [white]), Permit)
    (line,) = lines(store.database, "consent")
    assert (line["sha256"], line["statement"]) == (source.id, "everyone")


def test_facts_that_retention_forgot_count_for_nothing(
    store: Store, docket: Docket, clock: Hand
) -> None:
    person = asked("x").person
    with store.database.write() as connection:
        event = Event("refusal", clock(), {}, person_id=person.id)
        store.database.ledger.append(connection, event)
    assert docket.strikes(person.id, NOON - timedelta(days=1)) == ()
