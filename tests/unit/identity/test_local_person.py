from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from ulid import ULID

from danqing.db import open_database
from danqing.db.tables import people
from danqing.identity import identify, local_person
from support.batches import Clock, request


def test_the_local_person_is_made_once_and_has_no_name(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    clock = Clock()
    person = local_person(database, clock)
    assert person.local
    assert ULID.from_str(person.id).datetime == person.created_at == clock.now
    assert local_person(database, clock) == person
    with database.read() as connection:
        row = connection.execute(select(people)).mappings().one()
    assert dict(row) == {
        "id": person.id, "created_at": "2026-08-01T12:00:00.001000Z", "local": 1,
    }  # fmt: skip
    database.close()


def test_first_runs_at_once_make_one_person(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: local_person(database, Clock()), range(16)))
    assert len(found) == 1
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(people)).scalar_one() == 1
    database.close()


def test_identified_carries_who_what_and_when(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    person = local_person(database, Clock())
    moment = datetime(2026, 8, 2, tzinfo=UTC)
    asked = identify(request(), person, batch_id="01K1J0VQ6Z3V8Q9W2X4Y5Z6A7B", clock=lambda: moment)
    assert (asked.person, asked.request, asked.asked_at) == (person, request(), moment)
    database.close()
