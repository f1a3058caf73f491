"""Who a pseudonymous id is: told for one case, about one person, by two operators, on the record.

One operator asks with a case number, another approves, and one of the two looks. Each step is a line
in the ledger, written before anything is shown. The case number is on the record; who it is about
stands there by id alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from danqing.db.identity_tables import accounts, disclosures, real_names
from danqing.db.tables import people
from danqing.db.times import utc_text, utc_time
from danqing.errors import Forbidden, InputError, NotFound
from danqing.identity import records
from danqing.identity.records import Clock
from danqing.identity.roles import require
from danqing.identity.types import Person, RealName
from danqing.identity.vault import Vault

if TYPE_CHECKING:
    from danqing.db import Database

GOOD_FOR = timedelta(days=7)
"""How long a question waits for its second operator, and an approval to be looked at."""
LONGEST_CASE_NUMBER = 100


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A question about one person, and what became of it. approved: None while undecided."""

    id: str
    person_id: str
    case_number: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    approved: bool | None
    shown_at: datetime | None


@dataclass(frozen=True, slots=True)
class Disclosed:
    """Who one person is, as far as it is known. real_name: None when nobody ever verified them, or
    retention has ended. login: None once erased."""

    disclosure: Disclosure
    person_id: str
    login: str | None
    known_since: datetime
    verified_by: str | None
    verified_at: datetime | None
    real_name: RealName | None = field(repr=False)


class Disclosures:
    """The disclosures of one database."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    def ask(self, person_id: str, case_number: str, *, by: Person) -> Disclosure:
        """Asks who somebody is. case_number: of the authority or court that wants to know.

        Raises InputError without a case number, NotFound, Forbidden.
        """
        case_number = case_number.strip()
        if not (0 < len(case_number) <= LONGEST_CASE_NUMBER and case_number.isprintable()):
            raise InputError("identity.case_number", limit=LONGEST_CASE_NUMBER)
        with self._database.write() as connection:
            now = self._clock()
            _require_operator(connection, by)
            known = select(people.c.id).where(people.c.id == person_id)
            if connection.execute(known).first() is None:
                raise NotFound("identity.no_such_account", account=person_id)
            row = {
                "id": records.new_id(now), "person_id": person_id, "case_number": case_number,
                "asked_by": by.id, "asked_at": utc_text(now),
            }  # fmt: skip
            connection.execute(insert(disclosures), row)
            self._log(connection, now, by, "asked", row)
            return _disclosure(_row(connection, row["id"]))

    def decide(self, disclosure_id: str, *, approve: bool, by: Person) -> Disclosure:
        """The second operator's word. Raises Forbidden for whoever asked, and for a question that
        was decided or has waited too long."""
        with self._database.write() as connection:
            now = self._clock()
            _require_operator(connection, by)
            row = _row(connection, disclosure_id)
            if row.asked_by == by.id:
                raise Forbidden("identity.second_person")
            if row.decided_by is not None:
                raise Forbidden("identity.decided_already")
            if now - utc_time(row.asked_at) > GOOD_FOR:
                raise Forbidden("identity.disclosure_over", days=GOOD_FOR.days)
            values = {"decided_by": by.id, "decided_at": utc_text(now), "approved": int(approve)}
            self._set(connection, row.id, values)
            self._log(connection, now, by, "approved" if approve else "declined", row._mapping)
            return _disclosure(_row(connection, row.id))

    def show(self, disclosure_id: str, *, by: Person) -> Disclosed:
        """Who it is, to one of the two, once both have spoken and for a week. That it was looked at
        is in the ledger, each time, before this returns. Raises Forbidden, NotFound, KeyLost."""
        from danqing.identity.real_names import read_real_name

        with self._database.write() as connection:
            now = self._clock()
            _require_operator(connection, by)
            row = _row(connection, disclosure_id)
            if by.id not in (row.asked_by, row.decided_by):
                raise Forbidden("identity.not_your_disclosure")
            if not row.approved or row.asked_by == row.decided_by:
                raise Forbidden("identity.not_approved")
            if now - utc_time(row.decided_at) > GOOD_FOR:
                raise Forbidden("identity.disclosure_over", days=GOOD_FOR.days)
            # Opened before the line is written: a key that is lost shows nothing to record.
            real_name = read_real_name(connection, self._vault, row.person_id)
            self._set(connection, row.id, {"shown_at": utc_text(now)})
            self._log(connection, now, by, "shown", row._mapping)
            found = _facts(connection, row.person_id)
            disclosure = _disclosure(_row(connection, row.id))
        return Disclosed(
            disclosure=disclosure,
            person_id=row.person_id,
            login=found.login,
            known_since=utc_time(found.created_at),
            verified_by=found.provider,
            verified_at=None if found.proved_at is None else utc_time(found.proved_at),
            real_name=real_name,
        )

    def all(self, *, by: Person, limit: int = 100) -> list[Disclosure]:
        """All questions, newest first. Raises Forbidden."""
        require(by, "disclose")
        query = select(disclosures).order_by(disclosures.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [_disclosure(row) for row in connection.execute(query)]

    def _set(self, connection: Connection, disclosure_id: str, values: dict[str, Any]) -> None:
        chosen = disclosures.c.id == disclosure_id
        connection.execute(update(disclosures).where(chosen).values(values))

    def _log(self, connection: Connection, at: datetime, by: Person, step: str, row: Any) -> None:
        facts = {
            "disclosure_id": row["id"], "case_number": row["case_number"],
            "about": row["person_id"],
        }  # fmt: skip
        records.log(self._database, connection, "disclosure", at, by.id, step, **facts)


def _require_operator(connection: Connection, by: Person) -> None:
    """An operator in person, with a password nobody else has set: whoever set it could be both."""
    require(by, "disclose")
    records.require_own_hands(by)
    if by.local:
        return
    row = records.account_row(connection, by.id)
    if row.status != "active":
        raise Forbidden("identity.suspended")
    if row.password_set_by not in (None, by.id):
        raise Forbidden("identity.password_not_own")


def _row(connection: Connection, disclosure_id: str) -> Any:
    chosen = disclosures.c.id == disclosure_id.strip().upper()
    row = connection.execute(select(disclosures).where(chosen)).first()
    if row is None:
        raise NotFound("identity.no_such_disclosure", id=disclosure_id)
    return row


def _facts(connection: Connection, person_id: str) -> Any:
    query = (
        select(people.c.created_at, accounts.c.login, real_names.c.provider, real_names.c.proved_at)
        .select_from(
            people.outerjoin(accounts, accounts.c.id == people.c.id).outerjoin(
                real_names, real_names.c.person_id == people.c.id
            )
        )
        .where(people.c.id == person_id)
    )
    return connection.execute(query).one()


def _disclosure(row: Any) -> Disclosure:
    def moment(text: str | None) -> datetime | None:
        return None if text is None else utc_time(text)

    return Disclosure(
        id=row.id, person_id=row.person_id, case_number=row.case_number, asked_by=row.asked_by,
        asked_at=utc_time(row.asked_at), decided_by=row.decided_by,
        decided_at=moment(row.decided_at),
        approved=None if row.approved is None else bool(row.approved),
        shown_at=moment(row.shown_at),
    )  # fmt: skip
