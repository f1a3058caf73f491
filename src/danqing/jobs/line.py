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

from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select, union_all

from danqing.db.job_tables import jobs
from danqing.jobs.rows import GOES_ON, IS_QUEUED, IS_RUNNING

LENGTH = 1_000_000
"""Of one picture of a person of weight 1."""
LOOK_AHEAD = 64
"""How far down the line jobs are looked for that fit together with the first."""


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
) -> Turn:
    """Where a job submitted now would stand."""
    here = and_(jobs.c.engine == engine, jobs.c.priority == priority)
    front = select(jobs.c.turn).where(IS_QUEUED, here, jobs.c.ready_at <= now)
    first = connection.execute(front.order_by(jobs.c.turn, jobs.c.id).limit(1)).scalar()
    if first is None:
        running = select(func.max(jobs.c.turn)).where(IS_RUNNING, here)
        first = connection.execute(running).scalar()
    own = select(func.max(jobs.c.turn_end)).where(GOES_ON, here, jobs.c.person_id == person_id)
    start = max(first or 0, connection.execute(own).scalar() or 0)
    return Turn(start, start + pictures * LENGTH // weight)


def ahead_of(
    connection: Connection, engine: str, priority: int, turn: int, job_id: str | None = None
) -> Ahead:
    """What would be drawn before a job with that turn. job_id: its own; None: it isn't in line yet,
    and comes after those with the same turn."""
    # Three stretches of the index, one after the other: as one condition with OR it would be a walk
    # through the whole table.
    here = and_(IS_QUEUED, jobs.c.engine == engine)
    stretches = [
        and_(here, jobs.c.priority > priority),
        and_(here, jobs.c.priority == priority, jobs.c.turn < turn),
        and_(here, jobs.c.priority == priority, jobs.c.turn == turn),
    ]
    if job_id is not None:
        stretches[2] = and_(stretches[2], jobs.c.id < job_id)
    count, pictures = func.count(), func.coalesce(func.sum(jobs.c.pictures), 0)
    rows = connection.execute(
        union_all(*(select(count, pictures).where(stretch) for stretch in stretches))
    ).all()
    return Ahead(sum(int(row[0]) for row in rows), sum(int(row[1]) for row in rows))


def length(connection: Connection, engine: str) -> int:
    """How many jobs wait in an engine's line."""
    query = select(func.count()).select_from(jobs).where(IS_QUEUED, jobs.c.engine == engine)
    return int(connection.execute(query).scalar_one())


def first_of(connection: Connection, engine: str, now: str) -> Head | None:
    """The first job of a line that may begin."""
    query = (
        select(jobs.c.id, jobs.c.priority, jobs.c.submitted_at)
        .where(IS_QUEUED, jobs.c.engine == engine, jobs.c.ready_at <= now)
        .order_by(jobs.c.priority.desc(), jobs.c.turn, jobs.c.id)
        .limit(1)
    )
    row = connection.execute(query).first()
    return None if row is None else Head(engine, *row)


def fitting(connection: Connection, engine: str, now: str, most_pictures: int) -> list[str]:
    """The first of a line, and those near it that fit into one call of the engine with it.

    They are locked, and what another claim holds at this moment is passed over; no more is locked
    than is taken, so that several who claim at once all find something.
    """
    columns = select(jobs.c.id, jobs.c.together, (jobs.c.pictures - jobs.c.drawn).label("left"))
    in_line = columns.where(IS_QUEUED, jobs.c.engine == engine, jobs.c.ready_at <= now).order_by(
        jobs.c.priority.desc(), jobs.c.turn, jobs.c.id
    )
    first = connection.execute(in_line.limit(1).with_for_update(skip_locked=True)).first()
    if first is None:
        return []
    room, wanted = most_pictures - first.left, []
    if first.together is not None and room > 0:
        for row in connection.execute(in_line.limit(LOOK_AHEAD)):
            if row.id != first.id and row.together == first.together and row.left <= room:
                wanted.append(row.id)
                room -= row.left
    mine = select(jobs.c.id).where(jobs.c.id.in_(wanted), IS_QUEUED)
    free: set[str] = set()
    if wanted:
        free.update(connection.execute(mine.with_for_update(skip_locked=True)).scalars())
    return [first.id, *(job_id for job_id in wanted if job_id in free)]
