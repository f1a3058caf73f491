"""Identity on SQLite and on PostgreSQL: the same day of a register on both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from danqing.errors import Forbidden, InputError, NotAuthenticated, TooManyAttempts
from danqing.identity import Proof, RealName
from danqing.identity.attempts import ACCOUNT
from support.people import PASSWORD, RESIDENT_ID, Town, town


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    with town(tmp_path / "home", url=url) as made:
        yield made


def test_a_day_of_a_register(place: Town) -> None:
    register = place.register
    lin, wu = place.person("林小雨"), place.person("wu", "operator")
    with pytest.raises(InputError):
        register.accounts.add("林小雨", by=None)
    assert [account.login for account in register.accounts.all()] == ["林小雨", "wu"]
    assert register.accounts.authenticate("林小雨", PASSWORD + "!") == lin
    token = register.keys.add(lin.id, "laptop", by=lin).token
    assert register.keys.authenticate(token).id == lin.id

    proof = Proof("attestation", RealName("resident-id", RESIDENT_ID), place.clock(), "card")
    register.real_names.record(lin.id, proof, by=wu)
    asked = register.disclosures.ask(lin.id, "2026-114", by=place.owner)
    with pytest.raises(Forbidden):
        register.disclosures.decide(asked.id, approve=True, by=place.owner)
    register.disclosures.decide(asked.id, approve=True, by=wu)
    assert register.disclosures.show(asked.id, by=wu).real_name is not None
    assert register.vault.rotate(by=place.owner).boxes == 1

    version = register.grants.agreement.version
    application = register.grants.ask(
        by=lin, pictures=1, recipient="春风印社", reason="封面", accepts=version
    )
    grant = register.grants.give(application.id, by=wu)
    assert register.grants.open(grant.id, by=lin) == grant
    assert len(list(register.departures.export(lin.id, by=lin))) > 5

    register.departures.erase(lin.id, by=lin)
    with pytest.raises(NotAuthenticated):
        register.keys.authenticate(token)
    place.clock.go_on(days=184)
    assert register.departures.end_retention() == 1
    with register.database.read() as connection:
        assert register.database.ledger.verify(connection).fault is None


def test_failures_are_counted(place: Town) -> None:
    place.person("lin")
    for _ in range(ACCOUNT.free + 1):
        with pytest.raises(NotAuthenticated):
            place.register.accounts.authenticate("lin", "not it at all", address="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        place.register.accounts.authenticate("lin", PASSWORD + "!", address="192.0.2.1")
