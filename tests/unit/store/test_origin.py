"""What leads from a file to a release: who may ask, what is found, what the ledger keeps of it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from danqing.db.tables import ledger, releases, watermarks
from danqing.errors import Forbidden
from danqing.identity import local_person
from danqing.provenance import WatermarkKey, verify
from danqing.provenance.encode import encode_master
from danqing.provenance.pdq import pdq_hash
from danqing.provenance.watermark import embed
from danqing.store import Store
from danqing.store.origin import MOST_ALIKE, Search, find_origin
from support import batches as made
from support.scenery import photograph

KEY = WatermarkKey(bytes(range(32)))
PICTURE = photograph(21, 320, 320)


def release(store: Store, clock: made.Clock, *, payload: int | None, pdq: str) -> str:
    """A release whose fingerprint is given, and not that of its file."""
    asked = made.ask(store, clock=clock)
    file = made.labelled(asked)
    file = replace(file, fingerprint=replace(file.fingerprint, payload=payload, pdq=pdq))
    released = store.release(file)
    store.finish(asked.batch_id)
    return released.id


def search(store: Store, clock: made.Clock, data: bytes, key: WatermarkKey | None = KEY) -> Search:
    person = local_person(store.database, clock)
    return find_origin(store.database, data, verify(data, None), key, by=person, now=clock())


def test_a_release_keeps_its_fingerprint(store: Store, clock: made.Clock) -> None:
    asked = made.ask(store, clock=clock)
    store.release(made.labelled(asked))
    store.release_sheet(made.sheet(asked))
    with store.database.read() as connection:
        rows = connection.execute(select(watermarks)).all()
        known = set(connection.execute(select(releases.c.id)).scalars())
    assert {row.release_id for row in rows} == known
    assert {row.payload for row in rows} == {7, 99}


def test_the_mark_alone_finds_its_release(store: Store, clock: made.Clock) -> None:
    looks = pdq_hash(PICTURE).text
    wanted = release(store, clock, payload=KEY.payload_of("wanted"), pdq=looks)
    release(store, clock, payload=KEY.payload_of("other"), pdq="0" * 64)
    data = encode_master(embed(PICTURE, KEY, "wanted"))
    found = search(store, clock, data)
    (origin,) = found.origins
    assert origin.release.id == wanted
    assert {(e.kind, e.strength) for e in origin.evidence} == {
        ("watermark", "strong"),
        ("likeness", "weak"),
    }
    assert found.pixels
    assert found.unknown is None
    assert search(store, clock, data, None).origins[0].evidence[0].kind == "likeness"


def test_a_mark_in_another_picture_is_only_fair(store: Store, clock: made.Clock) -> None:
    wanted = release(store, clock, payload=KEY.payload_of("wanted"), pdq="0" * 64)
    (origin,) = search(store, clock, encode_master(embed(PICTURE, KEY, "wanted"))).origins
    assert origin.release.id == wanted
    assert [(e.kind, e.strength) for e in origin.evidence] == [("watermark", "fair")]


def test_of_two_releases_with_one_number_the_one_that_looks_like_it_comes_first(
    store: Store, clock: made.Clock
) -> None:
    number = KEY.payload_of("wanted")
    release(store, clock, payload=number, pdq="0" * 64)
    wanted = release(store, clock, payload=number, pdq=pdq_hash(PICTURE).text)
    found = search(store, clock, encode_master(embed(PICTURE, KEY, "wanted")))
    assert found.origins[0].release.id == wanted
    assert len(found.origins) == 2


def test_a_mark_no_release_has_is_told_apart(store: Store, clock: made.Clock) -> None:
    found = search(store, clock, encode_master(embed(PICTURE, KEY, "never released")))
    assert found.origins == ()
    assert found.unknown is not None
    assert found.unknown.payload == KEY.payload_of("never released")


def test_no_more_than_a_few_likenesses_are_given(store: Store, clock: made.Clock) -> None:
    looks = pdq_hash(PICTURE).text
    for _ in range(MOST_ALIKE + 2):
        release(store, clock, payload=None, pdq=looks)
    assert len(search(store, clock, encode_master(PICTURE)).origins) == MOST_ALIKE


def test_a_plain_picture_is_not_compared(store: Store, clock: made.Clock) -> None:
    plain = encode_master(PICTURE * 0 + 255)
    assert search(store, clock, plain).too_plain


def test_what_is_no_picture_is_looked_up_by_its_bytes(store: Store, clock: made.Clock) -> None:
    asked = made.ask(store, clock=clock)
    file = made.labelled(asked, padding=7)
    store.release(file)
    found = search(store, clock, file.data)
    assert found.origins[0].evidence[0].kind == "bytes"
    assert not search(store, clock, b"nothing").pixels


def test_only_operators_may_ask_and_a_refusal_leaves_no_line(
    store: Store, clock: made.Clock
) -> None:
    person = replace(local_person(store.database, clock), role="reviewer")
    with pytest.raises(Forbidden):
        find_origin(store.database, b"x", verify(b"x", None), KEY, by=person, now=clock())
    with store.database.read() as connection:
        assert connection.execute(select(ledger)).first() is None


def test_every_search_is_a_disclosure_in_the_ledger(store: Store, clock: made.Clock) -> None:
    wanted = release(store, clock, payload=KEY.payload_of("w"), pdq=pdq_hash(PICTURE).text)
    data = encode_master(embed(PICTURE, KEY, "w"))
    search(store, clock, data)
    search(store, clock, b"nothing")
    with store.database.read() as connection:
        lines = connection.execute(
            select(ledger.c.facts, ledger.c.person_id).where(ledger.c.kind == "disclosure")
        ).all()
    first, second = (json.loads(line.facts) for line in lines)
    assert first["step"] == "origin"
    assert first["sha256"] == verify(data, None).sha256
    assert first["payload"] == KEY.payload_of("w")
    (origin,) = first["found"]
    assert origin["artwork_id"] == wanted
    assert origin["evidence"] == ["watermark:strong", "likeness:weak"]
    assert second["found"] == []
    assert {line.person_id for line in lines} == {local_person(store.database, clock).id}
    assert store.verify_ledger().fault is None


def test_pages_are_walked_to_the_end(
    store: Store, clock: made.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("danqing.store.origin._PAGE", 2)
    looks = pdq_hash(PICTURE).text
    for pdq in ("0" * 64, "f" * 64, "0" * 64, looks):
        wanted = release(store, clock, payload=None, pdq=pdq)
    (origin,) = search(store, clock, encode_master(PICTURE)).origins
    assert origin.release.id == wanted
