"""Release without the visible mark, on the road that Article 9 of the Labelling Measures leaves open.

    ask     a person applies: how many pictures, for whom, what for; they accept the agreement
    give    an operator gives it, for a time; or declines
    use     each picture that leaves so takes one from it, in the transaction that releases it

Each step is a line in the ledger. This is the one place that builds a Grant; the labeller's unmarked way
takes nothing else, and the store checks it again. Metadata, signature and watermark stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, insert, select, update

from danqing.db.identity_tables import agreements, grant_uses, grants
from danqing.db.times import utc_text, utc_time
from danqing.errors import Forbidden, InputError, NotFound
from danqing.identity import records
from danqing.identity.agreement import Agreement, current_agreement
from danqing.identity.real_names import verified
from danqing.identity.records import Clock
from danqing.identity.roles import may, require
from danqing.identity.types import Grant, Person
from danqing.identity.vault import Vault
from danqing.settings import Settings

if TYPE_CHECKING:
    from danqing.db import Database
    from danqing.db.ledger import Ledger

MOST_PICTURES, MOST_DAYS, LONGEST_TEXT = 200, 90, 500


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody applied for, and what became of it. given: None while undecided; until: of a
    given one. used: pictures released under it. recipient, reason: only where they may be read."""

    id: str
    person_id: str
    pictures: int
    agreement: str
    asked_at: datetime
    decided_by: str | None
    given: bool | None
    until: datetime | None
    used: int
    recipient: str | None = field(default=None, repr=False)
    reason: str | None = field(default=None, repr=False)


