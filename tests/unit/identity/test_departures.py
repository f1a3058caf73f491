from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from ulid import ULID

from danqing.db.blobs import FolderBlobs
from danqing.db.identity_tables import api_keys, grants, real_names, sealed
from danqing.errors import Forbidden, InputError, NotAuthenticated, NotFound
from danqing.identity import Person, Proof, RealName, identify
from danqing.settings import IdentitySettings, Settings
from danqing.store import Store
from support import batches
from support.people import PASSWORD, RESIDENT_ID, Town, town


def verified(place: Town, login: str = "lin") -> Person:
    person = place.person(login)
    proof = Proof(
        "attestation", RealName("resident-id", RESIDENT_ID, "林小雨"), place.clock(), "card"
    )
    place.register.real_names.record(person.id, proof, by=place.owner)
    return person


def draws(place: Town, person: Person, sentence: str) -> None:
    """A request of this person's, with one picture released."""
    store = Store(
        place.register.database, FolderBlobs(place.register.database.home / "blobs"), place.clock
    )
    batch_id = str(ULID.from_datetime(place.clock()))
    identified = identify(batches.request(sentence), person, batch_id=batch_id, clock=place.clock)
    store.begin(identified)
    store.release(batches.labelled(identified))
    store.finish(batch_id)
    store.leave()


def asks_for_a_grant(place: Town, person: Person) -> str:
    agreement = place.register.grants.agreement
    return place.register.grants.ask(
        by=person, pictures=2, recipient="春风印社", reason="封面", accepts=agreement.version
    ).id


def kinds(records: list[dict[str, Any]]) -> list[str]:
    return [record["kind"] for record in records]


def test_an_export_has_all_that_is_kept_of_one_person(place: Town) -> None:
    lin, wang = verified(place), place.person("wang")
    place.register.keys.add(lin.id, "laptop", by=lin)
    draws(place, lin, "一只吃竹子的熊猫")
    place.clock.go_on(seconds=1)
    draws(place, wang, "a sentence of somebody else's")
    asks_for_a_grant(place, lin)
    records = list(place.register.departures.export(lin.id, by=lin))
    assert kinds(records)[:3] == ["account", "key", "real-name"]
    assert {"request", "release", "grant", "ledger"} <= set(kinds(records))
    by_kind = {record["kind"]: record for record in records}
    assert by_kind["real-name"] == {
        "kind": "real-name", "shown": True, "name": "林小雨", "number_kind": "resident-id",
        "number": RESIDENT_ID,
    }  # fmt: skip
    assert by_kind["request"]["prompt"] == "一只吃竹子的熊猫"
    assert by_kind["grant"]["recipient"] == "春风印社"
    assert [r["event"] for r in records if r["kind"] == "ledger"][-1] == "grant"
    assert "somebody else" not in str(records)
    assert "argon2" not in str(records)
    assert "token" not in str(records)


def test_an_operators_export_shows_no_real_name_and_is_logged(place: Town) -> None:
    lin, wu = verified(place), place.person("wu", "operator")
    records = list(place.register.departures.export(lin.id, by=wu))
    assert {"kind": "real-name", "shown": False} in records
    assert RESIDENT_ID not in str(records)
    assert "林小雨" not in str(records)
    line = place.lines("account")[-1]
    assert (line["step"], line["by"], line["account_id"]) == ("exported", wu.id, lin.id)


def test_a_key_exports_no_real_name(place: Town) -> None:
    lin = verified(place)
    keys = place.register.keys
    by_key = keys.authenticate(keys.add(lin.id, "laptop", by=lin).token)
    records = list(place.register.departures.export(lin.id, by=by_key))
    assert {"kind": "real-name", "shown": False} in records


def test_nobody_exports_another(place: Town) -> None:
    lin, wang = verified(place), place.person("wang")
    wu, zhao = place.person("wu", "operator"), place.person("zhao", "operator")
    for who, whom in ((wang, lin), (wu, zhao)):
        with pytest.raises(Forbidden):
            place.register.departures.export(whom.id, by=who)
    with pytest.raises(NotFound):
        place.register.departures.export("01K1JZC6J2R5X8Q3N4M5P6T7V8", by=place.owner)


