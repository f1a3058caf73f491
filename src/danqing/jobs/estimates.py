"""How long it takes: measured drawing times, who works, and what follows for those who wait."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, bindparam, delete, func, insert, select, update

from danqing.db.job_tables import engine_speeds, jobs, queue_workers
from danqing.db.times import utc_text, utc_time
from danqing.jobs import gates, line
from danqing.jobs.rows import IS_RUNNING
from danqing.jobs.types import EngineLine, Job, Standing, WorkerSeen

NEWEST_COUNTS = 5
"""A new measurement counts for one part in so many of the moving average."""
FORGOTTEN_AFTER = timedelta(hours=1)
_SPEED = select(engine_speeds.c.ms_per_picture, engine_speeds.c.core_ms_per_picture).where(
    engine_speeds.c.engine == bindparam("engine")
)
_AVERAGE = engine_speeds.c
_NEWER = (
    update(engine_speeds)
    .where(_AVERAGE.engine == bindparam("of"))
    .values(
        pictures=_AVERAGE.pictures + bindparam("more"),
        ms_per_picture=_AVERAGE.ms_per_picture
        + (bindparam("each", type_=Integer) - _AVERAGE.ms_per_picture) // NEWEST_COUNTS,
        core_ms_per_picture=_AVERAGE.core_ms_per_picture
        + (bindparam("core_each", type_=Integer) - _AVERAGE.core_ms_per_picture) // NEWEST_COUNTS,
    )
)
_HEARD_OF = (
    select(queue_workers)
    .where(queue_workers.c.seen_at >= bindparam("since"))
    .order_by(queue_workers.c.id)
)
_RUNNING = select(jobs.c.pictures, jobs.c.progress_ppm).where(
    IS_RUNNING, jobs.c.engine == bindparam("engine")
)


@dataclass(frozen=True, slots=True)
class Speed:
    """Moving averages over an engine's pictures, with checks, labels and storing."""

    ms_per_picture: int
    core_ms_per_picture: int


def speed_of(connection: Connection, engine: str) -> Speed | None:
    """None before the first picture."""
    row = connection.execute(_SPEED, {"engine": engine}).first()
    return None if row is None else Speed(*row)


def note_speed(connection: Connection, engine: str, pictures: int, ms: int, core_ms: int) -> None:
    """Adds what some pictures took together."""
    each, core_each = ms // pictures, core_ms // pictures
    measured = {"of": engine, "more": pictures, "each": each, "core_each": core_each}
    changed = connection.execute(_NEWER, measured)
    if not changed.rowcount:
        connection.execute(
            insert(engine_speeds).values(
                engine=engine, pictures=pictures, ms_per_picture=each,
                core_ms_per_picture=core_each,
            )
        )  # fmt: skip


def say_hello(connection: Connection, worker: WorkerSeen) -> None:
    """Notes that a worker is there; forgets those silent for long."""
    values = {
        "engines": json.dumps(worker.engines),
        "started_at": utc_text(worker.started_at),
        "seen_at": utc_text(worker.seen_at),
        "working_on": worker.working_on,
    }
    mine = queue_workers.c.id == worker.id
    if not connection.execute(update(queue_workers).where(mine).values(values)).rowcount:
        old = utc_text(worker.seen_at - FORGOTTEN_AFTER)
        connection.execute(delete(queue_workers).where(queue_workers.c.seen_at < old))
        connection.execute(insert(queue_workers).values(id=worker.id, **values))


def say_goodbye(connection: Connection, worker_id: str) -> None:
    connection.execute(delete(queue_workers).where(queue_workers.c.id == worker_id))


def workers_at_work(connection: Connection, now: datetime, lease_s: float) -> list[WorkerSeen]:
    """Those heard of within a lease."""
    heard = utc_text(now - timedelta(seconds=lease_s))
    return [
        WorkerSeen(
            row.id, tuple(json.loads(row.engines)), utc_time(row.started_at),
            utc_time(row.seen_at), row.working_on,
        )
        for row in connection.execute(_HEARD_OF, {"since": heard})
    ]  # fmt: skip


