"""A worker holds a job for a time only: whoever falls silent loses it, whatever it does later.

Every change a worker makes to a job names the worker and its attempt, so that one made after the
lease was lost changes nothing. (The store keeps the same promise for artworks and ledger lines:
`Store.take`.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from danqing.db.job_tables import jobs
from danqing.jobs import gates, line
from danqing.jobs.rows import IS_QUEUED, IS_RUNNING, job_from, job_rows
from danqing.jobs.types import Job

_CHOSEN = jobs.c.id.in_(bindparam("chosen", expanding=True))
_TAKE = (
    update(jobs)
    .where(_CHOSEN, IS_QUEUED)
    .values(
        state="running",
        worker_id=bindparam("worker"),
        lease_until=bindparam("lease"),
        attempts=jobs.c.attempts + 1,
        started_at=func.coalesce(jobs.c.started_at, bindparam("now")),
    )
)
_TAKEN = job_rows().where(_CHOSEN)
_MINE = (
    jobs.c.id == bindparam("of_job"),
    IS_RUNNING,
    jobs.c.worker_id == bindparam("of_worker"),
    jobs.c.attempts == bindparam("of_attempt"),
)
_HELD = select(jobs.c.id).where(*_MINE)
_CHANGE = update(jobs).where(*_MINE)
_ANY_LOST = select(jobs.c.id).where(IS_RUNNING, jobs.c.lease_until < bindparam("now")).limit(1)


def claim(
    connection: Connection,
    *,
    worker_id: str,
    engines: Sequence[str],
    most_pictures: int,
    now: str,
    lease_until: str,
) -> list[Job]:
    """Takes the job that is next, with those that fit together with it. Nothing: nothing waits.

    Between engines, the higher priority goes first, then what has waited longest.
    """
    paused = gates.paused_engines(connection, now, engines)
    heads = [
        head
        for engine in engines
        if engine not in paused and (head := line.first_of(connection, engine, now)) is not None
    ]
    for head in sorted(heads, key=lambda h: (-h.priority, h.submitted_at)):
        chosen = line.fitting(connection, head.engine, now, most_pictures)
        if chosen:  # else others were quicker
            taken = {"chosen": chosen, "worker": worker_id, "lease": lease_until, "now": now}
            connection.execute(_TAKE, taken)
            rows = connection.execute(_TAKEN, {"chosen": chosen})
            found = {row.id: job_from(row) for row in rows}
            return [found[job_id] for job_id in chosen]
    return []


def held(connection: Connection, job: Job, worker_id: str) -> bool:
    """Whether it is still this worker's, in this attempt."""
    return connection.execute(_HELD, _mine(job, worker_id)).first() is not None


def change(connection: Connection, job: Job, worker_id: str, /, **values: Any) -> bool:
    """Changes a job this worker holds; False, and nothing is changed, when it lost it."""
    return bool(connection.execute(_CHANGE, _mine(job, worker_id) | values).rowcount)


def renew(connection: Connection, worker_id: str, lease_until: str) -> int:
    """Prolongs all that a worker holds; returns how many jobs that is."""
    mine = (IS_RUNNING, jobs.c.worker_id == worker_id)
    return connection.execute(update(jobs).where(*mine).values(lease_until=lease_until)).rowcount


def let_go(connection: Connection, job: Job, worker_id: str, /, **values: Any) -> bool:
    """Puts a job back where it stood in line; False when it was lost already."""
    back = {"state": "queued", "worker_id": None, "lease_until": None}
    return change(connection, job, worker_id, **back, **values)


def reclaim(connection: Connection, now: str) -> int:
    """Puts back into line what silent workers held; returns how many jobs that was."""
    if connection.execute(_ANY_LOST, {"now": now}).first() is None:
        return 0
    back = {"state": "queued", "worker_id": None, "lease_until": None, "ready_at": now}
    lost = (IS_RUNNING, jobs.c.lease_until < now)
    return connection.execute(update(jobs).where(*lost).values(back)).rowcount


def _mine(job: Job, worker_id: str) -> dict[str, Any]:
    return {"of_job": job.id, "of_worker": worker_id, "of_attempt": job.attempts}
