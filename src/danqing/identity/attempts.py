"""Failures to sign in, counted where a restart doesn't forget them: per account and per address.

An attempt is counted before it is looked at and forgiven when it was right, so that many at once get
no further than one after another.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select, update

from danqing.db.identity_tables import failed_attempts as table
from danqing.db.times import utc_text, utc_time
from danqing.errors import TooManyAttempts

if TYPE_CHECKING:
    from danqing.db import Database


@dataclass(frozen=True, slots=True)
class Limit:
    """free: failures that cost nothing. After each further one, a wait: first_s, then twice as long
    each time, up to longest_s."""

    free: int
    first_s: int
    longest_s: int

    def wait_s(self, failures: int) -> int:
        """How long to wait after this many failures, in seconds."""
        over = failures - self.free
        return 0 if over <= 0 else min(self.longest_s, self.first_s << min(over - 1, 20))


ACCOUNT = Limit(free=5, first_s=30, longest_s=900)
"""At most some 100 guesses a day; a quarter of an hour is the longest anybody can be kept out."""
ADDRESS = Limit(free=30, first_s=30, longest_s=3600)
"""An office or a campus shares one address."""
FORGOTTEN_AFTER = timedelta(days=1)


class Attempts:
    """The failures of one database."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def count(self, subjects: Mapping[str, Limit]) -> None:
        """Counts one attempt of each subject. Raises TooManyAttempts, counting nothing, while one
        of them has to wait."""
        now = self._clock()
        with self._database.write() as connection:
            self._forget(connection, now)
            kept = {subject: _failures(connection, subject) for subject in subjects}
            _raise_if_blocked(kept.values(), now)
            for subject, limit in subjects.items():
                failures = kept[subject][0] + 1
                _keep(connection, subject, failures, now, limit.wait_s(failures))

    def check(self, subjects: Mapping[str, Limit]) -> None:
        """Raises TooManyAttempts while one of them has to wait; counts nothing."""
        with self._database.read() as connection:
            _raise_if_blocked((_failures(connection, s) for s in subjects), self._clock())

    def forgive(self, account: str | None, address: str | None) -> None:
        """The attempt was right. The account starts anew; the address has one failure less, since
        its good password says nothing of the accounts it guessed at."""
        now = self._clock()
        with self._database.write() as connection:
            if account is not None:
                connection.execute(delete(table).where(table.c.subject == account))
            if address is not None:
                failures, _ = _failures(connection, address)
                _keep(connection, address, max(0, failures - 1), now, 0)

    def _forget(self, connection: Connection, now: datetime) -> None:
        gone = utc_text(now - FORGOTTEN_AFTER)
        connection.execute(delete(table).where(table.c.last_at < gone))


def account_subject(login_folded: str) -> str:
    """What failures of a login are counted under."""
    return _digest("account", login_folded)


def address_subject(address: str | None) -> str | None:
    """What failures from an IP address are counted under; an IPv6 network's 2⁶⁴ are one."""
    if address is None:
        return None
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return _digest("address", address)
    if isinstance(parsed, ipaddress.IPv6Address):
        mapped = parsed.ipv4_mapped
        network = str(mapped or ipaddress.ip_network((int(parsed), 64), strict=False))
        return _digest("address", network)
    return _digest("address", str(parsed))


def _digest(kind: str, text: str) -> str:
    return sha256(f"{kind}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _failures(connection: Connection, subject: str) -> tuple[int, datetime | None]:
    row = connection.execute(select(table).where(table.c.subject == subject)).first()
    return (0, None) if row is None else (row.failures, utc_time(row.blocked_until))


def _raise_if_blocked(kept: Iterable[tuple[int, datetime | None]], now: datetime) -> None:
    waits = [until for _, until in kept if until is not None and until > now]
    if waits:
        retry_after_s = ceil((max(waits) - now).total_seconds())
        raise TooManyAttempts("identity.too_many_attempts", retry_after_s=retry_after_s)


def _keep(connection: Connection, subject: str, failures: int, now: datetime, wait_s: int) -> None:
    values = {
        "failures": failures,
        "last_at": utc_text(now),
        "blocked_until": utc_text(now + timedelta(seconds=wait_s)),
    }
    changed = connection.execute(update(table).where(table.c.subject == subject).values(values))
    if changed.rowcount == 0 and failures:
        connection.execute(insert(table).values(subject=subject, **values))
