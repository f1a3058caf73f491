"""Appeals against a decision, and complaints about what is drawn here: each with an id, a day by which
there is an answer, and the answer. (Deep Synthesis Provisions, Art. 12; Interim Measures for Generative
AI Services, Art. 15.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from danqing.errors import InputError, NotFound
from danqing.identity import require
from danqing.identity.types import Person
from danqing.policy.docket import Docket
from danqing.policy.rulings import new_id, plain_id

if TYPE_CHECKING:
    from danqing.db import Database

Kind = Literal["appeal", "complaint"]
MAX_TEXT = 4000
MAX_CONTACT = 200


@dataclass(frozen=True, slots=True)
class Case:
    """batch_id: what an appeal is against. about: what a complaint names. person_id: who opened it, if
    they have an account; contact: where else to reach them. due_at: by when it is answered.
    upheld: whether they were right; None while it is open."""

    id: str
    kind: Kind
    batch_id: str | None
    about: str | None
    person_id: str | None
    contact: str | None
    body: str
    opened_at: datetime
    due_at: datetime
    answer: str | None
    upheld: bool | None
    answered_at: datetime | None
    answered_by: str | None

    def overdue(self, now: datetime) -> bool:
        return self.answered_at is None and now > self.due_at


class Cases:
    """Opens, lists and answers them. days: within how many a case is answered. clock: UTC, aware."""

    def __init__(
        self,
        database: Database,
        docket: Docket,
        clock: Callable[[], datetime],
        *,
        appeal_days: int,
        complaint_days: int,
    ) -> None:
        self._database = database
        self._docket = docket
        self._clock = clock
        self._days = {"appeal": appeal_days, "complaint": complaint_days}

    def appeal(self, batch_id: str, person: Person, body: str) -> Case:
        """Somebody says that a decision on a batch of their own was wrong.

        Raises NotFound for a batch that isn't theirs, InputError for an empty or too long text, or
        when an appeal against it is still open.
        """
        from sqlalchemy import select

        from danqing.db.policy_tables import policy_cases
        from danqing.db.tables import batches

        with self._database.read() as connection:
            found = connection.execute(
                select(batches.c.id)
                .where(
                    batches.c.id.like(f"{plain_id(batch_id)}%"),
                    batches.c.person_id == person.id,
                )
                .limit(2)
            ).all()
            if len(found) != 1:
                raise NotFound("policy.no_such_batch", id=batch_id)
            still_open = connection.execute(
                select(policy_cases.c.id).where(
                    policy_cases.c.batch_id == found[0].id, policy_cases.c.answered_at.is_(None)
                )
            ).scalar()
        if still_open is not None:
            raise InputError("policy.appeal_open", id=still_open)
        return self._open("appeal", body, {"batch_id": found[0].id, "person_id": person.id})

    def complain(
        self, body: str, *, about: str | None, person: Person | None, contact: str | None
    ) -> Case:
        """Anybody says that something drawn or released here wrongs them. about: an artwork's id, a
        file's hash, an address. Raises InputError without a person or a contact to answer to.
        """
        if person is None and not contact:
            raise InputError("policy.no_contact")
        for text in (about, contact):
            if text is not None and len(text) > MAX_CONTACT:
                raise InputError("policy.case_too_long", limit=MAX_CONTACT)
        who = {"person_id": None if person is None else person.id, "contact": contact}
        return self._open("complaint", body, {"about": about, **who})

    def find(self, case_id: str) -> Case:
        """A case by its id or the beginning of it. Raises NotFound."""
        from sqlalchemy import select

        from danqing.db.policy_tables import policy_cases

        query = select(policy_cases).where(policy_cases.c.id.like(f"{plain_id(case_id)}%"))
        with self._database.read() as connection:
            rows = connection.execute(query.limit(2)).mappings().all()
        if len(rows) != 1:
            raise NotFound("policy.no_such_case", id=case_id)
        return _case(rows[0])

    def waiting(self, *, everything: bool = False, limit: int = 100) -> tuple[Case, ...]:
        """Open cases, the one due first at the top; or all, newest first."""
        from sqlalchemy import select

        from danqing.db.policy_tables import policy_cases

        query = select(policy_cases)
        if everything:
            query = query.order_by(policy_cases.c.opened_at.desc())
        else:
            query = query.where(policy_cases.c.answered_at.is_(None))
            query = query.order_by(policy_cases.c.due_at)
        with self._database.read() as connection:
            return tuple(map(_case, connection.execute(query.limit(limit)).mappings()))

    def answer(
        self,
        case_id: str,
        reviewer: Person,
        text: str,
        *,
        upheld: bool,
        final: frozenset[str] = frozenset(),
    ) -> Case:
        """Answers a case. An appeal that is upheld overturns the decision, as `Docket.rule` does.

        Raises Forbidden, NotFound, InputError when it was answered before or has no text.
        """
        from sqlalchemy import update

        from danqing.db.ledger import Event
        from danqing.db.policy_tables import policy_cases
        from danqing.db.times import utc_text

        require(reviewer, "review")
        text = _checked(text)
        case = self.find(case_id)
        now = self._clock()
        with self._database.write() as connection:
            changed = connection.execute(
                update(policy_cases)
                .where(policy_cases.c.id == case.id, policy_cases.c.answered_at.is_(None))
                .values(
                    answer=text,
                    upheld=int(upheld),
                    answered_at=utc_text(now),
                    answered_by=reviewer.id,
                )
            ).rowcount
            if not changed:
                raise InputError("policy.case_answered", id=case.id)
            if upheld and case.batch_id is not None:
                self._docket.rule_within(connection, case.batch_id, "allow", reviewer, text, final)
            facts = {"case_id": case.id, "upheld": upheld, "answer": text}
            self._database.ledger.append(
                connection,
                Event("answer", now, facts, batch_id=case.batch_id, person_id=reviewer.id),
            )
        return self.find(case.id)

    def _open(self, kind: Kind, body: str, more: dict[str, str | None]) -> Case:
        from sqlalchemy import insert

        from danqing.db.ledger import Event
        from danqing.db.policy_tables import policy_cases
        from danqing.db.times import utc_text

        body = _checked(body)
        now = self._clock()
        due = now + timedelta(days=self._days[kind])
        row: dict[str, Any] = dict.fromkeys(
            ("batch_id", "about", "person_id", "contact", "answer", "upheld", "answered_at",
             "answered_by")
        )  # fmt: skip
        row |= {"id": new_id(now), "kind": kind, "body": body, "opened_at": utc_text(now),
                "due_at": utc_text(due)} | more  # fmt: skip
        facts = {k: row[k] for k in ("kind", "about", "body", "due_at")} | {"case_id": row["id"]}
        with self._database.write() as connection:
            connection.execute(insert(policy_cases), row)
            self._database.ledger.append(
                connection,
                Event("case", now, facts, batch_id=row["batch_id"], person_id=row["person_id"]),
            )
        return _case(row)


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise InputError("policy.case_empty")
    if len(text) > MAX_TEXT:
        raise InputError("policy.case_too_long", limit=MAX_TEXT)
    return text


def _case(row: Any) -> Case:
    from danqing.db.times import utc_time

    return Case(
        id=row["id"],
        kind=row["kind"],
        batch_id=row["batch_id"],
        about=row["about"],
        person_id=row["person_id"],
        contact=row["contact"],
        body=row["body"],
        opened_at=utc_time(row["opened_at"]),
        due_at=utc_time(row["due_at"]),
        answer=row["answer"],
        upheld=None if row["upheld"] is None else bool(row["upheld"]),
        answered_at=None if row["answered_at"] is None else utc_time(row["answered_at"]),
        answered_by=row["answered_by"],
    )
