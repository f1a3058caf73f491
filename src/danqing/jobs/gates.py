"""What an operator shut: engines paused or closed, groups and regions slowed or closed.

Read anew for every request and claim, so that it holds at once and nothing is deployed.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from danqing.db.job_tables import jobs, queue_gates
from danqing.db.times import utc_text, utc_time
from danqing.errors import Busy, Closed, InputError
from danqing.jobs.types import EVERYTHING, Gate

_POSSIBLE = {
    ("engine", "paused"), ("engine", "closed"),
    ("group", "slowed"), ("group", "closed"),
    ("region", "slowed"), ("region", "closed"),
}  # fmt: skip
_REGION = re.compile(r"[A-Z]{2}", re.ASCII)
_MINUTE = timedelta(minutes=1)
_SHUT = (
    select(queue_gates)
    .where(or_(queue_gates.c.until.is_(None), queue_gates.c.until > bindparam("now")))
    .order_by(queue_gates.c.kind, queue_gates.c.name)
)


def shut(connection: Connection, gate: Gate) -> None:
    """Raises InputError for what can't be: a paused region, slowing without a number."""
    possible = (gate.kind, gate.state) in _POSSIBLE
    numbered = gate.per_minute is not None and gate.per_minute > 0
    named = gate.kind != "region" or gate.name == EVERYTHING or _REGION.fullmatch(gate.name)
    if not possible or not named or numbered != (gate.state == "slowed"):
        raise InputError("queue.gate", kind=gate.kind, name=gate.name, state=gate.state)
    reopen(connection, gate.kind, gate.name)
    values = asdict(gate) | {
        "since": utc_text(gate.since),
        "until": None if gate.until is None else utc_text(gate.until),
    }
    connection.execute(insert(queue_gates).values(values))


def reopen(connection: Connection, kind: str, name: str) -> bool:
    mine = (queue_gates.c.kind == kind, queue_gates.c.name == name)
    return bool(connection.execute(delete(queue_gates).where(*mine)).rowcount)


def all_shut(connection: Connection, now: str) -> tuple[Gate, ...]:
    """Those shut now; what was to end by itself and has is left out."""
    return tuple(
        Gate(
            kind=row.kind,
            name=row.name,
            state=row.state,
            since=utc_time(row.since),
            per_minute=row.per_minute,
            until=None if row.until is None else utc_time(row.until),
            note=row.note,
        )
        for row in connection.execute(_SHUT, {"now": now})
    )


def paused_engines(connection: Connection, now: str) -> set[str]:
    """Engines whose jobs wait; EVERYTHING among them when all do."""
    return {g.name for g in all_shut(connection, now) if (g.kind, g.state) == ("engine", "paused")}


def pass_through(
    connection: Connection, *, engine: str, group: str, region: str | None, now: datetime
) -> None:
    """Raises Closed or, where it is only slowed, Busy; both say when to come again, if it's known."""
    asked = {"engine": engine, "group": group, "region": region}
    for gate in all_shut(connection, utc_text(now)):
        name = asked[gate.kind]
        if name is None or gate.name not in (name, EVERYTHING):
            continue
        if gate.state == "closed":
            wait = None if gate.until is None else max(1, ceil((gate.until - now).total_seconds()))
            raise Closed(f"queue.closed_{gate.kind}", retry_after_s=wait, name=name)
        if gate.state == "slowed" and (wait := _too_soon(connection, gate, now)):
            raise Busy(f"queue.slowed_{gate.kind}", retry_after_s=wait, name=name)


def _too_soon(connection: Connection, gate: Gate, now: datetime) -> int | None:
    """Seconds until another may pass a slowed gate; None when it may now."""
    assert gate.per_minute is not None
    column = jobs.c.group_name if gate.kind == "group" else jobs.c.region
    query = select(jobs.c.submitted_at).where(jobs.c.submitted_at > utc_text(now - _MINUTE))
    if gate.name != EVERYTHING:
        query = query.where(column == gate.name)
    query = query.order_by(jobs.c.submitted_at.desc()).offset(gate.per_minute - 1).limit(1)
    last = connection.execute(query).scalar()
    if last is None:
        return None
    return max(1, ceil((utc_time(last) + _MINUTE - now).total_seconds()))
