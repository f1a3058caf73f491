"""The one person on the command line, and the step from a request to an identified one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from danqing.identity.types import Identified, Person
from danqing.request.types import Request

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from danqing.db import Database


def local_person(database: Database, clock: Callable[[], datetime]) -> Person:
    """The person at this machine, made on the first run: a pseudonymous id and no name.

    Two first runs at once get the same person.
    """
    with database.read() as connection:
        person = _find(connection)
    if person is not None:
        return person
    with database.write() as connection:
        return _find(connection) or _add(connection, clock())


def identify(
    request: Request, person: Person, *, batch_id: str, clock: Callable[[], datetime]
) -> Identified:
    """The request with who made it and when. batch_id: a new ULID."""
    return Identified(person=person, request=request, batch_id=batch_id, asked_at=clock())


def _find(connection: Connection) -> Person | None:
    from sqlalchemy import select

    from danqing.db.tables import people
    from danqing.db.times import utc_time

    row = connection.execute(select(people).where(people.c.local == 1)).first()
    return None if row is None else Person(row.id, utc_time(row.created_at), role="owner")


def _add(connection: Connection, now: datetime) -> Person:
    from sqlalchemy import insert
    from ulid import ULID

    from danqing.db.tables import people
    from danqing.db.times import utc_text

    person = Person(str(ULID.from_datetime(now)), now, role="owner")
    connection.execute(insert(people).values(id=person.id, created_at=utc_text(now), local=1))
    return person
