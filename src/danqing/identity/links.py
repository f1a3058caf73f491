"""Which account an OIDC identity signs in to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from danqing.db.identity_tables import oidc_links as table
from danqing.db.times import utc_text
from danqing.errors import DanqingError, Forbidden, InputError
from danqing.identity import records
from danqing.identity.accounts import Accounts, check_login
from danqing.identity.records import Clock
from danqing.identity.types import Account, Person

if TYPE_CHECKING:
    from danqing.db import Database
    from danqing.identity.oidc import OidcIdentity

_NUMBERED = 100


class Links:
    """The links of one database, between (issuer, subject) and accounts."""

    def __init__(self, database: Database, accounts: Accounts, clock: Clock) -> None:
        self._database = database
        self._accounts = accounts
        self._clock = clock

    def person(self, identity: OidcIdentity) -> Person | None:
        """Who signs in by it, or None where nobody does yet. Raises NotAuthenticated for an account
        that is suspended."""
        with self._database.read() as connection:
            account_id = _account_id(connection, identity)
        return None if account_id is None else self._accounts.person_of(account_id)

    def add(self, identity: OidcIdentity, *, by: Person) -> None:
        """Links it to one's own account, from then on another way in. Raises Forbidden where it is
        somebody else's, or for a key."""
        records.require_own_hands(by)
        with self._database.write() as connection:
            now = self._clock()
            owner = _account_id(connection, identity)
            if owner == by.id:
                return
            if owner is not None:
                raise Forbidden("identity.oidc_taken")
            connection.execute(
                insert(table).values(
                    issuer=identity.issuer, subject=identity.subject, account_id=by.id,
                    linked_at=utc_text(now),
                )
            )  # fmt: skip
            records.log(
                self._database, connection, "account", now, by.id, "oidc-linked", account_id=by.id
            )

    def sign_up(self, identity: OidcIdentity) -> Person:
        """A user's account of its own for somebody new, named as the provider names them, or nearly
        so. Raises InputError, Forbidden."""
        account = self._new_account(identity)
        person = self._accounts.person_of(account.id)
        self.add(identity, by=person)
        return person

    def _new_account(self, identity: OidcIdentity) -> Account:
        stem = _login_from(identity)
        problem: DanqingError | None = None
        for number in range(1, _NUMBERED):
            try:
                return self._accounts.add(stem if number == 1 else f"{stem}-{number}", by=None)
            except InputError as taken:
                problem = taken
        assert problem is not None
        raise problem


def _account_id(connection: Connection, identity: OidcIdentity) -> str | None:
    query = select(table.c.account_id).where(
        table.c.issuer == identity.issuer, table.c.subject == identity.subject
    )
    account_id: str | None = connection.execute(query).scalar()
    return account_id


def _login_from(identity: OidcIdentity) -> str:
    """The first of the names a provider may tell that can be a login here."""
    for claim in ("preferred_username", "email", "nickname", "name"):
        told = identity.claims.get(claim)
        if isinstance(told, str):
            try:
                return check_login(told)
            except InputError:
                continue
    return "user"
