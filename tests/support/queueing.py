"""A queue with people in it, on either database, with the test card for an engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from ulid import ULID

from danqing.db.tables import people
from danqing.db.times import utc_text
from danqing.engines import load_engine
from danqing.engines.protocol import Engine
from danqing.identity import Identified, Person, identify
from danqing.jobs import Queue
from danqing.request import Request, make_prompt, make_request, read
from danqing.services import Services
from danqing.settings import QueueSettings, Settings
from danqing.store import open_store

SIDE_PX = 64


class Clock:
    """Stands still until it is moved, but for a microsecond at each look: ids then differ."""

    def __init__(self) -> None:
        self.now = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@contextmanager
def services(
    home: Path,
    *,
    clock: Clock | None = None,
    database_url: str | None = None,
    engines: dict[str, Engine] | None = None,
    queue: QueueSettings | None = None,
) -> Iterator[Services]:
    """Everything of one home. engines: in place of those installed, by name."""
    settings = replace(
        Settings(home, engine="test-card", database_url=database_url),
        queue=queue or QueueSettings(),
    )

    def load(name: str) -> Engine:
        return (engines or {}).get(name) or load_engine(name)

    clock = clock or Clock()
    store = open_store(home, clock, database_url=database_url)
    with Services(settings, store, load, clock) as made:
        yield made


def request(
    text: str = "一只熊猫",
    *,
    pictures: int = 1,
    seed: int = 1,
    engine: str = "test-card",
    side_px: int = SIDE_PX,
) -> Request:
    reading = read(make_prompt(text))
    seeds = range(seed, seed + pictures)
    return make_request(
        reading, seeds=tuple(seeds), width_px=side_px, height_px=side_px, engine=engine
    )


def person(made: Services, *, key_id: str | None = None) -> Person:
    """Somebody new, who isn't at this machine."""
    now = made.clock()
    somebody = Person(str(ULID()), now, local=False, key_id=key_id)
    with made.store.database.write() as connection:
        row = {"id": somebody.id, "created_at": utc_text(now), "local": 0}
        connection.execute(insert(people), row)
    return somebody


def asked(made: Services, who: Person | None = None, what: Request | None = None) -> Identified:
    return identify(what or request(), who or made.person, batch_id=str(ULID()), clock=made.clock)


def ledger_of(made: Services, job_id: str) -> list[str]:
    """The kinds of a batch's lines, in order."""
    database = made.store.database
    with database.read() as connection:
        return [line.kind for line in database.ledger.lines(connection, batch_id=job_id)]


__all__ = ["Clock", "Queue", "asked", "ledger_of", "person", "request", "services"]
