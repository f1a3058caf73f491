from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from danqing.errors import DanqingError, Forbidden, InputError, KeyLost, NotFound
from danqing.identity import Person, Proof, RealName
from support.people import PASSWORD, RESIDENT_ID, Town

CASE = "京公 2026-114"


@pytest.fixture
def lin(place: Town) -> Person:
    person = place.person("lin")
    proof = Proof(
        "attestation", RealName("resident-id", RESIDENT_ID, "林小雨"), place.clock(), "card"
    )
    place.register.real_names.record(person.id, proof, by=place.owner)
    return person


def test_two_operators_and_a_case_number_tell_who_one_person_is(place: Town, lin: Person) -> None:
    wu, zhao = place.person("wu", "operator"), place.person("zhao", "operator")
    disclosures = place.register.disclosures
    asked = disclosures.ask(lin.id, f" {CASE} ", by=wu)
    assert (asked.case_number, asked.approved) == (CASE, None)
    with pytest.raises(Forbidden, match="not_approved"):
        disclosures.show(asked.id, by=wu)
    disclosures.decide(asked.id, approve=True, by=zhao)
    told = disclosures.show(asked.id, by=wu)
    assert told.real_name == RealName("resident-id", RESIDENT_ID, "林小雨")
    assert (told.person_id, told.login, told.verified_by) == (lin.id, "lin", "attestation")
    assert RESIDENT_ID not in repr(told)
    assert disclosures.show(asked.id.lower(), by=zhao).real_name == told.real_name
    steps = [(line["step"], line["by"]) for line in place.lines("disclosure")]
    assert steps == [("asked", wu.id), ("approved", zhao.id), ("shown", wu.id), ("shown", zhao.id)]
    for line in place.lines("disclosure"):
        assert (line["about"], line["case_number"]) == (lin.id, CASE)
    assert RESIDENT_ID not in str(place.lines())
    assert "林小雨" not in str(place.lines())


def test_whoever_asked_does_not_approve(place: Town, lin: Person) -> None:
    wu = place.person("wu", "operator")
    asked = place.register.disclosures.ask(lin.id, CASE, by=wu)
    with pytest.raises(Forbidden, match="second_person"):
        place.register.disclosures.decide(asked.id, approve=True, by=wu)
    with pytest.raises(Forbidden, match="second_person"):
        place.register.disclosures.decide(asked.id, approve=True, by=replace(wu, role="owner"))


def test_the_database_itself_takes_no_approval_by_whoever_asked(place: Town, lin: Person) -> None:
    asked = place.register.disclosures.ask(lin.id, CASE, by=place.owner)
    statement = text("UPDATE disclosures SET decided_by = asked_by, approved = 1 WHERE id = :id")
    with pytest.raises((DBAPIError, DanqingError)), place.register.database.write() as connection:
        connection.execute(statement, {"id": asked.id})
    with pytest.raises(Forbidden, match="not_approved"):
        place.register.disclosures.show(asked.id, by=place.owner)


def test_an_operator_whose_password_another_set_is_no_second_person(
    place: Town, lin: Person
) -> None:
    """Whoever made the account knows its password, and could be both."""
    accounts, disclosures = place.register.accounts, place.register.disclosures
    account = accounts.add("puppet", by=place.owner, role="operator", password=PASSWORD)
    puppet = accounts.authenticate("puppet", PASSWORD)
    asked = disclosures.ask(lin.id, CASE, by=place.owner)
    with pytest.raises(Forbidden, match="password_not_own"):
        disclosures.decide(asked.id, approve=True, by=puppet)
    with pytest.raises(Forbidden, match="password_not_own"):
        disclosures.ask(lin.id, CASE, by=puppet)
    accounts.set_password(account.id, "one of my own now", by=puppet, current=PASSWORD)
    disclosures.decide(asked.id, approve=True, by=puppet)
    accounts.set_password(account.id, "taken over again", by=place.owner)
    with pytest.raises(Forbidden, match="password_not_own"):
        disclosures.show(asked.id, by=puppet)


