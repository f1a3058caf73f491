"""Guests: people without an account, each known by the cookie they were given and by nothing else.

Whoever throws the cookie away is somebody new; what guests are counted by besides is their address
(`jobs.Origin.network`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from danqing.db.identity_tables import accounts
from danqing.db.tables import people
from danqing.db.times import utc_text, utc_time
from danqing.errors import InputError, NotFound
from danqing.identity.records import Clock, new_id
from danqing.identity.types import Person
from danqing.settings import Settings

if TYPE_CHECKING:
    from danqing.db import Database


class Guests:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self) -> Person:
        """Somebody new: a pseudonymous id, and nothing else of them."""
        now = self._clock()
        guest = Person(new_id(now), now, local=False, guest=True)
        with self._database.write() as connection:
            row = {"id": guest.id, "created_at": utc_text(now), "local": 0}
            connection.execute(insert(people), row)
        return guest

    def person_of(self, guest_id: str) -> Person:
        """Raises NotFound for nobody, and for somebody with an account."""
        query = (
            select(people.c.created_at)
            .outerjoin(accounts, accounts.c.id == people.c.id)
            .where(people.c.id == guest_id, people.c.local == 0, accounts.c.id.is_(None))
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFound("identity.no_such_account", account=guest_id)
        return Person(guest_id, utc_time(row.created_at), local=False, guest=True)


def check_guests(settings: Settings) -> None:
    """Raises InputError where guests are let in and only people whose real identity was verified may
    be served: a guest is nobody one could verify."""
    if settings.server.guests and settings.needs_real_names:
        raise InputError("identity.guests_unverified", profile=settings.profile)
