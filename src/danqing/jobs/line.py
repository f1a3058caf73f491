"""Who is next: a fair order between people, by start-time fair queueing.

Each job takes up a stretch of its engine's and priority's line, from `turn` to `turn_end`, as long
as its pictures are many and its person's weight is small:

    turn     = max(the front of the line now, where this person's last job that goes on ends)
    turn_end = turn + pictures · LENGTH / weight

and the smallest turn goes first. So a person with a thousand jobs stands once at the front and then
ever further back, a newcomer begins at the front, and of two people who both keep jobs waiting, one
with twice the weight is served twice as much. A higher priority goes before all of that.

Goyal, Vin, Cheng: Start-time Fair Queuing, SIGCOMM 1996.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select, union_all

from danqing.db.job_tables import jobs
from danqing.jobs.rows import GOES_ON, IS_QUEUED, IS_RUNNING

LENGTH = 1_000_000
"""Of one picture of a person of weight 1."""
LOOK_AHEAD = 64
"""How far down the line jobs are looked for that fit together with the first."""
COUNTED_FOR_S = 1.0

# What every claim and newcomer asks, put together once: that takes longer than the database needs to
# answer.
_FIRST_IN_LINE = (
    select(
        jobs.c.id,
        jobs.c.priority,
        jobs.c.submitted_at,
        jobs.c.together,
        (jobs.c.pictures - jobs.c.drawn).label("left"),
    )
    .where(IS_QUEUED, jobs.c.engine == bindparam("engine"), jobs.c.ready_at <= bindparam("now"))
    .order_by(jobs.c.priority.desc(), jobs.c.turn, jobs.c.id)
)
_FIRST = _FIRST_IN_LINE.limit(1)
_FIRST_FREE = _FIRST.with_for_update(skip_locked=True)
_NEAR = _FIRST_IN_LINE.limit(LOOK_AHEAD)
_FREE = (
    select(jobs.c.id)
    .where(jobs.c.id.in_(bindparam("wanted", expanding=True)), IS_QUEUED)
    .with_for_update(skip_locked=True)
)

_HERE = and_(IS_QUEUED, jobs.c.engine == bindparam("engine"))
_AS_HIGH = and_(_HERE, jobs.c.priority == bindparam("priority"))
# Three stretches of the index, one after the other: as one condition with OR it would be a walk through
# the whole table.
_STRETCHES = (
    and_(_HERE, jobs.c.priority > bindparam("priority")),
    and_(_AS_HIGH, jobs.c.turn < bindparam("turn")),
    and_(_AS_HIGH, jobs.c.turn == bindparam("turn"), jobs.c.id < bindparam("job")),
)
AFTER_ALL_IDS, EVERY = "~", 2**62
_AHEAD = union_all(
    *(
        select(func.count(), func.coalesce(func.sum(counted.c.pictures), 0))
        for counted in (
            select(jobs.c.pictures).where(stretch).limit(bindparam("at_most")).subquery()
            for stretch in _STRETCHES
        )
    )
)
_FRONT = (
    select(jobs.c.turn)
    .where(_AS_HIGH, jobs.c.ready_at <= bindparam("now"))
    .order_by(jobs.c.turn, jobs.c.id)
    .limit(1)
)
_BEING_DRAWN = select(func.max(jobs.c.turn)).where(
    IS_RUNNING, jobs.c.engine == bindparam("engine"), jobs.c.priority == bindparam("priority")
)


def _places(whose: ColumnElement[bool]) -> Select[Any]:
    own_last = select(func.max(jobs.c.turn_end)).where(
        GOES_ON,
        jobs.c.engine == bindparam("engine"),
        jobs.c.priority == bindparam("priority"),
        whose,
    )
    return select(
        func.coalesce(_FRONT.scalar_subquery(), _BEING_DRAWN.scalar_subquery(), 0).label("front"),
        func.coalesce(own_last.scalar_subquery(), 0).label("own"),
    )


_PLACES = _places(jobs.c.person_id == bindparam("whose"))
_PLACES_OF_GUESTS = _places(jobs.c.network == bindparam("whose"))


@dataclass(frozen=True, slots=True)
class Turn:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """What stands before a place in line."""

    jobs: int
    pictures: int


@dataclass(frozen=True, slots=True)
class Head:
    """The first of an engine's line."""

    engine: str
    id: str
    priority: int
    submitted_at: str