def test_nobody_else_asks_decides_looks_or_lists(place: Town, lin: Person) -> None:
    wu, zhao = place.person("wu", "operator"), place.person("zhao", "operator")
    other, reviewer = place.person("sun", "operator"), place.person("qian", "reviewer")
    disclosures = place.register.disclosures
    asked = disclosures.ask(lin.id, CASE, by=wu)
    for nobody in (lin, reviewer):
        with pytest.raises(Forbidden):
            disclosures.ask(lin.id, CASE, by=nobody)
        with pytest.raises(Forbidden):
            disclosures.decide(asked.id, approve=True, by=nobody)
        with pytest.raises(Forbidden):
            disclosures.all(by=nobody)
    disclosures.decide(asked.id, approve=True, by=zhao)
    with pytest.raises(Forbidden, match="not_your_disclosure"):
        disclosures.show(asked.id, by=other)
    assert [one.id for one in disclosures.all(by=other)] == [asked.id]


def test_a_key_discloses_nothing(place: Town, lin: Person) -> None:
    wu = place.person("wu", "operator")
    register = place.register
    key = register.keys.add(wu.id, "script", by=wu, role="operator")
    by_key = register.keys.authenticate(key.token)
    with pytest.raises(Forbidden, match="not_with_a_key"):
        register.disclosures.ask(lin.id, CASE, by=by_key)


def test_a_suspended_operator_discloses_nothing(place: Town, lin: Person) -> None:
    wu = place.person("wu", "operator")
    place.register.accounts.suspend(wu.id, by=place.owner)
    with pytest.raises(Forbidden, match="suspended"):
        place.register.disclosures.ask(lin.id, CASE, by=wu)


def test_questions_and_approvals_run_out(place: Town, lin: Person) -> None:
    wu, zhao = place.person("wu", "operator"), place.person("zhao", "operator")
    disclosures = place.register.disclosures
    late, timely = disclosures.ask(lin.id, CASE, by=wu), disclosures.ask(lin.id, CASE, by=wu)
    disclosures.decide(timely.id, approve=True, by=zhao)
    place.clock.go_on(days=7, seconds=1)
    with pytest.raises(Forbidden, match="disclosure_over"):
        disclosures.decide(late.id, approve=True, by=zhao)
    with pytest.raises(Forbidden, match="disclosure_over"):
        disclosures.show(timely.id, by=wu)


def test_a_decision_stands(place: Town, lin: Person) -> None:
    wu, zhao = place.person("wu", "operator"), place.person("zhao", "operator")
    disclosures = place.register.disclosures
    asked = disclosures.ask(lin.id, CASE, by=wu)
    assert disclosures.decide(asked.id, approve=False, by=zhao).approved is False
    with pytest.raises(Forbidden, match="decided_already"):
        disclosures.decide(asked.id, approve=True, by=zhao)
    with pytest.raises(Forbidden, match="not_approved"):
        disclosures.show(asked.id, by=wu)


@pytest.mark.parametrize("case", ["", "   ", "x" * 101, "a\nb"])
def test_without_a_case_number_nothing_is_asked(place: Town, lin: Person, case: str) -> None:
    with pytest.raises(InputError, match="case_number"):
        place.register.disclosures.ask(lin.id, case, by=place.owner)


def test_it_is_about_somebody_there_is(place: Town) -> None:
    with pytest.raises(NotFound):
        place.register.disclosures.ask("01K1JZC6J2R5X8Q3N4M5P6T7V8", CASE, by=place.owner)
    with pytest.raises(NotFound):
        place.register.disclosures.show("01K1JZC6J2R5X8Q3N4M5P6T7V8", by=place.owner)


def test_with_the_key_lost_nothing_is_shown_and_nothing_said_to_be(
    place: Town, lin: Person
) -> None:
    wu = place.person("wu", "operator")
    disclosures = place.register.disclosures
    asked = disclosures.ask(lin.id, CASE, by=place.owner)
    disclosures.decide(asked.id, approve=True, by=wu)
    (place.register.database.home / "keys" / "people.json").unlink()
    with pytest.raises(KeyLost):
        disclosures.show(asked.id, by=wu)
    assert [line["step"] for line in place.lines("disclosure")] == ["asked", "approved"]
