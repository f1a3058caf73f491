from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from ulid import ULID

from danqing.db.blobs import FolderBlobs
from danqing.db.identity_tables import agreements, grant_uses
from danqing.db.tables import artworks, releases
from danqing.errors import Forbidden, InputError, NotFound
from danqing.identity import Grant, Person, Proof, RealName, identify
from danqing.identity.grants import Application
from danqing.settings import ServiceSettings, Settings
from danqing.store import Store
from support import batches
from support.people import USCC, Town, town


def ask(place: Town, person: Person, *, pictures: int = 2, **more: str) -> Application:
    stated = {
        "recipient": "春风印社", "reason": "书籍封面",
        "accepts": place.register.grants.agreement.version, **more,
    }  # fmt: skip
    return place.register.grants.ask(by=person, pictures=pictures, **stated)


def given(place: Town, person: Person, *, pictures: int = 2) -> Grant:
    application = ask(place, person, pictures=pictures)
    return place.register.grants.give(application.id, by=place.owner)


def release(place: Town, person: Person, grant: Grant | None) -> str:
    """A picture of this person's, released as if labelled under this grant."""
    home = place.register.database.home
    store = Store(place.register.database, FolderBlobs(home / "blobs"), place.clock)
    place.clock.go_on(milliseconds=1)
    batch_id = str(ULID.from_datetime(place.clock()))
    identified = identify(batches.request(), person, batch_id=batch_id, clock=place.clock)
    store.begin(identified)
    try:
        return store.release(replace(batches.labelled(identified), grant=grant)).id
    finally:
        store.finish(batch_id)
        store.leave()


def released(place: Town) -> tuple[int, int, int]:
    """How many releases, artworks, uses of grants."""
    with place.register.database.read() as connection:
        counts = [
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (releases, artworks, grant_uses)
        ]
    return (counts[0], counts[1], counts[2])


def test_the_article_9_road(place: Town) -> None:
    lin = place.person("lin")
    application = ask(place, lin)
    assert (application.given, application.used, application.recipient) == (None, 0, "春风印社")
    grant = place.register.grants.give(application.id, by=place.owner, days=30)
    assert grant.until == place.clock() + timedelta(days=30)
    agreement = place.register.grants.agreement
    assert (grant.agreement, grant.agreement_sha256) == (agreement.version, agreement.sha256)
    assert place.register.grants.open(grant.id.lower(), by=lin) == grant
    artwork_id = release(place, lin, grant)
    steps = place.lines("grant")
    assert [(line["step"], line["by"]) for line in steps] == [
        ("asked", lin.id), ("given", place.owner.id), ("used", lin.id),
    ]  # fmt: skip
    used = steps[-1]
    assert used["artwork_id"] == artwork_id
    assert used["agreement"] == agreement.version
    assert used["recipient"] == grant.recipient_index
    assert len(str(used["sha256"])) == 64
    assert "春风印社" not in str(place.lines())
    assert "春风印社" not in place.every_text()


def test_a_grant_serves_so_many_pictures_and_no_more(place: Town) -> None:
    lin = place.person("lin")
    grant = given(place, lin, pictures=2)
    release(place, lin, grant)
    with pytest.raises(Forbidden, match="grant_used_up"):
        place.register.grants.open(grant.id, by=lin, pictures=2)
    release(place, lin, grant)
    before = released(place)
    with pytest.raises(Forbidden, match="grant_used_up"):
        release(place, lin, grant)
    assert released(place) == before == (2, 2, 2)


def forgeries() -> dict[str, Callable[[Grant], Grant]]:
    return {
        "another id": lambda g: replace(g, id="01K1JZC6J2R5X8Q3N4M5P6T7V8"),
        "more pictures": lambda g: replace(g, pictures=99),
        "another person": lambda g: replace(g, person_id="01K1JZC6J2R5X8Q3N4M5P6T7V8"),
    }


@pytest.mark.parametrize("forgery", forgeries())
def test_the_store_goes_by_its_database_and_not_by_what_a_grant_claims(
    place: Town, forgery: str
) -> None:
    lin, wang = place.person("lin"), place.person("wang")
    grant = given(place, lin, pictures=1)
    release(place, lin, grant)
    forged = forgeries()[forgery](grant)
    before = released(place)
    for person in (lin, wang):
        with pytest.raises((Forbidden, NotFound)):
            release(place, person, forged)
    assert released(place) == before


def test_a_grant_that_was_never_given_declined_or_ran_out_releases_nothing(place: Town) -> None:
    lin = place.person("lin")
    grant = given(place, lin)
    waiting, declined = ask(place, lin), ask(place, lin)
    place.register.grants.decline(declined.id, by=place.owner)
    for application in (waiting, declined):
        forged = replace(grant, id=application.id)
        with pytest.raises(Forbidden, match="grant_not_given"):
            release(place, lin, forged)
        with pytest.raises(Forbidden, match="grant_not_given"):
            place.register.grants.open(application.id, by=lin)
    place.clock.go_on(days=30, seconds=1)
    with pytest.raises(Forbidden, match="grant_over"):
        release(place, lin, replace(grant, until=place.clock() + timedelta(days=1)))
    assert released(place)[0] == 0


