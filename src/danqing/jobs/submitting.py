"""Taking a request into the queue, or saying why not: all of it in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import Connection, func, insert, select

from danqing.billing import charges, groups
from danqing.billing.types import Group
from danqing.db.job_tables import jobs
from danqing.db.times import utc_text
from danqing.errors import Busy, InputError, PaymentNeeded, QuotaReached
from danqing.identity.types import Identified
from danqing.jobs import estimates, gates, line
from danqing.jobs.regions import UNKNOWN
from danqing.jobs.rows import GOES_ON, as_they_came, job_from, job_rows
from danqing.jobs.types import (
    HIGHEST_PRIORITY,
    LOWEST_PRIORITY,
    MOST_PREVIEWS,
    Job,
    Origin,
)
from danqing.request.types import Request
from danqing.settings import QueueSettings

MAX_KEY_CHARACTERS = 255


@dataclass(frozen=True, slots=True)
class Asking:
    """A request at the door. previews, grant_id: as in a Job. now: UTC, aware."""

    identified: Identified
    origin: Origin
    priority: int
    idempotency_key: str | None
    now: datetime
    previews: int = 0
    grant_id: str | None = None

    @property
    def request(self) -> Request:
        return self.identified.request

    @property
    def pictures(self) -> int:
        return len(self.request.seeds)


def check_bounds(asking: Asking) -> None:
    """Raises InputError for a priority or a key that can't be."""
    if not LOWEST_PRIORITY <= asking.priority <= HIGHEST_PRIORITY:
        raise InputError(
            "queue.priority",
            value=asking.priority,
            lowest=LOWEST_PRIORITY,
            highest=HIGHEST_PRIORITY,
        )
    key = asking.idempotency_key
    if key is not None and not (0 < len(key) <= MAX_KEY_CHARACTERS and key.isprintable()):
        raise InputError("queue.idempotency_key", limit=MAX_KEY_CHARACTERS)


