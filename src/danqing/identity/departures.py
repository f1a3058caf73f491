"""Leaving with one's data, and leaving for good.

What goes at once when an account is erased: login, password, keys, OIDC links, codes under way. What
stays, because laws ask for it (docs/accounts.md names them): that the pseudonymous id existed, what
it asked for and got, who was behind it, its grants. Real name and grants go once they have been kept for
`keep_days` after the erasure; contents of the ledger follow the ledger's own retention.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, delete, select, update

from danqing.db.identity_tables import (
    accounts,
    api_keys,
    grant_uses,
    grants,
    oidc_links,
    sealed,
)
from danqing.db.tables import artworks, batches, ledger, people, releases
from danqing.db.times import utc_text
from danqing.errors import InputError, NotFound
from danqing.identity import records
from danqing.identity.keys import revoke_all
from danqing.identity.real_names import drop_real_name, read_real_name, verified
from danqing.identity.records import Clock
from danqing.identity.roles import require
from danqing.identity.sms import drop_challenge
from danqing.identity.types import Person
from danqing.identity.vault import Vault
from danqing.settings import Settings

if TYPE_CHECKING:
    from danqing.db import Database

LEAST_KEEP_DAYS = 184
What = Literal["login", "password", "keys", "links", "requests", "real-name", "grants"]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something of an erased account that stays. what: also the end of a message id,
    `identity.kept_…`, which says why. until: when it may go; None where that is the ledger's own
    retention to say."""

    what: What
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing did: what is gone, what is kept and until when."""

    person_id: str
    gone: tuple[What, ...]
    kept: tuple[Kept, ...]


class Departures:
    """Export, erasure, and the end of retention. Raises InputError for keep_days under 184."""

    def __init__(self, database: Database, vault: Vault, settings: Settings, clock: Clock) -> None:
        if settings.identity.keep_days < LEAST_KEEP_DAYS:
            raise InputError("identity.keep_days", least=LEAST_KEEP_DAYS)
        self._database = database
        self._vault = vault
        self._clock = clock
        self._keep = timedelta(days=settings.identity.keep_days)

    def export(self, person_id: str, *, by: Person) -> Iterator[dict[str, Any]]:
        """All that is kept of one person, one record after another, each with its `kind`.

        Their real name is in it only when they ask for it themselves, in person: an operator who
        exports for them sees that there is one. That an operator did is in the ledger. Raises
        Forbidden, NotFound, KeyLost.
        """
        oneself = by.id == person_id
        with self._database.write() as connection:
            now = self._clock()
            if not oneself:
                require(by, "account.erase")
                records.require_own_hands(by)
                self._require_over(connection, person_id, by)
                records.log(
                    self._database, connection, "account", now, by.id, "exported",
                    account_id=person_id,
                )  # fmt: skip
            if (
                connection.execute(select(people.c.id).where(people.c.id == person_id)).first()
                is None
            ):
                raise NotFound("identity.no_such_account", account=person_id)
        return self._export(person_id, oneself and by.key_id is None)

    def erase(self, person_id: str, *, by: Person) -> Erased:
        """Ends an account: one's own, or one that `by` manages. It can't be undone.

        Raises Forbidden, NotFound, also for an account that is erased already.
        """
        records.require_own_hands(by)
        with self._database.write() as connection:
            now = self._clock()
            row = records.account_row(connection, person_id)
            if row.status == "erased":
                raise NotFound("identity.no_such_account", account=person_id)
            if by.id != person_id:
                require(by, "account.erase")
                records.require_over(by, row)
            until = now + self._keep  # it may have acted until now
            revoke_all(connection, person_id, now)
            connection.execute(delete(oidc_links).where(oidc_links.c.account_id == person_id))
            drop_challenge(connection, self._vault, person_id)
            values = {
                "login": None, "login_folded": None, "password_hash": None,
                "status": "erased", "sessions_from": utc_text(now), "erased_at": utc_text(now),
                "keep_until": utc_text(until),
            }  # fmt: skip
            connection.execute(update(accounts).where(accounts.c.id == person_id).values(values))
            records.log(
                self._database, connection, "account", now, by.id, "erased", account_id=person_id
            )
            kept = [Kept("requests", None)]
            if verified(connection, person_id):
                kept.append(Kept("real-name", until))
            if connection.execute(
                select(grants.c.id).where(grants.c.person_id == person_id)
            ).first():
                kept.append(Kept("grants", until))
        return Erased(person_id, ("login", "password", "keys", "links"), tuple(kept))

    def end_retention(self) -> int:
        """Removes what need no longer be kept: real names and grants of accounts erased long enough
        ago. Returns how many accounts that were."""
        with self._database.write() as connection:
            now = self._clock()
            due = (
                connection.execute(
                    select(accounts.c.id).where(accounts.c.keep_until <= utc_text(now))
                )
                .scalars()
                .all()
            )
            for person_id in due:
                drop_real_name(connection, self._vault, person_id)
                mine = select(grants.c.id).where(grants.c.person_id == person_id)
                connection.execute(delete(grant_uses).where(grant_uses.c.grant_id.in_(mine)))
                connection.execute(delete(grants).where(grants.c.person_id == person_id))
                connection.execute(delete(sealed).where(sealed.c.person_id == person_id))
                values = {"keep_until": None}
                connection.execute(
                    update(accounts).where(accounts.c.id == person_id).values(values)
                )
                records.log(
                    self._database, connection, "account", now, person_id, "retention-ended",
                    account_id=person_id,
                )  # fmt: skip
        return len(due)

    def _require_over(self, connection: Connection, person_id: str, by: Person) -> None:
        row = connection.execute(records.account_rows().where(accounts.c.id == person_id)).first()
        if row is None:
            raise NotFound("identity.no_such_account", account=person_id)
        records.require_over(by, row)

    def _export(self, person_id: str, with_real_name: bool) -> Iterator[dict[str, Any]]:
        with self._database.read() as connection:
            yield from self._who(connection, person_id, with_real_name)
            of_person = batches.c.person_id == person_id
            queries = {
                "request": select(batches.c.id, batches.c.asked_at, batches.c.prompt,
                                  batches.c.language, batches.c.request).where(of_person),
                "release": select(releases, artworks.c.seed, artworks.c.engine_version)
                .outerjoin(artworks, artworks.c.id == releases.c.id)
                .join(batches, batches.c.id == releases.c.batch_id).where(of_person),
                "grant": select(grants).where(grants.c.person_id == person_id),
                "ledger": select(ledger.c.seq, ledger.c.kind, ledger.c.at, ledger.c.batch_id,
                                 ledger.c.facts).where(ledger.c.person_id == person_id),
            }  # fmt: skip
            for kind, query in queries.items():
                for row in connection.execute(query.order_by(query.selected_columns[0])).mappings():
                    record = {"kind": kind, **row}
                    for name in ("request", "facts"):
                        if isinstance(record.get(name), str):
                            # Empty where retention took away what a line said.
                            record[name] = json.loads(record[name] or "null")
                    if kind == "grant":
                        record |= self._vault.open(connection, record.pop("sealed_id"))
                    if kind == "ledger":
                        record["event"] = row["kind"]
                        record["kind"] = kind
                    yield record

    def _who(
        self, connection: Connection, person_id: str, with_real_name: bool
    ) -> Iterator[dict[str, Any]]:
        row = connection.execute(records.account_rows().where(accounts.c.id == person_id)).first()
        if row is None:
            yield {"kind": "account", "id": person_id, "role": "owner", "local": True}
        else:
            account = asdict(records.account_of(row))
            yield {"kind": "account"} | {k: _plain(v) for k, v in account.items()}
        keys = select(api_keys).where(api_keys.c.account_id == person_id).order_by(api_keys.c.id)
        for key in connection.execute(keys).mappings():
            yield {"kind": "key"} | {k: v for k, v in key.items() if k != "token_sha256"}
        links = select(oidc_links).where(oidc_links.c.account_id == person_id)
        for link in connection.execute(links).mappings():
            yield {"kind": "oidc-link", **link}
        if not verified(connection, person_id):
            return
        real_name = read_real_name(connection, self._vault, person_id) if with_real_name else None
        if real_name is None:
            yield {"kind": "real-name", "shown": False}
        else:
            told = {"number_kind": real_name.kind, "number": real_name.number}
            yield {"kind": "real-name", "shown": True, "name": real_name.name, **told}


def _plain(value: Any) -> Any:
    return utc_text(value) if isinstance(value, datetime) else value
