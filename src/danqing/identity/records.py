"""Rows of identity as values, and the ledger lines that changing them leaves.

A line names people by their pseudonymous ids alone; no login, name or number is ever a fact of one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, select
from ulid import ULID

from danqing.db.identity_tables import accounts, real_names
from danqing.db.ledger import Event, EventKind
from danqing.db.times import utc_time
from danqing.errors import Forbidden, NotFound
from danqing.identity.roles import may_appoint
from danqing.identity.types import Account, Person

if TYPE_CHECKING:
    from danqing.db import Database

Clock = Callable[[], datetime]


def new_id(now: datetime) -> str:
    """A ULID of this moment."""
    return str(ULID.from_datetime(now))


def log(
    database: Database,
    connection: Connection,
    kind: EventKind,
    at: datetime,
    by: str,
    step: str,
    /,
    **facts: Any,
) -> None:
    """A ledger line for something done to accounts. by: whose doing it was, a person's id."""
    event = Event(kind, at, {"step": step, **facts}, None, by)
    database.ledger.append(connection, event)


def account_rows() -> Select[Any]:
    """Accounts with the provider that verified each, if one did."""
    return select(accounts, real_names.c.provider.label("verified_by")).outerjoin(
        real_names, real_names.c.person_id == accounts.c.id
    )


def account_row(connection: Connection, account_id: str) -> Row[Any]:
    """Raises NotFound."""
    row = connection.execute(account_rows().where(accounts.c.id == account_id)).first()
    if row is None:
        raise NotFound("identity.no_such_account", account=account_id)
    return row


def account_of(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        role=row.role,
        status=row.status,
        created_at=utc_time(row.created_at),
        verified_by=row.verified_by,
        has_password=row.password_hash is not None,
        sessions_from=utc_time(row.sessions_from),
    )


def person_from(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        created_at=utc_time(row.created_at),
        local=False,
        role=row.role,
        verified=row.verified_by is not None,
    )


def require_over(by: Person, row: Row[Any]) -> None:
    """Raises Forbidden unless `by` may manage this account: someone else's, below their own role."""
    if not may_appoint(by, row.role):
        raise Forbidden("identity.above_you", role=row.role)


def require_own_hands(by: Person) -> None:
    """Raises Forbidden for a key: what follows asks for the person, with password or OIDC."""
    if by.key_id is not None:
        raise Forbidden("identity.not_with_a_key")