def s_until_drawn(
    connection: Connection, engine: str, pictures_ahead: int, now: datetime, lease_s: float
) -> float | None:
    """Seconds until this many waiting pictures, and those being drawn, are done.

    None before anything was measured. Where nobody works now, as if one did: a queue may fill
    before its workers start.
    """
    s_each = _s_for_each(connection, engine, now, lease_s)
    if s_each is None:
        return None
    return (pictures_ahead + _being_drawn(connection, engine)) * s_each


def drawn_within(
    connection: Connection, engine: str, wait_s: float, now: datetime, lease_s: float
) -> int | None:
    """How many pictures may be ahead of somebody who is to wait no longer than that; below 0 where
    those being drawn take longer already. None before anything was measured."""
    s_each = _s_for_each(connection, engine, now, lease_s)
    if not s_each:
        return None
    return math.floor(wait_s / s_each - _being_drawn(connection, engine))


def _s_for_each(connection: Connection, engine: str, now: datetime, lease_s: float) -> float | None:
    """How long the line takes to move up by one picture."""
    speed = speed_of(connection, engine)
    if speed is None:
        return None
    at_work = workers_at_work(connection, now, lease_s)
    hands = max(1, sum(engine in worker.engines for worker in at_work))
    return speed.ms_per_picture / 1000 / hands


def standing_of(connection: Connection, job: Job, now: datetime, lease_s: float) -> Standing | None:
    """A job's place and what is left of its wait; None when it has ended."""
    if not job.goes_on:
        return None
    speed = speed_of(connection, job.engine)
    own_s = None
    if speed is not None:
        own_s = job.pictures * (1 - job.progress) * speed.ms_per_picture / 1000
    if job.state == "running":
        return Standing(None, 0.0, own_s)
    turn = connection.execute(select(jobs.c.turn).where(jobs.c.id == job.id)).scalar_one()
    ahead = line.ahead_of(connection, job.engine, job.priority, turn, job.id)
    paused = gates.paused_engines(connection, utc_text(now), [job.engine])
    served = any(job.engine in w.engines for w in workers_at_work(connection, now, lease_s))
    if own_s is None or paused or not served:
        return Standing(ahead.jobs + 1, None, None)
    wait_s = s_until_drawn(connection, job.engine, ahead.pictures, now, lease_s) or 0.0
    return Standing(ahead.jobs + 1, wait_s, wait_s + own_s)


def lines(connection: Connection, now: datetime, lease_s: float) -> tuple[EngineLine, ...]:
    """Every engine anything waits for, runs on, or somebody serves."""
    going_on = (
        select(jobs.c.engine, jobs.c.state, func.count(), func.sum(jobs.c.pictures))
        .where(jobs.c.state.in_(("queued", "running")))
        .group_by(jobs.c.engine, jobs.c.state)
    )
    counts = {(e, s): (n, int(p)) for e, s, n, p in connection.execute(going_on)}
    workers = workers_at_work(connection, now, lease_s)
    names = {engine for engine, _ in counts} | {e for w in workers for e in w.engines}
    found = []
    for name in sorted(names):
        speed = speed_of(connection, name)
        waiting, pictures = counts.get((name, "queued"), (0, 0))
        found.append(
            EngineLine(
                engine=name,
                waiting=waiting,
                running=counts.get((name, "running"), (0, 0))[0],
                waiting_pictures=pictures,
                workers=sum(name in worker.engines for worker in workers),
                s_per_picture=None if speed is None else speed.ms_per_picture / 1000,
            )
        )
    return tuple(found)


def _being_drawn(connection: Connection, engine: str) -> float:
    """Pictures of running jobs that aren't done, a half-done one counting half."""
    rows = connection.execute(_RUNNING, {"engine": engine})
    return float(sum(row.pictures * (1 - row.progress_ppm / 1e6) for row in rows))
