"""API keys: shown once, kept as a hash, found by their first characters.

    dq_k7f3m2qa_<52 characters>      `dq`, the prefix it is looked up by, 256 random bits

A hash without salt and stretching is enough for 256 random bits; a password needs argon2.
"""

from __future__ import annotations

import base64
import hmac
import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from danqing.db.identity_tables import api_keys
from danqing.db.times import utc_text, utc_time
from danqing.errors import Forbidden, InputError, NotAuthenticated, NotFound
from danqing.identity import records
from danqing.identity.attempts import ADDRESS, Attempts, address_subject
from danqing.identity.records import Clock
from danqing.identity.roles import lesser, rank, require
from danqing.identity.types import ApiKey, NewKey, Person, Role

if TYPE_CHECKING:
    from danqing.db import Database

MOST_KEYS, LONGEST_NAME = 50, 100
_TOKEN = re.compile(r"dq_([a-z2-7]{8})_[a-z2-7]{52}")
_NOTED_EVERY = timedelta(hours=1)


class Keys:
    """The keys of one database. entropy: as os.urandom."""

    def __init__(
        self, database: Database, clock: Clock, entropy: Callable[[int], bytes] = os.urandom
    ) -> None:
        self._database = database
        self._clock = clock
        self._entropy = entropy
        self._attempts = Attempts(database, clock)

    def add(
        self,
        account_id: str,
        name: str,
        *,
        by: Person,
        role: Role = "user",
        expires_at: datetime | None = None,
    ) -> NewKey:
        """A new key. role: what it may do at most, not over its account's.

        Raises InputError, Forbidden, NotFound.
        """
        records.require_own_hands(by)
        name = name.strip()
        if not 1 <= len(name) <= LONGEST_NAME:
            raise InputError("identity.key_name", limit=LONGEST_NAME)
        prefix, secret = _base32(self._entropy(5)), _base32(self._entropy(32))
        token = f"dq_{prefix}_{secret}"
        with self._database.write() as connection:
            now = self._clock()
            if expires_at is not None and expires_at <= now:
                raise InputError("identity.key_expired_already")
            row = self._allowed(connection, account_id, by)
            if rank(role) > rank(row.role):
                raise Forbidden("identity.key_role", role=role, own=row.role)
            if len(self._rows(connection, row.id, in_force_at=now)) >= MOST_KEYS:
                raise InputError("identity.too_many_keys", limit=MOST_KEYS)
            key = ApiKey(
                id=records.new_id(now), account_id=row.id, prefix=prefix, name=name, role=role,
                created_at=now, expires_at=expires_at, revoked_at=None, last_used_at=None,
            )  # fmt: skip
            connection.execute(
                insert(api_keys).values(
                    id=key.id, account_id=key.account_id, prefix=prefix, token_sha256=_hash(token),
                    name=name, role=role, created_at=utc_text(now), created_by=by.id,
                    expires_at=None if expires_at is None else utc_text(expires_at),
                )
            )  # fmt: skip
            facts = {"account_id": row.id, "key_id": key.id, "role": role}
            records.log(self._database, connection, "account", now, by.id, "key-added", **facts)
        return NewKey(key, token)

    def of(self, account_id: str, *, by: Person) -> list[ApiKey]:
        """All keys an account ever had, newest last. Raises Forbidden, NotFound."""
        with self._database.read() as connection:
            row = self._allowed(connection, account_id, by)
            return self._rows(connection, row.id)

    def find(self, prefix: str, *, by: Person) -> ApiKey:
        """One key, by its first characters. Raises NotFound, Forbidden."""
        with self._database.read() as connection:
            row = self._by_prefix(connection, prefix)
            self._allowed(connection, row.account_id, by)
            return _key(row)

    def revoke(self, prefix: str, *, by: Person) -> ApiKey:
        """Ends a key at once. Raises NotFound, Forbidden."""
        with self._database.write() as connection:
            now = self._clock()
            found = self._by_prefix(connection, prefix)
            self._allowed(connection, found.account_id, by)
            if found.revoked_at is None:
                values = {"revoked_at": utc_text(now)}
                connection.execute(update(api_keys).where(api_keys.c.id == found.id).values(values))
                facts = {"account_id": found.account_id, "key_id": found.id}
                records.log(
                    self._database, connection, "account", now, by.id, "key-revoked", **facts
                )
            return _key(connection.execute(select(api_keys).where(api_keys.c.id == found.id)).one())

    def authenticate(self, token: str, *, address: str | None = None) -> Person:
        """Who comes with this key, with the lesser of its role and the account's.

        Raises NotAuthenticated; TooManyAttempts after many wrong keys from one address.
        """
        source = address_subject(address)
        if source is not None:
            self._attempts.check({source: ADDRESS})
        now = self._clock()
        row = self._look_up(token)
        if row is None or not _in_force(row, now):
            if source is not None:
                self._attempts.count({source: ADDRESS})
            raise NotAuthenticated("identity.wrong_key")
        with self._database.read() as connection:
            account = records.account_row(connection, row.account_id)
        if account.status != "active":
            raise NotAuthenticated("identity.suspended")
        self._note_use(row, now)
        person = records.person_from(account)
        return Person(
            person.id, person.created_at, local=False, role=lesser(row.role, person.role),
            verified=person.verified, key_id=row.id,
        )  # fmt: skip

    def _look_up(self, token: str) -> Any:
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        with self._database.read() as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.prefix == found[1])).first()
        matches = hmac.compare_digest(_hash(token), "" if row is None else row.token_sha256)
        return row if matches else None

    def _by_prefix(self, connection: Connection, prefix: str) -> Any:
        query = select(api_keys).where(api_keys.c.prefix == prefix.removeprefix("dq_"))
        found = connection.execute(query).first()
        if found is None:
            raise NotFound("identity.no_such_key", prefix=prefix)
        return found

    def _note_use(self, row: Any, now: datetime) -> None:
        """To the hour, so that a busy key isn't a write for each call."""
        if row.last_used_at is not None and now - utc_time(row.last_used_at) < _NOTED_EVERY:
            return
        with self._database.write(lasting=False) as connection:
            values = {"last_used_at": utc_text(now)}
            connection.execute(update(api_keys).where(api_keys.c.id == row.id).values(values))

    def _allowed(self, connection: Connection, account_id: str, by: Person) -> Any:
        """The account, when these keys are one's own or of somebody one manages."""
        row = records.account_row(connection, account_id)
        if row.status == "erased":
            raise NotFound("identity.no_such_account", account=account_id)
        if by.id != row.id:
            require(by, "account.manage")
            records.require_over(by, row)
        return row

    def _rows(
        self, connection: Connection, account_id: str, *, in_force_at: datetime | None = None
    ) -> list[ApiKey]:
        query = select(api_keys).where(api_keys.c.account_id == account_id).order_by(api_keys.c.id)
        rows = connection.execute(query).all()
        return [_key(r) for r in rows if in_force_at is None or _in_force(r, in_force_at)]


def revoke_all(connection: Connection, account_id: str, now: datetime) -> None:
    """Ends every key of an account within a transaction that does more."""
    connection.execute(
        update(api_keys)
        .where(api_keys.c.account_id == account_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=utc_text(now))
    )


def _in_force(row: Any, now: datetime) -> bool:
    expired = row.expires_at is not None and utc_time(row.expires_at) <= now
    return row.revoked_at is None and not expired


def _key(row: Any) -> ApiKey:
    def moment(text: str | None) -> datetime | None:
        return None if text is None else utc_time(text)

    return ApiKey(
        id=row.id, account_id=row.account_id, prefix=row.prefix, name=row.name, role=row.role,
        created_at=utc_time(row.created_at), expires_at=moment(row.expires_at),
        revoked_at=moment(row.revoked_at), last_used_at=moment(row.last_used_at),
    )  # fmt: skip


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()
