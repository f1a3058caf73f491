"""What an end brings with it: the charge, and the quota for what was never drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, select, update

from danqing.billing import charges, groups
from danqing.db.job_tables import jobs
from danqing.db.times import utc_text
from danqing.errors import NotFound
from danqing.jobs.types import Job

if TYPE_CHECKING:
    from danqing.services import Services

# Put together once: that takes longer than the database needs to answer.
_CAME_TO = select(jobs.c.drawn, jobs.c.core_ms, jobs.c.quoted_minor, jobs.c.network).where(
    jobs.c.id == bindparam("job")
)
_END = update(jobs).where(jobs.c.id == bindparam("job"))


def settle(connection: Connection, job: Job, services: Services) -> None:
    """Writes the rest of an end, in the transaction in which the job's state became one.

    job: as it was before; how much is drawn is read again.
    """
    now = services.clock()
    row = connection.execute(_CAME_TO, {"job": job.id}).one()
    try:
        percent = groups.find_group(connection, job.group).price_percent
    except NotFound:
        percent = 100
    used = charges.Used(
        job_id=job.id,
        person_id=job.person_id,
        key_id=job.key_id,
        group_name=job.group,
        price_percent=percent,
        engine=job.engine,
        pictures=row.drawn,
        core_ms=row.core_ms,
        quoted_minor=row.quoted_minor,
    )
    charged = charges.charge(connection, used, now, services.new_id())
    groups.give_back(
        connection, job.person_id, job.key_id, job.group, job.pictures - row.drawn,
        job.submitted_at, row.network,
    )  # fmt: skip
    end = {"job": job.id, "ended_at": utc_text(now), "charged_minor": charged, "network": None}
    connection.execute(_END, end)
