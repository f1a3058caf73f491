"""What an operator shut: engines paused or closed, groups and regions slowed or closed.

Read anew for every request and claim, so that it holds at once and nothing is deployed. A gate named
`*` stands before all of its kind; what is opened by its name meanwhile, or slowed while that one is
closed, is let past it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from danqing.db.job_tables import jobs, queue_gates
from danqing.db.times import utc_text, utc_time
from danqing.errors import Busy, Closed, InputError
from danqing.jobs.regions import UNKNOWN
from danqing.jobs.types import EVERYTHING, Gate, GateKind

_POSSIBLE = {
    ("engine", "paused"), ("engine", "closed"),
    ("group", "slowed"), ("group", "closed"),
    ("region", "slowed"), ("region", "closed"),
}  # fmt: skip
_MINUTE = timedelta(minutes=1)
_SHUT = (
    select(queue_gates)
    .where(or_(queue_gates.c.until.is_(None), queue_gates.c.until > bindparam("now")))
    .order_by(queue_gates.c.kind, queue_gates.c.name)
)


def shut(connection: Connection, gate: Gate) -> None:
    """Raises InputError for what can't be: a paused region, slowing without a number. Whether there is
    anything of that name is for `names` to say."""
    possible = (gate.kind, gate.state) in _POSSIBLE
    numbered = gate.per_minute is not None and gate.per_minute > 0
    if not possible or numbered != (gate.state == "slowed"):
        raise InputError("queue.gate", kind=gate.kind, name=gate.name, state=gate.state)
    _take_away(connection, gate.kind, gate.name)
    _put(connection, gate)


def reopen(connection: Connection, kind: GateKind, name: str, now: datetime) -> bool:
    """Undoes it; while `*` is shut, the name is let past that one for as long as it is. False when it
    was open."""
    named = {g.name: g for g in all_shut(connection, utc_text(now)) if g.kind == kind}
    mine, every = named.get(name), named.get(EVERYTHING)
    _take_away(connection, kind, name)
    if name != EVERYTHING and every is not None:
        _put(connection, Gate(kind, name, "open", now, until=every.until))
        return mine is None or mine.state != "open"
    return mine is not None


def _take_away(connection: Connection, kind: GateKind, name: str) -> None:
    """With what was let past it."""
    mine = queue_gates.c.name == name
    if name == EVERYTHING:
        mine |= queue_gates.c.state == "open"
    connection.execute(delete(queue_gates).where(queue_gates.c.kind == kind, mine))


def _put(connection: Connection, gate: Gate) -> None:
    values = asdict(gate) | {
        "since": utc_text(gate.since),
        "until": None if gate.until is None else utc_text(gate.until),
    }
    connection.execute(insert(queue_gates).values(values))


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


def paused_engines(connection: Connection, now: str, engines: Collection[str]) -> set[str]:
    """Those of these engines whose jobs wait."""
    shut = all_shut(connection, now)
    return {e for e in engines if any(g.state == "paused" for g in _before(shut, "engine", e))}


def pass_through(
    connection: Connection, *, engine: str, group: str, region: str | None, now: datetime
) -> None:
    """Raises Closed or, where it is only slowed, Busy; both say when to come again, if it's known.

    region: UNKNOWN for somebody from outside of whom nobody knows; None for who is at this machine.
    """
    asked: dict[GateKind, str | None] = {"engine": engine, "group": group, "region": region}
    shut = all_shut(connection, utc_text(now))
    for kind, name in asked.items():
        if name is None:
            continue
        subject = "unknown_region" if (kind, name) == ("region", UNKNOWN) else kind
        for gate in _before(shut, kind, name):
            if gate.state == "closed":
                wait = None if gate.until is None else _seconds_to(gate.until, now)
                raise Closed(f"queue.closed_{subject}", retry_after_s=wait, name=name)
            if gate.state == "slowed" and (wait := _too_soon(connection, gate, now)):
                raise Busy(f"queue.slowed_{subject}", retry_after_s=wait, name=name)


def _before(shut: Sequence[Gate], kind: GateKind, name: str) -> Iterator[Gate]:
    """The gates somebody or something of that name stands before: its own, and `*`."""
    named = {gate.name: gate for gate in shut if gate.kind == kind}
    own, every = named.get(name), named.get(EVERYTHING)
    if own is not None:
        yield own
    if every is not None and not (own is not None and _let_past(own, every)):
        yield every


def _let_past(own: Gate, every: Gate) -> bool:
    slowed = (own.state, every.state) == ("slowed", "closed") and own.since > every.since
    return own.state == "open" or slowed


def _seconds_to(moment: datetime, now: datetime) -> int:
    return max(1, ceil((moment - now).total_seconds()))


def _too_soon(connection: Connection, gate: Gate, now: datetime) -> int | None:
    """Seconds until another may pass a slowed gate; None when it may now."""
    assert gate.per_minute is not None
    column = jobs.c.group_name if gate.kind == "group" else jobs.c.region
    named = None if (gate.kind, gate.name) == ("region", UNKNOWN) else gate.name
    query = select(jobs.c.submitted_at).where(jobs.c.submitted_at > utc_text(now - _MINUTE))
    if gate.name != EVERYTHING:
        query = query.where(column == named)  # of None: IS NULL
    query = query.order_by(jobs.c.submitted_at.desc()).offset(gate.per_minute - 1).limit(1)
    last = connection.execute(query).scalar()
    if last is None:
        return None
    return _seconds_to(utc_time(last) + _MINUTE, now)