def test_an_erased_account_is_gone_but_for_what_the_law_keeps(place: Town) -> None:
    register = place.register
    lin = verified(place)
    token = register.keys.add(lin.id, "laptop", by=lin).token
    draws(place, lin, "一只吃竹子的熊猫")
    asks_for_a_grant(place, lin)
    erased = register.departures.erase(lin.id, by=lin)
    until = place.clock() + timedelta(days=184)
    assert erased.gone == ("login", "password", "keys", "links")
    assert [(kept.what, kept.until) for kept in erased.kept] == [
        ("requests", None), ("real-name", until), ("grants", until),
    ]  # fmt: skip
    for attempt in (
        lambda: register.accounts.authenticate("lin", PASSWORD + "!"),
        lambda: register.keys.authenticate(token),
        lambda: register.accounts.person_of(lin.id),
    ):
        with pytest.raises(NotAuthenticated):
            attempt()
    with register.database.read() as connection:
        (revoked_at,) = connection.execute(select(api_keys.c.revoked_at)).scalars()
    assert revoked_at is not None
    account = register.accounts.find(lin.id)
    assert (account.login, account.status, account.has_password) == (None, "erased", False)
    assert register.accounts.add("lin", by=place.owner).id != lin.id  # the login is free again
    with pytest.raises(NotFound):
        register.departures.erase(lin.id, by=place.owner)
    with pytest.raises(NotFound):
        register.accounts.resume(lin.id, by=place.owner)
    with register.database.read() as connection:
        assert register.database.ledger.verify(connection).fault is None


def test_somebody_erased_can_still_be_disclosed_while_the_law_asks(place: Town) -> None:
    lin, wu = verified(place), place.person("wu", "operator")
    place.register.departures.erase(lin.id, by=lin)
    disclosures = place.register.disclosures
    asked = disclosures.ask(lin.id, "2026-114", by=place.owner)
    disclosures.decide(asked.id, approve=True, by=wu)
    told = disclosures.show(asked.id, by=wu)
    assert told.login is None
    assert told.real_name is not None


def test_what_the_law_keeps_goes_when_it_no_longer_asks(place: Town) -> None:
    register = place.register
    lin, wang = verified(place), verified(place, "wang")
    asks_for_a_grant(place, lin)
    register.departures.erase(lin.id, by=lin)
    place.clock.go_on(days=184, seconds=-1)
    assert register.departures.end_retention() == 0
    place.clock.go_on(seconds=1)
    assert register.departures.end_retention() == 1
    assert register.departures.end_retention() == 0
    with register.database.read() as connection:
        for table in (real_names, sealed):
            left = connection.execute(select(table.c.person_id)).scalars().all()
            assert left == [wang.id]
        assert connection.execute(select(func.count()).select_from(grants)).scalar_one() == 0
        assert register.database.ledger.verify(connection).fault is None
    assert register.accounts.find(lin.id).status == "erased"


def test_who_may_erase_whom(place: Town) -> None:
    lin, wang = place.person("lin"), place.person("wang")
    wu, zhao = place.person("wu", "operator"), place.person("zhao", "operator")
    keys = place.register.keys
    by_key = keys.authenticate(keys.add(wu.id, "script", by=wu, role="operator").token)
    for who, whom in ((wang, lin), (wu, zhao), (by_key, lin)):
        with pytest.raises(Forbidden):
            place.register.departures.erase(whom.id, by=who)
    place.register.departures.erase(lin.id, by=wu)
    place.register.departures.erase(wang.id, by=wang)


def test_less_than_six_months_is_not_to_be_had(tmp_path: Path) -> None:
    settings = replace(Settings(tmp_path), identity=IdentitySettings(keep_days=183))
    with town(tmp_path, settings=settings) as place, pytest.raises(InputError, match="keep_days"):
        place.register.departures  # noqa: B018