def next_turn(
    connection: Connection,
    *,
    engine: str,
    priority: int,
    person_id: str,
    pictures: int,
    weight: int,
    now: str,
    network: str | None = None,
) -> Turn:
    """Where a job submitted now would stand. network: of a guest, whose turn is that of all from
    there."""
    here = {"engine": engine, "priority": priority, "whose": network or person_id, "now": now}
    places = connection.execute(_PLACES_OF_GUESTS if network else _PLACES, here).one()
    start = max(places.front, places.own)
    return Turn(start, start + pictures * LENGTH // weight)


def ahead_of(
    connection: Connection,
    engine: str,
    priority: int,
    turn: int,
    job_id: str | None = None,
    *,
    at_most: int | None = None,
) -> Ahead:
    """What would be drawn before a job with that turn. job_id: its own; None: it isn't in line yet,
    and comes after those with the same turn. at_most: how many jobs to count, where it is enough to
    know that there are so many."""
    asked = {
        "engine": engine,
        "priority": priority,
        "turn": turn,
        "job": AFTER_ALL_IDS if job_id is None else job_id,
        "at_most": EVERY if at_most is None else at_most,
    }
    rows = connection.execute(_AHEAD, asked).all()
    return Ahead(sum(int(row[0]) for row in rows), sum(int(row[1]) for row in rows))


class Lengths:
    """How many jobs wait in each engine's line, for those who ask before they add one.

    A line is counted about once a second, not for every newcomer: the limit is there so that no
    disk fills up, and a few more that other processes let in meanwhile don't fill it. What is at
    the limit by that is counted anew.
    """

    def __init__(self) -> None:
        self._counted: dict[str, _Counted] = {}

    def of(self, connection: Connection, engine: str, limit: int) -> int:
        known, now_s = self._counted.get(engine), time.monotonic()
        if known is None or now_s > known.at_s + COUNTED_FOR_S or known.jobs >= limit:
            known = self._counted[engine] = _Counted(length(connection, engine), now_s)
        known.jobs += 1
        return known.jobs - 1


@dataclass(slots=True)
class _Counted:
    """jobs: as counted at that moment of the monotonic clock, and those added since."""

    jobs: int
    at_s: float


def length(connection: Connection, engine: str) -> int:
    """How many jobs wait in an engine's line."""
    query = select(func.count()).select_from(jobs).where(IS_QUEUED, jobs.c.engine == engine)
    return int(connection.execute(query).scalar_one())


def first_of(connection: Connection, engine: str, now: str) -> Head | None:
    """The first job of a line that may begin."""
    row = connection.execute(_FIRST, {"engine": engine, "now": now}).first()
    return None if row is None else Head(engine, row.id, row.priority, row.submitted_at)


def fitting(connection: Connection, engine: str, now: str, most_pictures: int) -> list[str]:
    """The first of a line, and those near it that fit into one call of the engine with it.

    They are locked, and what another claim holds at this moment is passed over; no more is locked
    than is taken, so that several who claim at once all find something.
    """
    here = {"engine": engine, "now": now}
    first = connection.execute(_FIRST_FREE, here).first()
    if first is None:
        return []
    room, wanted = most_pictures - first.left, []
    if first.together is not None and room > 0:
        for row in connection.execute(_NEAR, here):
            if row.id != first.id and row.together == first.together and row.left <= room:
                wanted.append(row.id)
                room -= row.left
    free: set[str] = set()
    if wanted:
        free.update(connection.execute(_FREE, {"wanted": wanted}).scalars())
    return [first.id, *(job_id for job_id in wanted if job_id in free)]