def test_a_grant_is_its_applicants_alone(place: Town) -> None:
    lin, wang = place.person("lin"), place.person("wang")
    grant = given(place, lin)
    with pytest.raises(Forbidden, match="grant_not_yours"):
        release(place, wang, grant)
    for nobody in (wang, place.owner):
        with pytest.raises(Forbidden, match="grant_not_yours"):
            place.register.grants.open(grant.id, by=nobody)


def test_who_gives_and_to_whom(place: Town) -> None:
    lin, wu = place.person("lin"), place.person("wu", "operator")
    zhao = place.person("zhao", "operator")
    grants = place.register.grants
    application, own = ask(place, lin), ask(place, wu)
    with pytest.raises(Forbidden):
        grants.give(application.id, by=lin)
    with pytest.raises(Forbidden, match="grant_oneself"):
        grants.give(own.id, by=wu)
    assert grants.give(own.id, by=zhao).given_by == zhao.id
    with pytest.raises(Forbidden, match="decided_already"):
        grants.decline(own.id, by=zhao)
    keys = place.register.keys
    by_key = keys.authenticate(keys.add(wu.id, "script", by=wu, role="operator").token)
    with pytest.raises(Forbidden, match="not_with_a_key"):
        grants.give(application.id, by=by_key)
    # Alone at one's own machine, one is provider and user in one: still applied for, still logged.
    assert grants.give(ask(place, place.owner).id, by=place.owner).person_id == place.owner.id


@pytest.mark.parametrize(
    ("stated", "problem"),
    [
        ({"accepts": "another version"}, "agreement_not_accepted"),
        ({"accepts": ""}, "agreement_not_accepted"),
        ({"recipient": " "}, "grant_recipient"),
        ({"recipient": "x" * 501}, "grant_recipient"),
        ({"reason": ""}, "grant_reason"),
    ],
)
def test_an_application_says_all_that_is_asked(
    place: Town, stated: dict[str, str], problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        ask(place, place.owner, **stated)


def test_bounds(place: Town) -> None:
    for pictures in (0, 201, -1):
        with pytest.raises(InputError, match="grant_pictures"):
            ask(place, place.owner, pictures=pictures)
    application = ask(place, place.owner)
    for days in (0, 91):
        with pytest.raises(InputError, match="grant_days"):
            place.register.grants.give(application.id, by=place.owner, days=days)
    with pytest.raises(NotFound):
        place.register.grants.open("nothing", by=place.owner)


def test_recipients_are_shown_to_the_applicant_and_to_operators(place: Town) -> None:
    lin, wang = place.person("lin"), place.person("wang")
    wu = place.person("wu", "operator")
    application = ask(place, lin)
    grants = place.register.grants
    assert grants.all(by=lin) == grants.all(by=wu) == [application]
    assert application.recipient == "春风印社"
    assert grants.all(by=wang) == []
    assert "春风印社" not in repr(application)


def test_the_agreement_is_kept_word_for_word(place: Town) -> None:
    ask(place, place.owner)
    ask(place, place.owner)
    with place.register.database.read() as connection:
        (row,) = connection.execute(select(agreements)).all()
    assert row.text == place.register.grants.agreement.text
    assert "第九条" in row.text
    assert "Article 9" in row.text


def test_an_operators_own_agreement(tmp_path: Path) -> None:
    file = tmp_path / "agreement.md"
    file.write_text("第三版\n", "utf-8")
    service = ServiceSettings(agreement_version="v3", agreement_file=file)
    settings = Settings(tmp_path / "home", service=service)
    with town(tmp_path / "home", settings=settings) as place:
        assert ask(place, place.owner).agreement == "v3"
        file.write_text(
            "第三版，改过\n", "utf-8"
        )  # under the same name: another text, another hash
        ask(place, place.owner)
        with place.register.database.read() as connection:
            texts = connection.execute(select(agreements.c.text)).scalars().all()
        assert sorted(texts) == ["第三版\n", "第三版，改过\n"]
        file.unlink()
        with pytest.raises(InputError, match="agreement_file"):
            ask(place, place.owner)
    nameless = replace(settings, service=replace(service, agreement_version=""))
    with (
        town(tmp_path / "other", settings=nameless) as place,
        pytest.raises(InputError, match="agreement_version"),
    ):
        ask(place, place.owner)


def test_where_real_names_are_asked_for_only_the_verified_apply(tmp_path: Path) -> None:
    settings = Settings(tmp_path, profile="cn")
    with town(tmp_path, settings=settings) as place:
        lin = place.person("lin")
        with pytest.raises(Forbidden, match="unverified"):
            ask(place, lin)
        proof = Proof("attestation", RealName("uscc", USCC), place.clock(), "licence")
        place.register.real_names.record(lin.id, proof, by=place.owner)
        assert ask(place, lin).person_id == lin.id
