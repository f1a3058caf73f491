"""A register of people in a home of its own, quick passwords and a clock that can be moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher

from danqing.db import open_database
from danqing.identity import Person, Register, Role, local_person
from danqing.identity.passwords import Passwords
from danqing.settings import IdentitySettings, Settings

PASSWORD = "一句不短的话 quite long"
RESIDENT_ID = "11010519491231002X"
"""The specimen of GB 11643-1999; nobody's."""
USCC = "91350100M000100Y43"
"""The specimen of GB 32100-2015."""
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class Clock:
    """A clock that stands still, unless it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **units: float) -> None:
        self.now += timedelta(**units)


class Town:
    """A register, its owner, and people made as they are needed."""

    def __init__(self, register: Register, clock: Clock) -> None:
        self.register = register
        self.clock = clock
        self.owner = local_person(register.database, clock)

    def person(self, login: str, role: Role = "user") -> Person:
        """Somebody with a password of their own."""
        accounts = self.register.accounts
        account = accounts.add(login, by=self.owner, role=role, password=PASSWORD)
        person = accounts.person_of(account.id)
        accounts.set_password(account.id, PASSWORD + "!", by=person, current=PASSWORD)
        return replace(person)

    def lines(self, kind: str | None = None) -> list[dict[str, object]]:
        """The ledger's facts, with kind and who, in order."""
        import json

        book = self.register.database.ledger
        with self.register.database.read() as connection:
            return [
                {"kind": line.kind, "by": line.person_id, **json.loads(line.facts)}
                for line in book.lines(connection)
                if kind in (None, line.kind)
            ]

    def every_text(self) -> str:
        """Everything there is in the database file, to look for what must not be in it."""
        self.register.database.close()
        files = self.register.database.home.glob("danqing.db*")
        return b"".join(file.read_bytes() for file in files).decode("utf-8", "replace")


@contextmanager
def town(home: Path, *, settings: Settings | None = None, url: str | None = None) -> Iterator[Town]:
    """A town in a new home. url: of a PostgreSQL database; SQLite without one."""
    clock = Clock()
    database = open_database(home, url)
    chosen = settings or Settings(home=home, identity=IdentitySettings())
    register = Register(database, chosen, clock, passwords=Passwords(QUICK))
    try:
        yield Town(register, clock)
    finally:
        database.close()