class Grants:
    """The applications and grants of one database."""

    def __init__(self, database: Database, vault: Vault, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._settings = settings
        self._clock = clock

    @property
    def agreement(self) -> Agreement:
        """What has to be accepted. Raises InputError for an operator's file that can't be read."""
        return current_agreement(self._settings.service)

    def ask(
        self, *, by: Person, pictures: int, recipient: str, reason: str, accepts: str
    ) -> Application:
        """An application. recipient: who is to get the files. accepts: the version of the agreement
        that was read and accepted.

        Raises InputError; Forbidden for somebody unverified where real names are asked for.
        """
        require(by, "grant.ask")
        agreement = self.agreement
        if accepts != agreement.version:
            raise InputError("identity.agreement_not_accepted", version=agreement.version)
        if not 1 <= pictures <= MOST_PICTURES:
            raise InputError("identity.grant_pictures", limit=MOST_PICTURES)
        recipient, reason = _text(recipient, "recipient"), _text(reason, "reason")
        with self._database.write() as connection:
            now = self._clock()
            if self._settings.needs_real_names and not verified(connection, by.id):
                raise Forbidden("identity.unverified")
            self._keep(connection, agreement, now)
            content = {"recipient": recipient, "reason": reason}
            row: dict[str, Any] = {
                "id": records.new_id(now), "person_id": by.id, "pictures": pictures,
                "agreement_sha256": agreement.sha256,
                "sealed_id": self._vault.seal(connection, by.id, "grant", content),
                "recipient_index": self._vault.index(connection, "recipient", recipient),
                "asked_at": utc_text(now),
            }  # fmt: skip
            connection.execute(insert(grants), row)
            facts = {
                "grant_id": row["id"], "pictures": pictures, "agreement": agreement.version,
                "agreement_sha256": agreement.sha256, "recipient": row["recipient_index"],
            }  # fmt: skip
            records.log(self._database, connection, "grant", now, by.id, "asked", **facts)
            return self._application(connection, _row(connection, row["id"]), by)

    def give(self, grant_id: str, *, by: Person, days: int = 30) -> Grant:
        """Gives what was applied for, for so many days.

        Not to oneself, but for whoever is alone at their own machine, who is provider and user in
        one. Raises Forbidden, InputError, NotFound.
        """
        if not 1 <= days <= MOST_DAYS:
            raise InputError("identity.grant_days", limit=MOST_DAYS)
        row = self._decide(grant_id, by, given=True, days=days)
        return _grant(row)

    def decline(self, grant_id: str, *, by: Person) -> Application:
        """Raises Forbidden, NotFound."""
        row = self._decide(grant_id, by, given=False, days=0)
        with self._database.read() as connection:
            return self._application(connection, row, by)

    def open(self, grant_id: str, *, by: Person, pictures: int = 1) -> Grant:
        """The grant, for the person it was given to, with that many pictures left in it.

        Raises Forbidden where it isn't theirs, wasn't given, has run out or is used up; NotFound.
        """
        with self._database.read() as connection:
            row = _row(connection, grant_id)
            _require_usable(connection, row, by.id, self._clock(), pictures)
            return _grant(row)

    def all(self, *, by: Person, limit: int = 100) -> list[Application]:
        """One's own, or everybody's for those who give them; newest first, with what was stated."""
        query = select(grants, agreements.c.version).join(agreements)
        if not may(by, "grant.give"):
            query = query.where(grants.c.person_id == by.id)
        query = query.order_by(grants.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
            return [self._application(connection, row, by) for row in rows]

    def _keep(self, connection: Connection, agreement: Agreement, now: datetime) -> None:
        """The text itself, once: a version that can be edited afterwards proves nothing."""
        known = select(agreements.c.sha256).where(agreements.c.sha256 == agreement.sha256)
        if connection.execute(known).first() is None:
            connection.execute(
                insert(agreements).values(
                    sha256=agreement.sha256, version=agreement.version, text=agreement.text,
                    first_at=utc_text(now),
                )
            )  # fmt: skip

    def _decide(self, grant_id: str, by: Person, *, given: bool, days: int) -> Any:
        require(by, "grant.give")
        records.require_own_hands(by)
        with self._database.write() as connection:
            now = self._clock()
            row = _row(connection, grant_id)
            if row.person_id == by.id and not by.local:
                raise Forbidden("identity.grant_oneself")
            if row.given is not None:
                raise Forbidden("identity.decided_already")
            until = now + timedelta(days=days)
            values = {
                "decided_by": by.id, "decided_at": utc_text(now), "given": int(given),
                "until": utc_text(until) if given else None,
            }  # fmt: skip
            connection.execute(update(grants).where(grants.c.id == row.id).values(values))
            facts = {"grant_id": row.id, "to": row.person_id, "until": values["until"]}
            step = "given" if given else "declined"
            records.log(self._database, connection, "grant", now, by.id, step, **facts)
            return _row(connection, row.id)

    def _application(self, connection: Connection, row: Any, by: Person) -> Application:
        content: dict[str, Any] = {}
        if by.id == row.person_id or may(by, "grant.give"):
            content = self._vault.open(connection, row.sealed_id)
        return Application(
            id=row.id, person_id=row.person_id, pictures=row.pictures, agreement=row.version,
            asked_at=utc_time(row.asked_at), decided_by=row.decided_by,
            given=None if row.given is None else bool(row.given),
            until=None if row.until is None else utc_time(row.until),
            used=_used(connection, row.id),
            recipient=content.get("recipient"), reason=content.get("reason"),
        )  # fmt: skip


def use_grant(
    connection: Connection,
    book: Ledger,
    grant: Grant,
    *,
    batch_id: str,
    person_id: str,
    release: Mapping[str, Any],
    now: datetime,
) -> None:
    """Takes one picture from a grant and logs it, within the transaction that releases the picture,
    after its row in `releases`. release: that row.

    Raises Forbidden unless the grant stands in the database as given, to this person, in force and
    with a picture left: whatever a Grant object claims.
    """
    from danqing.db.ledger import Event

    row = _row(connection, grant.id)
    _require_usable(connection, row, person_id, now, pictures=1)
    connection.execute(
        insert(grant_uses).values(
            artwork_id=release["id"], grant_id=row.id, at=utc_text(now),
            sha256=release["sha256"], produce_id=release["produce_id"],
        )
    )  # fmt: skip
    facts = {
        "step": "used", "grant_id": row.id, "artwork_id": release["id"],
        "produce_id": release["produce_id"], "sha256": release["sha256"],
        "agreement": row.version, "agreement_sha256": row.agreement_sha256,
        "recipient": row.recipient_index, "given_by": row.decided_by,
    }  # fmt: skip
    book.append(connection, Event("grant", now, facts, batch_id, person_id))


def _require_usable(
    connection: Connection, row: Any, person_id: str, now: datetime, pictures: int
) -> None:
    if row.person_id != person_id:
        raise Forbidden("identity.grant_not_yours")
    if not row.given:
        raise Forbidden("identity.grant_not_given")
    if now > utc_time(row.until):
        raise Forbidden("identity.grant_over")
    left = row.pictures - _used(connection, row.id)
    if pictures > left:
        raise Forbidden("identity.grant_used_up", left=left)


def _row(connection: Connection, grant_id: str) -> Any:
    query = (
        select(grants, agreements.c.version)
        .join(agreements)
        .where(grants.c.id == grant_id.strip().upper())
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("identity.no_such_grant", id=grant_id)
    return row


def _used(connection: Connection, grant_id: str) -> int:
    query = select(func.count()).select_from(grant_uses).where(grant_uses.c.grant_id == grant_id)
    return int(connection.execute(query).scalar_one())


def _grant(row: Any) -> Grant:
    return Grant(
        id=row.id,
        person_id=row.person_id,
        pictures=row.pictures,
        agreement=row.version,
        agreement_sha256=row.agreement_sha256,
        recipient_index=row.recipient_index,
        given_by=row.decided_by,
        given_at=utc_time(row.decided_at),
        until=utc_time(row.until),
    )


def _text(stated: str, what: str) -> str:
    stated = stated.strip()
    if not (0 < len(stated) <= LONGEST_TEXT and stated.isprintable()):
        raise InputError(f"identity.grant_{what}", limit=LONGEST_TEXT)
    return stated