def find_earlier(connection: Connection, asking: Asking) -> Job | None:
    """The job this very request became before, by its idempotency key.

    Raises InputError queue.other_request when the key stood for something else. Seeds may differ:
    whoever sends a request again may have drawn new ones.
    """
    if asking.idempotency_key is None:
        return None
    query = job_rows().where(
        jobs.c.person_id == asking.identified.person.id,
        jobs.c.idempotency_key == asking.idempotency_key,
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    job = job_from(row)
    if not _same(asking, job):
        raise InputError("queue.other_request", key=asking.idempotency_key)
    return job


def let_in(connection: Connection, asking: Asking) -> Group:
    """Raises Closed or Busy at a shut gate; returns the group the request counts in."""
    person, origin = asking.identified.person, asking.origin
    group = groups.group_of(connection, person, origin.group)
    gates.pass_through(
        connection,
        engine=asking.request.engine,
        group=group.name,
        region=origin.region or (None if person.local else UNKNOWN),
        now=asking.now,
    )
    return group


def waiting_under(connection: Connection, asking: Asking) -> int:
    """Pictures this person waits for already under the same grant."""
    query = select(func.coalesce(func.sum(jobs.c.pictures - jobs.c.drawn), 0)).where(
        GOES_ON,
        jobs.c.person_id == asking.identified.person.id,
        jobs.c.grant_id == asking.grant_id,
    )
    return int(connection.execute(query).scalar_one())


def put_in_line(
    connection: Connection,
    asking: Asking,
    group: Group,
    settings: QueueSettings,
    lengths: line.Lengths,
    new_id: str,
) -> None:
    """Finds a place, counts it against quotas, sets the price aside, and writes the job's row; its
    batch must have begun. Raises Busy, QuotaReached, PaymentNeeded."""
    person, engine, now = asking.identified.person, asking.request.engine, asking.now
    priority = min(asking.priority, group.highest_priority)
    turn = line.next_turn(
        connection, engine=engine, priority=priority, person_id=person.id,
        pictures=asking.pictures, weight=group.weight, now=utc_text(now),
        network=asking.origin.network,
    )  # fmt: skip
    _check_length(connection, asking, priority, turn.start, settings, lengths)
    _check_waiting(connection, asking, group, settings)
    groups.use(connection, person, group, asking.pictures, now, asking.origin.network)
    speed = estimates.speed_of(connection, engine)
    core_ms = 0 if speed is None else speed.core_ms_per_picture
    quoted = charges.quote(connection, engine, asking.pictures, core_ms, group.price_percent)
    if quoted:
        if person.guest:
            raise PaymentNeeded("money.not_for_guests")
        charges.set_aside(connection, asking.identified.batch_id, person.id, quoted, now, new_id)
    row = job_row(asking, group, priority) | {
        "turn": turn.start, "turn_end": turn.end, "quoted_minor": quoted,
    }  # fmt: skip
    connection.execute(insert(jobs), row)


def job_row(asking: Asking, group: Group, priority: int) -> dict[str, object]:
    """A new job's columns, queued and in no place yet."""
    request, now = asking.request, utc_text(asking.now)
    return {
        "id": asking.identified.batch_id,
        "person_id": asking.identified.person.id,
        "key_id": asking.identified.person.key_id,
        "asked_as": as_they_came(asking.identified),
        "group_name": group.name,
        "region": asking.origin.region,
        "network": asking.origin.network,
        "idempotency_key": asking.idempotency_key,
        "state": "queued",
        "engine": request.engine,
        "together": None if request.sources else f"{request.width_px}x{request.height_px}",
        "priority": priority,
        "turn": 0,
        "turn_end": 0,
        "pictures": asking.pictures,
        "drawn": 0,
        "progress_ppm": 0,
        "attempts": 0,
        "ready_at": now,
        "cancel_asked": 0,
        "previews": min(max(0, asking.previews), MOST_PREVIEWS),
        "grant_id": asking.grant_id,
        "core_ms": 0,
        "quoted_minor": 0,
        "submitted_at": now,
    }


def _same(asking: Asking, job: Job) -> bool:
    from danqing.request.canonical import canonical_json, request_from_json

    try:
        asked, earlier = asking.request, request_from_json(job.request_json)
    except InputError:  # another version's
        return False

    def without_seeds(request: Request) -> str:
        return canonical_json({**_fields(request), "seeds": len(request.seeds)})

    return asking.grant_id == job.grant_id and without_seeds(asked) == without_seeds(earlier)


def _fields(request: Request) -> dict[str, object]:
    return {name: getattr(request, name) for name in request.__slots__}


def _check_length(
    connection: Connection,
    asking: Asking,
    priority: int,
    turn: int,
    settings: QueueSettings,
    lengths: line.Lengths,
) -> None:
    """Who would wait too long is told so at once, and when it is worth asking again.

    To let somebody in, no more of the line is counted than can be drawn while they may wait.
    """
    engine, now, lease_s = asking.request.engine, asking.now, settings.lease_s
    room = estimates.drawn_within(connection, engine, settings.longest_wait_s, now, lease_s)
    if room is not None:
        ahead = line.ahead_of(connection, engine, priority, turn, at_most=max(0, room + 1))
        if ahead.pictures > room:
            ahead = line.ahead_of(connection, engine, priority, turn)
            wait_s = estimates.s_until_drawn(connection, engine, ahead.pictures, now, lease_s) or 0
            after_s = max(1, ceil(wait_s - settings.longest_wait_s))
            raise Busy("queue.busy", retry_after_s=after_s, minutes=ceil(wait_s / 60))
    waiting = lengths.of(connection, engine, settings.most_waiting)
    if waiting >= settings.most_waiting:
        # There is room once one of them has been drawn.
        speed = estimates.speed_of(connection, engine)
        after_s = 60 if speed is None else max(1, ceil(speed.ms_per_picture / 1000))
        raise Busy("queue.full", retry_after_s=after_s, waiting=waiting)


def _check_waiting(
    connection: Connection, asking: Asking, group: Group, settings: QueueSettings
) -> None:
    person, engine = asking.identified.person, asking.request.engine
    limit = groups.waiting_limit(connection, person.id, group)
    if limit is None:
        return
    network = asking.origin.network
    mine = jobs.c.person_id == person.id if network is None else jobs.c.network == network
    query = select(func.coalesce(func.sum(jobs.c.pictures - jobs.c.drawn), 0)).where(GOES_ON, mine)
    waiting = int(connection.execute(query).scalar_one())
    too_many = waiting + asking.pictures - limit
    if too_many > 0:
        after_s = None
        if asking.pictures <= limit:
            until_s = estimates.s_until_drawn(
                connection, engine, too_many, asking.now, settings.lease_s
            )
            after_s = None if until_s is None else max(1, ceil(until_s))
        code = "queue.waiting_guest" if person.guest else "queue.waiting"
        raise QuotaReached(code, retry_after_s=after_s, waiting=waiting, limit=limit)
