"""The queue's door, for servers and the command line: submit, look, cancel, watch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from danqing.billing import groups
from danqing.db.job_tables import jobs
from danqing.db.times import utc_text
from danqing.errors import InputError
from danqing.identity import require_real_name
from danqing.identity.types import Identified
from danqing.jobs import ending, estimates, gates, line, names, submitting
from danqing.jobs.rows import GOES_ON, IS_QUEUED, find_job, job_from, job_rows
from danqing.jobs.types import (
    MOST_PREVIEWS,
    Gate,
    GateKind,
    Job,
    JobState,
    Origin,
    Overview,
    ShutState,
    View,
)
from danqing.policy import Held, Refusal

if TYPE_CHECKING:
    from danqing.services import Services

WATCH_EVERY_S = 0.25
"""How often a watcher looks for what another process did."""
MAX_FOUND = 1_000
_PLAIN = Origin()


class Queue:
    """The jobs of one home or database. Safe to share between threads; opens nothing of its own.

    In one process, share one Queue between those who submit and the Worker: then a worker starts,
    and a watcher hears of it, at once rather than at its next look (WATCH_EVERY_S).
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._database = services.store.database
        self._settings = services.settings.queue
        self._lengths = line.Lengths()
        self._changed = threading.Condition()
        self._changes = 0
        self._listeners: list[Callable[[str], None]] = []

    def submit(
        self,
        identified: Identified,
        origin: Origin = _PLAIN,
        *,
        priority: int = 0,
        idempotency_key: str | None = None,
        previews: int = 0,
        grant_id: str | None = None,
    ) -> Job:
        """Puts a request in line; its `request` line is in the ledger when this returns.

        A request whose words the rules forbid comes back `refused` or `held` at once. The same
        idempotency key of the same person gives the same job again. A priority above what the
        person's group may have is lowered to that. previews: how many of each picture are to be
        shown while it is drawn, at most MOST_PREVIEWS. grant_id: of one by which the pictures leave
        without their visible mark; looked at now, and again when each is released.

        Raises Busy, QuotaReached, Closed (all TryLater: `retry_after_s`), PaymentNeeded, InputError
        (queue.priority, queue.idempotency_key, or queue.other_request for a key that stood for
        something else), Forbidden for somebody unverified where real names are asked for, Forbidden
        and NotFound for a grant that can't serve, StoreError.
        """
        require_real_name(identified.person, self._services.settings)
        now = self._services.clock()
        asking = submitting.Asking(
            identified, origin, priority, idempotency_key, now, previews, grant_id
        )
        submitting.check_bounds(asking)
        if idempotency_key is not None:
            with self._database.read() as connection:
                earlier = submitting.find_earlier(connection, asking)
            if earlier is not None:
                return earlier
        if grant_id is not None:
            asking = self._under_grant(asking, grant_id)
        if not identified.request.sources:  # their pixels are looked at when it is drawn
            verdict = self._services.policy.decide(identified)
            if isinstance(verdict, Refusal | Held):
                return self._turn_away(asking, verdict)
        with self._database.write() as connection:
            earlier = submitting.find_earlier(connection, asking)  # two at once with one key
            if earlier is not None:
                return earlier
            group = submitting.let_in(connection, asking)
            self._services.store.begin_queued(connection, identified)
            submitting.put_in_line(
                connection, asking, group, self._settings, self._lengths, self._services.new_id()
            )
            job = find_job(connection, identified.batch_id)
        self.tell()
        return job

    def look(self, job_id: str, *, person_id: str | None = None) -> View:
        """A job as it is now. person_id: raises NotFound for another person's too."""
        with self._database.read() as connection:
            job = find_job(connection, job_id, person_id)
            now = self._services.clock()
            return View(job, estimates.standing_of(connection, job, now, self._settings.lease_s))

    def find(
        self,
        *,
        person_id: str | None = None,
        states: tuple[JobState, ...] = (),
        limit: int = 50,
        before: str | None = None,
    ) -> list[Job]:
        """Jobs, newest first. before: a job id, for the next page. limit: 1 to MAX_FOUND."""
        query = job_rows().order_by(jobs.c.id.desc()).limit(max(1, min(limit, MAX_FOUND)))
        if person_id is not None:
            query = query.where(jobs.c.person_id == person_id)
        if states:
            query = query.where(jobs.c.state.in_(states))
        if before is not None:
            query = query.where(jobs.c.id < before)
        with self._database.read() as connection:
            return [job_from(row) for row in connection.execute(query)]

    def ended(self, job_ids: Sequence[str]) -> list[str]:
        """Those of these jobs that have ended."""
        query = select(jobs.c.id).where(jobs.c.id.in_(job_ids), ~GOES_ON)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())

    def cancel(self, job_id: str, *, person_id: str | None = None) -> Job:
        """A queued job is cancelled when this returns; a running one stops at its next sampling step
        and keeps what is finished. A job that has ended is left as it is. Raises NotFound."""
        with self._database.write() as connection:
            job = find_job(connection, job_id, person_id)
            mine = jobs.c.id == job.id
            asked = update(jobs).where(mine, GOES_ON).values(cancel_asked=1)
            connection.execute(asked)
            waiting = update(jobs).where(mine, IS_QUEUED).values(state="cancelled")
            if connection.execute(waiting).rowcount:
                self._services.store.close_queued(connection, job.id, "cancelled")
                ending.settle(connection, job, self._services)
            job = find_job(connection, job_id)
        self.tell(ended=None if job.goes_on else job.id)
        return job

    def show_previews(self, job_id: str, count: int) -> None:
        """From its next step on a job shows so many of each picture while it is drawn, or more where
        another asked for more."""
        fewer = update(jobs).where(jobs.c.id == job_id, GOES_ON, jobs.c.previews < count)
        with self._database.write(lasting=False, alone=False) as connection:
            connection.execute(fewer.values(previews=min(count, MOST_PREVIEWS)))

    def watch(
        self, job_id: str, *, person_id: str | None = None, timeout_s: float | None = None
    ) -> Iterator[View]:
        """The job now and at each change, until it has ended or the time is up."""
        ends = None if timeout_s is None else time.monotonic() + timeout_s
        seen: View | None = None
        while True:
            changes = self._changes
            view = self.look(job_id, person_id=person_id)
            if view != seen:
                yield view
                seen = view
            left_s = WATCH_EVERY_S if ends is None else min(WATCH_EVERY_S, ends - time.monotonic())
            if not view.job.goes_on or left_s <= 0:
                return
            self.wait_for_change(changes, left_s)

    def wait(self, job_id: str, *, timeout_s: float | None = None) -> View:
        """The job when it has ended, or when the time is up."""
        *_, last = self.watch(job_id, timeout_s=timeout_s)
        return last

    def overview(self) -> Overview:
        now = self._services.clock()
        lease_s = self._settings.lease_s
        with self._database.read() as connection:
            return Overview(
                lines=estimates.lines(connection, now, lease_s),
                gates=gates.all_shut(connection, utc_text(now)),
                workers=tuple(estimates.workers_at_work(connection, now, lease_s)),
            )

    def shut(
        self,
        kind: GateKind,
        name: str,
        state: ShutState,
        *,
        per_minute: int | None = None,
        until: datetime | None = None,
        note: str | None = None,
    ) -> Gate:
        """Pauses or closes an engine; slows or closes a group or a region; `*` is all of a kind.

        It holds at once, in every process. Raises InputError for what can't be (queue.gate) or isn't
        there (queue.unknown_engine, …).
        """
        gate = Gate(kind, name, state, self._services.clock(), per_minute, until, note)
        if until is not None and until <= gate.since:
            raise InputError("queue.gate_over", until=f"{until:%Y-%m-%d %H:%M}")
        with self._database.write() as connection:
            names.require_known(connection, kind, name)
            gates.shut(connection, gate)
        self.tell()
        return gate

    def open(self, kind: GateKind, name: str) -> bool:
        """Undoes it; while `*` is shut, what is opened by its name is let past that one until it opens
        or is shut anew. False when it was open. Raises InputError for what isn't there."""
        with self._database.write() as connection:
            now = self._services.clock()
            shut = gates.all_shut(connection, utc_text(now))
            if (kind, name) not in {(gate.kind, gate.name) for gate in shut}:
                names.require_known(
                    connection, kind, name
                )  # what has gone since can be opened still
            opened = gates.reopen(connection, kind, name, now)
        self.tell()
        return opened

    # Between those of one process

    def tell(self, *, ended: str | None = None) -> None:
        """Wakes whoever waits for a change in this process. ended: the job that has."""
        with self._changed:
            self._changes += 1
            self._changed.notify_all()
        if ended is not None:
            for listener in self._listeners:
                listener(ended)

    def on_end(self, listener: Callable[[str], None]) -> None:
        """From now on the listener is called with the id of each job that somebody of this process
        ends, on their thread."""
        self._listeners.append(listener)

    @property
    def changes(self) -> int:
        """How many there were: to hand to `wait_for_change`, so that none is slept through."""
        return self._changes

    def wait_for_change(self, changes: int, timeout_s: float) -> None:
        """Returns when there were more changes than that, or the time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._changes != changes, timeout_s)

    def _under_grant(self, asking: submitting.Asking, grant_id: str) -> submitting.Asking:
        """With the grant's id as it is written. Pictures in line under it already count."""
        from danqing.flow import grant_for

        identified = asking.identified
        with self._database.read() as connection:
            waiting = submitting.waiting_under(connection, asking)
        grant = grant_for(self._services, identified.person, grant_id, [identified.request])
        if waiting:
            self._services.register.grants.open(
                grant.id, by=identified.person, pictures=waiting + asking.pictures
            )
        return replace(asking, grant_id=grant.id)

    def _turn_away(self, asking: submitting.Asking, verdict: Refusal | Held) -> Job:
        """A request that is never drawn: it has its lines in the ledger, and no place in line."""
        store, state = self._services.store, "refused"
        with self._database.read() as connection:
            submitting.let_in(connection, asking)
        store.begin(asking.identified)
        if isinstance(verdict, Refusal):
            store.record_refusal(verdict)
        else:
            store.record_hold(verdict)
            state = "held"
        with self._database.write() as connection:
            earlier = submitting.find_earlier(connection, asking)
            if earlier is not None:
                return earlier
            group = groups.group_of(connection, asking.identified.person, asking.origin.group)
            row = submitting.job_row(asking, group, min(asking.priority, group.highest_priority))
            ended = {
                "state": state,
                "ended_at": row["submitted_at"],
                "charged_minor": 0,
                "network": None,
            }
            connection.execute(insert(jobs), row | ended)
            return find_job(connection, asking.identified.batch_id)
