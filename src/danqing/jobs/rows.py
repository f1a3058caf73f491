"""Between rows of the queue's tables and our values."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, literal_column, select

from danqing.db.job_tables import jobs
from danqing.db.tables import batches, people
from danqing.db.times import utc_time
from danqing.errors import NotFound
from danqing.identity.types import Identified, Person
from danqing.jobs.types import Job
from danqing.request.canonical import canonical_json

IS_QUEUED = jobs.c.state == literal_column("'queued'")
IS_RUNNING = jobs.c.state == literal_column("'running'")
GOES_ON = jobs.c.state.in_((literal_column("'queued'"), literal_column("'running'")))
"""Spelt out, not bound: only so can a database tell that its partial indexes hold what is asked."""

_JOBS = select(jobs, batches.c.request).join(batches, batches.c.id == jobs.c.id)
_ONE_JOB = _JOBS.where(jobs.c.id == bindparam("job"))
_WHO_ASKED = (
    select(jobs.c.person_id, jobs.c.key_id, jobs.c.asked_as, people.c.created_at, people.c.local)
    .join(people, people.c.id == jobs.c.person_id)
    .where(jobs.c.id == bindparam("job"))
)


def job_rows() -> Select[Any]:
    """Jobs with what was asked, which their batch knows."""
    return _JOBS


def job_from(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        person_id=row.person_id,
        key_id=row.key_id,
        group=row.group_name,
        region=row.region,
        state=row.state,
        engine=row.engine,
        priority=row.priority,
        pictures=row.pictures,
        drawn=row.drawn,
        progress=row.progress_ppm / 1e6,
        attempts=row.attempts,
        cancel_asked=bool(row.cancel_asked),
        problem=row.problem,
        problem_facts=json.loads(row.problem_facts or "{}"),
        previews=row.previews,
        grant_id=row.grant_id,
        core_s=row.core_ms / 1000,
        quoted_minor=row.quoted_minor,
        charged_minor=row.charged_minor,
        submitted_at=utc_time(row.submitted_at),
        started_at=_moment(row.started_at),
        ended_at=_moment(row.ended_at),
        request_json=row.request,
    )


def find_job(connection: Connection, job_id: str, person_id: str | None = None) -> Job:
    """Raises NotFound, for another person's job as for none."""
    row = connection.execute(_ONE_JOB, {"job": job_id}).first()
    if row is None or person_id not in (None, row.person_id):
        raise NotFound("queue.no_such_job", job_id=job_id)
    return job_from(row)


def as_they_came(identified: Identified) -> str:
    """What is noted of the person beside their id: how they could act when they asked."""
    person = identified.person
    known = {"role": person.role, "verified": person.verified}
    return canonical_json(known | ({"guest": True} if person.guest else {}))


def person_of(connection: Connection, job_id: str) -> Person:
    """The person as they came when they asked."""
    row = connection.execute(_WHO_ASKED, {"job": job_id}).one()
    return Person(
        id=row.person_id,
        created_at=utc_time(row.created_at),
        local=bool(row.local),
        key_id=row.key_id,
        **json.loads(row.asked_as),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else utc_time(text)
