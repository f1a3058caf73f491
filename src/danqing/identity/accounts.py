"""Accounts: made, found, given a role, suspended, and signed in to.

Every change is a line in the ledger, under the id of whoever made it. Sessions are the server's: it
keeps them, and asks `person_of` anew each time.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from danqing.db.identity_tables import accounts
from danqing.db.tables import people
from danqing.db.times import utc_text
from danqing.errors import Forbidden, InputError, NotAuthenticated, NotFound
from danqing.identity import records
from danqing.identity.attempts import (
    ACCOUNT,
    ADDRESS,
    Attempts,
    account_subject,
    address_subject,
)
from danqing.identity.passwords import Passwords, check_password
from danqing.identity.records import Clock
from danqing.identity.roles import may_appoint, require
from danqing.identity.types import Account, Person, Role

if TYPE_CHECKING:
    from danqing.db import Database

SHORTEST_LOGIN, LONGEST_LOGIN = 2, 64
_ANY = select(accounts.c.id).limit(1)
_LOGIN_SIGNS = frozenset("._-+@")


class Accounts:
    """The accounts of one database. passwords: how they are hashed. were_added: whether any was, by this
    process."""

    def __init__(self, database: Database, clock: Clock, passwords: Passwords) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._attempts = Attempts(database, clock)
        self.were_added = False

    def add(
        self,
        login: str,
        *,
        by: Person | None,
        role: Role = "user",
        password: str | None = None,
    ) -> Account:
        """A new account. by: who makes it; None when somebody signs up, which makes a user only.

        Without a password it can be signed in to by OIDC or a key alone. Raises InputError for a
        login that is taken or not to be had and for a poor password; Forbidden.
        """
        if by is None and role != "user":
            raise Forbidden("identity.above_you", role=role)
        if by is not None:
            require(by, "account.manage")
            if not may_appoint(by, role):
                raise Forbidden("identity.above_you", role=role)
        login = check_login(login)
        if password is not None:
            check_password(password, login)
        hashed = None if password is None else self._passwords.hash(password)
        now = self._clock()
        person_id = records.new_id(now)
        maker = person_id if by is None else by.id
        with self._database.write() as connection:
            self._require_free(connection, login)
            connection.execute(
                insert(people).values(id=person_id, created_at=utc_text(now), local=0)
            )
            connection.execute(
                insert(accounts).values(
                    id=person_id,
                    login=login,
                    login_folded=fold(login),
                    role=role,
                    status="active",
                    created_at=utc_text(now),
                    created_by=maker,
                    password_hash=hashed,
                    password_set_by=None if hashed is None else maker,
                    sessions_from=utc_text(now),
                )
            )
            self._log(connection, now, maker, "added", person_id, role=role)
            made = records.account_of(records.account_row(connection, person_id))
        self.were_added = True
        return made

    def find(self, account: str) -> Account:
        """By login, in either case, or by id. Raises NotFound."""
        with self._database.read() as connection:
            return records.account_of(self._row(connection, account))

    def all(self, *, limit: int = 100, after: str | None = None) -> list[Account]:
        """Accounts in the order they were made, erased ones included. after: an id."""
        query = records.account_rows().order_by(accounts.c.id).limit(limit)
        if after is not None:
            query = query.where(accounts.c.id > after)
        with self._database.read() as connection:
            return [records.account_of(row) for row in connection.execute(query)]

    def exist(self) -> bool:
        """Whether there is any account, an erased one included."""
        with self._database.read() as connection:
            return connection.execute(_ANY).first() is not None

    def person_of(self, account_id: str) -> Person:
        """The person of an account as they may act now. Raises NotAuthenticated for an account that
        is suspended or erased, NotFound."""
        with self._database.read() as connection:
            row = records.account_row(connection, account_id)
        _require_active(row)
        return records.person_from(row)

    def set_role(self, account_id: str, role: Role, *, by: Person) -> Account:
        """Raises Forbidden unless `by` may make and unmake both this role and the one there was."""

        def change(connection: Connection, row: Any, now: datetime) -> dict[str, Any]:
            if not may_appoint(by, role):
                raise Forbidden("identity.above_you", role=role)
            self._log(connection, now, by.id, "role", row.id, before=row.role, role=role)
            return {"role": role}

        return self._change(account_id, by, change)

    def suspend(self, account_id: str, *, by: Person) -> Account:
        """Nobody can sign in to it or use its keys, from this moment; its sessions end."""
        return self._set_status(account_id, "suspended", by)

    def resume(self, account_id: str, *, by: Person) -> Account:
        """Ends a suspension."""
        return self._set_status(account_id, "active", by)

    def end_sessions(self, account_id: str, *, by: Person) -> Account:
        """Signs it out everywhere."""

        def change(connection: Connection, row: Any, now: datetime) -> dict[str, Any]:
            self._log(connection, now, by.id, "signed-out", row.id)
            return {"sessions_from": utc_text(now)}

        return self._change(account_id, by, change, oneself=True)

    def set_password(
        self,
        account_id: str,
        password: str,
        *,
        by: Person,
        current: str | None = None,
        address: str | None = None,
    ) -> Account:
        """A new password; every session ends. One's own needs the current one, if there is one.

        Someone else's can be set by whoever manages the account: then it isn't theirs alone, and
        they can't be the second person of a disclosure until they have set their own. Raises
        InputError for a poor one, NotAuthenticated, Forbidden, TooManyAttempts.
        """
        records.require_own_hands(by)
        account = self.find(account_id)
        check_password(password, account.login or "")
        if by.id == account.id and account.has_password:
            self.authenticate(account.login or "", current or "", address=address)
        hashed = self._passwords.hash(password)

        def change(connection: Connection, row: Any, now: datetime) -> dict[str, Any]:
            self._log(connection, now, by.id, "password", row.id)
            return {
                "password_hash": hashed,
                "password_set_by": by.id,
                "sessions_from": utc_text(now),
            }

        return self._change(account.id, by, change, oneself=True)

    def authenticate(self, login: str, password: str, *, address: str | None = None) -> Person:
        """Who this is, by login and password. address: the IP address it comes from, if any.

        Raises NotAuthenticated, in the same words and time whichever of the two is wrong;
        TooManyAttempts after too many failures of the account or from the address.
        """
        folded = fold(login)
        account, source = account_subject(folded), address_subject(address)
        self._attempts.count({account: ACCOUNT} | ({} if source is None else {source: ADDRESS}))
        with self._database.read() as connection:
            query = records.account_rows().where(accounts.c.login_folded == folded)
            row = connection.execute(query).first()
        kept = None if row is None else row.password_hash
        if not self._passwords.matches(kept, password) or row is None:
            raise NotAuthenticated("identity.wrong_password")
        self._attempts.forgive(account, source)
        _require_active(row)
        if self._passwords.is_outdated(row.password_hash):
            self._rehash(row, password)
        return records.person_from(row)

    def _rehash(self, row: Any, password: str) -> None:
        hashed = self._passwords.hash(password)
        same = (accounts.c.id == row.id, accounts.c.password_hash == row.password_hash)
        with self._database.write(lasting=False) as connection:
            connection.execute(update(accounts).where(*same).values(password_hash=hashed))

    def _set_status(self, account_id: str, status: str, by: Person) -> Account:
        def change(connection: Connection, row: Any, now: datetime) -> dict[str, Any]:
            self._log(connection, now, by.id, status, row.id)
            return {"status": status, "sessions_from": utc_text(now)}

        return self._change(account_id, by, change)

    def _change(
        self, account_id: str, by: Person, change: Any, *, oneself: bool = False
    ) -> Account:
        """One change of one account, by somebody over it, or by oneself where that is allowed."""
        with self._database.write() as connection:
            now = self._clock()
            row = self._row(connection, account_id)
            if row.status == "erased":
                raise NotFound("identity.no_such_account", account=account_id)
            if not (oneself and by.id == row.id):
                require(by, "account.manage")
                records.require_over(by, row)
            values = change(connection, row, now)
            connection.execute(update(accounts).where(accounts.c.id == row.id).values(values))
            return records.account_of(records.account_row(connection, row.id))

    def _row(self, connection: Connection, account: str) -> Any:
        named = accounts.c.login_folded == fold(account)
        numbered = accounts.c.id == account.strip().upper()
        row = connection.execute(records.account_rows().where(named | numbered)).first()
        if row is None:
            raise NotFound("identity.no_such_account", account=account)
        return row

    def _require_free(self, connection: Connection, login: str) -> None:
        taken = select(accounts.c.id).where(accounts.c.login_folded == fold(login))
        if connection.execute(taken).first() is not None:
            raise InputError("identity.login_taken", login=login)

    def _log(
        self,
        connection: Connection,
        at: datetime,
        by: str,
        step: str,
        account_id: str,
        **facts: Any,
    ) -> None:
        records.log(
            self._database, connection, "account", at, by, step, account_id=account_id, **facts
        )


def fold(login: str) -> str:
    """As logins are compared: NFKC, without case."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def check_login(login: str) -> str:
    """The login as it is kept. Raises InputError.

    2 to 64 of: ASCII letters and digits, Han characters, and . _ - + @. Letters of other scripts
    that look like these could pass for somebody else. An id's shape is left to ids.
    """
    login = unicodedata.normalize("NFKC", login).strip()
    if not SHORTEST_LOGIN <= len(login) <= LONGEST_LOGIN or not all(map(_may_stand, login)):
        raise InputError("identity.login_shape", least=SHORTEST_LOGIN, limit=LONGEST_LOGIN)
    if len(login) == 26 and login.isascii() and login.isalnum():
        raise InputError("identity.login_shape", least=SHORTEST_LOGIN, limit=LONGEST_LOGIN)
    return login


def _may_stand(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in _LOGIN_SIGNS
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")


def _require_active(row: Any) -> None:
    if row.status != "active":
        raise NotAuthenticated("identity.suspended")
