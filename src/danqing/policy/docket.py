"""What the database knows of earlier decisions: refusals, reviewers' rulings, consents to edit a face.

A ruling binds a matter: the prompt's words with the pictures it starts from, whatever seeds and sizes.
`allow` lets one person draw it past the rules named in it, those rules alone; `refuse` stops it for
everybody; `pardon` forgets somebody's earlier refusals. Each is a line in the ledger.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from danqing.errors import InputError, NotFound
from danqing.identity import require
from danqing.identity.types import Person
from danqing.policy.conduct import Strike
from danqing.policy.rulings import (
    Decision,
    Pending,
    Ruling,
    categories_of,
    matter_hash,
    matter_of,
    new_id,
    pending_of,
    plain_id,
    reasons_of,
    ruling_of,
)
from danqing.request.types import Request

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from danqing.db import Database

Statement = Literal["everyone", "nobody"]
CONSENT_WORDING = "1"
"""Which wording of `policy.face_declaration` was agreed to; another wording gets another number."""
_VERDICTS = ("refusal", "hold", "withheld")
MAX_BECAUSE = 2000


@cache
def _binding_ruling() -> Select[Any]:
    """Asked for every request, and put together once: that takes longer than the answer."""
    from sqlalchemy import bindparam, or_, select

    from danqing.db.policy_tables import policy_rulings as rulings

    return (
        select(rulings)
        .where(
            rulings.c.matter_sha256 == bindparam("matter"),
            or_(rulings.c.decision == "refuse", rulings.c.person_id == bindparam("person")),
        )
        .order_by(rulings.c.at.desc(), rulings.c.id.desc())
        .limit(1)
    )


class Docket:
    """Reads and writes decisions of one database. clock: UTC, aware."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    # What policy asks

    def strikes(self, person_id: str, since: datetime) -> tuple[Strike, ...]:
        """Refusals since then, in order, without those that were overturned or pardoned."""
        from sqlalchemy import select

        from danqing.db.policy_tables import policy_rulings as rulings
        from danqing.db.tables import ledger
        from danqing.db.times import utc_text, utc_time

        with self._database.read() as connection:
            pardoned = connection.execute(
                select(rulings.c.at)
                .where(rulings.c.person_id == person_id, rulings.c.decision == "pardon")
                .order_by(rulings.c.at.desc())
                .limit(1)
            ).scalar()
            overturned = set(
                connection.execute(
                    select(rulings.c.batch_id).where(
                        rulings.c.person_id == person_id, rulings.c.decision == "allow"
                    )
                ).scalars()
            )
            rows = connection.execute(
                select(ledger.c.batch_id, ledger.c.at, ledger.c.facts)
                .where(
                    ledger.c.person_id == person_id,
                    ledger.c.kind == "refusal",
                    ledger.c.at > max(utc_text(since), pardoned or ""),
                )
                .order_by(ledger.c.seq)
            ).all()
        found = ((row, categories_of(row.facts)) for row in rows if row.batch_id not in overturned)
        return tuple(Strike(utc_time(row.at), kinds) for row, kinds in found if kinds)

    def last_request(self, person_id: str, before: str) -> datetime | None:
        """When this person last asked for something else. before: the batch that asks now."""
        from sqlalchemy import select

        from danqing.db.tables import batches
        from danqing.db.times import utc_time

        query = (
            select(batches.c.asked_at)
            .where(batches.c.person_id == person_id, batches.c.id != before)
            .order_by(batches.c.asked_at.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            at = connection.execute(query).scalar()
        return None if at is None else utc_time(at)

    def ruling_on(self, request: Request, person_id: str) -> Ruling | None:
        """The last ruling that binds this person in this matter."""
        asked = {"matter": matter_of(request), "person": person_id}
        with self._database.read() as connection:
            row = connection.execute(_binding_ruling(), asked).mappings().first()
        return None if row is None else ruling_of(row)

    def consented(self, person_id: str, sha256: str) -> bool:
        """Whether this person said of this picture that everyone in it agreed, or nobody is."""
        from sqlalchemy import select

        from danqing.db.policy_tables import face_consents

        query = select(face_consents.c.id).where(
            face_consents.c.sha256 == sha256, face_consents.c.person_id == person_id
        )
        with self._database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    # What people do

    def consent(self, person: Person, sha256: str, statement: Statement) -> None:
        """Logs what somebody declares of the people in a picture (Deep Synthesis Provisions, Art. 14):
        `everyone` recognisable was told and agreed separately, or `nobody` is recognisable."""
        from sqlalchemy import insert

        from danqing.db.ledger import Event
        from danqing.db.policy_tables import face_consents
        from danqing.db.times import utc_text

        now = self._clock()
        row = {"sha256": sha256, "statement": statement, "wording": CONSENT_WORDING}
        with self._database.write() as connection:
            connection.execute(
                insert(face_consents),
                {"id": new_id(now), "person_id": person.id, "at": utc_text(now), **row},
            )
            event = Event("consent", now, row, person_id=person.id)
            self._database.ledger.append(connection, event)

    def pending(self, *, limit: int = 50, everything: bool = False) -> tuple[Pending, ...]:
        """Verdicts, newest first: those held or withheld without a ruling; or all, refusals too."""
        from sqlalchemy import select

        from danqing.db.policy_tables import policy_rulings as rulings
        from danqing.db.tables import batches, ledger

        kinds = _VERDICTS if everything else _VERDICTS[1:]
        query = (
            select(ledger.c.kind, ledger.c.facts, ledger.c.at, batches.c.prompt,
                   batches.c.id.label("batch_id"), batches.c.person_id)
            .join(batches, batches.c.id == ledger.c.batch_id)
            .where(ledger.c.kind.in_(kinds))
            .order_by(ledger.c.seq.desc())
        )  # fmt: skip
        if not everything:
            query = query.where(batches.c.id.not_in(_ruled_batches()))
        with self._database.read() as connection:
            rows = connection.execute(query.limit(limit)).mappings().all()
            ids = {row["batch_id"] for row in rows}
            ruled = connection.execute(
                select(rulings).where(rulings.c.batch_id.in_(ids)).order_by(rulings.c.at)
            ).mappings()
            by_batch = {row["batch_id"]: ruling_of(row) for row in ruled}
        return tuple(pending_of(row, by_batch.get(row["batch_id"])) for row in rows)

    def rule(
        self,
        batch_id: str,
        decision: Literal["allow", "refuse"],
        reviewer: Person,
        because: str,
        final: frozenset[str] = frozenset(),
    ) -> Ruling:
        """Overturns, or confirms, what was decided on a batch. final: rules nobody can overturn.

        Raises Forbidden unless the reviewer may review; NotFound without such a batch; InputError
        without a reason, for an `allow` of what was not stopped, or by a final rule.
        """
        require(reviewer, "review")
        with self._database.write() as connection:
            return self.rule_within(connection, batch_id, decision, reviewer, because, final)

    def rule_within(
        self, connection: Connection, batch_id: str, decision: Literal["allow", "refuse"],
        reviewer: Person, because: str, final: frozenset[str],
    ) -> Ruling:  # fmt: skip
        """As `rule`, within a write transaction that is open, by somebody known to be a reviewer."""
        from sqlalchemy import select

        from danqing.db.tables import batches, ledger

        batch = (
            connection.execute(
                select(batches).where(batches.c.id.like(f"{plain_id(batch_id)}%")).limit(2)
            )
            .mappings()
            .all()
        )
        if len(batch) != 1:
            raise NotFound("policy.no_such_batch", id=batch_id)
        (row,) = batch
        lines = connection.execute(
            select(ledger.c.facts).where(
                ledger.c.batch_id == row["id"], ledger.c.kind.in_(_VERDICTS)
            )
        ).scalars()
        rules = tuple(dict.fromkeys(r for facts in lines for r, _, _ in reasons_of(facts)))
        if decision == "allow" and not rules:
            raise InputError("policy.nothing_to_overturn", id=row["id"])
        if decision == "allow" and final.intersection(rules):
            raise InputError("policy.final", rule=min(final.intersection(rules)))
        request = json.loads(row["request"])
        if not request:  # retention has forgotten what was asked
            raise NotFound("policy.no_such_batch", id=batch_id)
        matter = matter_hash(row["prompt"], request["sources"], request["mask"])
        kept = {"batch_id": row["id"], "person_id": row["person_id"], "matter_sha256": matter}
        return self._keep(
            connection, decision, reviewer, because, rules if decision == "allow" else (), kept
        )

    def pardon(self, person_id: str, reviewer: Person, because: str) -> Ruling:
        """Forgets somebody's refusals so far: they are slowed or suspended for none of them.

        Raises Forbidden, InputError without a reason, NotFound.
        """
        from sqlalchemy import select

        from danqing.db.tables import people

        require(reviewer, "review")
        with self._database.write() as connection:
            known = connection.execute(select(people.c.id).where(people.c.id == person_id)).first()
            if known is None:
                raise NotFound("policy.no_such_person", id=person_id)
            return self._keep(connection, "pardon", reviewer, because, (), {"person_id": person_id})

    def _keep(
        self, connection: Connection, decision: Decision, reviewer: Person, because: str,
        rules: tuple[str, ...], kept: dict[str, str],
    ) -> Ruling:  # fmt: skip
        from sqlalchemy import insert

        from danqing.db.ledger import Event
        from danqing.db.policy_tables import policy_rulings
        from danqing.db.times import utc_text

        because = because.strip()
        if not because or len(because) > MAX_BECAUSE:
            raise InputError("policy.because", limit=MAX_BECAUSE)
        now = self._clock()
        row = {"id": new_id(now), "decision": decision, "because": because,
               "reviewer_id": reviewer.id, "at": utc_text(now), "rules": json.dumps(rules),
               "batch_id": None, "person_id": None, "matter_sha256": None} | kept  # fmt: skip
        connection.execute(insert(policy_rulings), row)
        facts = {"ruling_id": row["id"], "decision": decision, "rules": rules, "because": because,
                 "person_id": row["person_id"]}  # fmt: skip
        event = Event("ruling", now, facts, batch_id=row["batch_id"], person_id=reviewer.id)
        self._database.ledger.append(connection, event)
        return ruling_of(row)


def _ruled_batches() -> Any:
    from sqlalchemy import select

    from danqing.db.policy_tables import policy_rulings as rulings

    return select(rulings.c.batch_id).where(rulings.c.batch_id.is_not(None))
