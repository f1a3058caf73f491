"""The jobs a worker has in hand, from claimed to ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, select

from danqing import flow
from danqing.db.job_tables import jobs
from danqing.db.times import utc_text
from danqing.errors import (
    DanqingError,
    IdentityError,
    InputError,
    NotFound,
    StoreError,
    Unsupported,
)
from danqing.identity import Person, identify
from danqing.jobs import ending, estimates, leases
from danqing.jobs.in_hand import InHand, Stopped, facts_to_tell, shares_of
from danqing.jobs.rows import IS_RUNNING, person_of
from danqing.jobs.types import Job, JobState
from danqing.policy import Refusal
from danqing.request.canonical import request_from_json
from danqing.store import batches

if TYPE_CHECKING:
    from danqing.flow import OnItsWay
    from danqing.jobs.queue import Queue
    from danqing.services import Services

LOOK_EVERY_S = 0.02
"""How often, at most, a step of drawing asks whether it should go on."""
SAY_EVERY_S = 0.5
"""How often, at most, progress is written down."""
FIRST_REST_S = 5.0
"""Before the second attempt; twice as long before each one after that."""
_NO_USE = (IdentityError, InputError, NotFound, Unsupported)
"""What would go wrong the same way again."""
_ENDS: dict[str, JobState] = {
    "refusal": "refused", "hold": "held", "failed": "failed", "cancelled": "cancelled",
    "finished": "done", "interrupted": "failed",
}  # fmt: skip
_CLOSED_HERE: dict[JobState, Literal["finished", "cancelled"]] = {
    "done": "finished", "cancelled": "cancelled",
}  # fmt: skip
_NO_MORE: dict[str, object] = {
    "worker_id": None, "lease_until": None, "problem": None, "problem_facts": None,
}  # fmt: skip
log = logging.getLogger("danqing.jobs")


class Hand:
    """Works off claimed jobs under one worker's name. count: how many are in hand."""

    def __init__(
        self, services: Services, queue: Queue, worker_id: str, stopping: threading.Event
    ) -> None:
        self.count = 0
        self._services = services
        self._database = services.store.database
        self._queue = queue
        self._worker_id = worker_id
        self._stopping = stopping
        self._moved_at = time.monotonic()
        self._looked_at = self._said_at = 0.0

    def is_stalled(self, limit_s: float) -> bool:
        """Whether nothing moved for so long that others should have the jobs."""
        return time.monotonic() - self._moved_at > limit_s

    def work_off(self, claimed: Sequence[Job]) -> None:
        """Takes claimed jobs to an end each, or back into line. Raises StoreError when the database
        fails: then they come back into line when the lease ends."""
        self.count = len(claimed)
        self._moved_at = self._looked_at = self._said_at = time.monotonic()
        try:
            ready = [hand for job in claimed if (hand := self._take_up(job)) is not None]
            while ready := self._draw(ready):
                pass
        finally:
            self.count = 0
            self._queue.tell()

    def _take_up(self, job: Job) -> InHand | None:
        """The batch made ours, and policy again; None when the job has come to its end by it."""
        services = self._services
        if not services.store.take(job.id):  # whoever had it before got as far as that
            self._end(job, _ENDS[services.store.outcome(job.id) or "failed"])
        elif job.cancel_asked:
            self._end(job, "cancelled")
        elif job.attempts > services.settings.queue.attempts:
            self._fail(job, "queue.gave_up")
        else:
            try:
                return self._decide(job)
            except Exception as problem:
                self._went_wrong(job, problem)
        return None

    def _decide(self, job: Job) -> InHand | None:
        """Under the rules of now; None when it isn't drawn, or there is nothing left to draw."""
        services = self._services
        try:
            request = request_from_json(job.request_json)
        except InputError:  # a version wrote it that had other fields
            self._fail(job, "queue.unreadable")
            return None
        with self._database.read() as connection:
            person = person_of(connection, job.id)
            seeds = batches.seeds_left(connection, job.id, request.seeds)
        identified = identify(request, person, batch_id=job.id, clock=lambda: job.submitted_at)
        if not seeds:
            self._end(job, "done")
            return None
        self._check_account(person)
        grant = None
        if job.grant_id is not None:
            grant = services.register.grants.open(job.grant_id, by=person, pictures=len(seeds))
        verdict = flow.decide(services, identified, seeds, grant)
        if isinstance(verdict, flow.Ready):
            return InHand(job, verdict, list(seeds), round(job.core_s * 1000), job.previews)
        self._end(job, "refused" if isinstance(verdict, Refusal) else "held")
        return None

    def _check_account(self, person: Person) -> None:
        """Raises NotAuthenticated for somebody who was suspended since they asked."""
        if not person.local:
            with suppress(NotFound):  # a guest
                self._services.register.accounts.person_of(person.id)

    def _draw(self, hands: list[InHand]) -> list[InHand]:
        """One call of the engine; returns those that should have another, without the others."""
        if not hands:
            return []
        try:
            self._draw_together(hands)
        except Stopped:
            return list(self._after_stop(hands))
        except Exception as problem:
            unfinished = [hand for hand in hands if hand.left]
            if not unfinished:
                raise
            if len(hands) == 1:
                self._went_wrong(hands[0].job, problem)
            else:  # one of them spoils it for all: each by itself
                for hand in unfinished:
                    alone = self._again([hand])
                    while alone := self._draw(alone):
                        pass
        return []

    def _draw_together(self, hands: list[InHand]) -> None:
        began_at = time.monotonic()
        for number, rendered, _ in flow.draw_together(
            self._services, [hand.ready for hand in hands], partial(self._step, hands)
        ):
            hand = hands[number]
            hand.left.remove(rendered.seed)
            hand.core_ms += round(rendered.result.core_s * 1000)
            self._moved_at = time.monotonic()
            took_ms = round((self._moved_at - began_at) * 1000)
            began_at = self._moved_at
            self._note_picture(hand, took_ms, round(rendered.result.core_s * 1000))

    def _step(self, hands: list[InHand], share: float, on_their_way: Sequence[OnItsWay]) -> None:
        """Called at each step of drawing: raises Stopped when a job was cancelled or lost, or the
        worker is to end."""
        now = self._moved_at = time.monotonic()
        if self._stopping.is_set():
            raise Stopped
        if now - self._looked_at >= LOOK_EVERY_S:
            self._looked_at = now
            if self._to_stop(hands):
                raise Stopped
        for picture in on_their_way:
            if hands[picture.number].is_next(picture):
                self._show(hands[picture.number], picture)
        if now - self._said_at >= SAY_EVERY_S:
            self._said_at = now
            with self._database.write(lasting=False, alone=False) as connection:
                for hand, part in zip(hands, shares_of(hands, share), strict=True):
                    if hand.left:
                        ppm = round(hand.progress(part) * 1e6)
                        leases.change(connection, hand.job, self._worker_id, progress_ppm=ppm)
            self._queue.tell()

    def _show(self, hand: InHand, picture: OnItsWay) -> None:
        """What goes wrong with a preview is no reason not to draw the picture."""
        hand.shown[picture.seed] = hand.shown.get(picture.seed, 0) + 1
        try:
            picture.show()
        except DanqingError as problem:
            log.warning("job %s: no preview: %s", hand.job.id, problem.code)
        self._moved_at = time.monotonic()
        self._queue.tell()

    def _to_stop(self, hands: list[InHand]) -> set[str]:
        """Jobs in hand that were cancelled, or are another's by now. Of the others it is read anew
        how many previews are wanted."""
        ids = [hand.job.id for hand in hands if hand.left]
        query = select(jobs.c.id, jobs.c.previews).where(
            jobs.c.id.in_(ids), IS_RUNNING, jobs.c.worker_id == self._worker_id,
            jobs.c.cancel_asked == 0,
        )  # fmt: skip
        with self._database.read() as connection:
            ours = {row.id: row.previews for row in connection.execute(query)}
        for hand in hands:
            hand.watched = ours.get(hand.job.id, hand.watched)
        return set(ids) - ours.keys()

    def _after_stop(self, hands: list[InHand]) -> Iterator[InHand]:
        unfinished = [hand for hand in hands if hand.left]
        to_stop = self._to_stop(unfinished)
        for hand in unfinished:
            if hand.job.id in to_stop:
                self._end(hand.job, "cancelled")
            elif self._stopping.is_set():
                with self._database.write() as connection:
                    fewer = max(0, hand.job.attempts - 1)  # that it was stopped isn't its fault
                    leases.let_go(connection, hand.job, self._worker_id, attempts=fewer)
            else:
                yield from self._again([hand])

    def _again(self, hands: list[InHand]) -> list[InHand]:
        return [replace(hand, ready=replace(hand.ready, seeds=tuple(hand.left))) for hand in hands]

    def _note_picture(self, hand: InHand, took_ms: int, core_ms: int) -> None:
        """With its last picture a job has ended, in the same transaction."""
        job, is_last = hand.job, not hand.left
        values: dict[str, object] = {
            "drawn": hand.drawn, "core_ms": hand.core_ms,
            "progress_ppm": round(hand.progress(0) * 1e6),
        }  # fmt: skip
        with self._database.write(lasting=is_last) as connection:
            estimates.note_speed(connection, job.engine, 1, took_ms, core_ms)
            if is_last:
                self._end_in(connection, job, "done", values)
            else:
                leases.change(connection, job, self._worker_id, **values)
        self._queue.tell(ended=job.id if is_last else None)

    # Ends

    def _went_wrong(self, job: Job, problem: Exception) -> None:
        """Another attempt later on, unless it would be no use or there were enough."""
        if not isinstance(problem, DanqingError):
            log.error("job %s: %s", job.id, type(problem).__name__, exc_info=problem)
        code = getattr(problem, "code", "errors.unexpected")
        facts = facts_to_tell(problem)
        if isinstance(problem, _NO_USE) or job.attempts >= self._services.settings.queue.attempts:
            self._fail(job, code, facts)
            return
        rest = timedelta(seconds=FIRST_REST_S * 2 ** (job.attempts - 1))
        ready_at = utc_text(self._services.clock() + rest)
        with self._database.write() as connection:
            leases.let_go(
                connection, job, self._worker_id,
                problem=code, problem_facts=facts, ready_at=ready_at,
            )  # fmt: skip
        self._queue.tell()

    def _fail(self, job: Job, code: str, facts: str | None = None) -> None:
        try:
            self._services.store.record_failure(job.id, code)
        except StoreError as problem:
            if problem.code != "store.batch_not_open":
                raise
        else:
            self._end(job, "failed", problem=code, problem_facts=facts)

    def _end(self, job: Job, state: JobState, **problem: str | None) -> None:
        # What is done or was cancelled has its line in the ledger only now; any other end was there
        # before, and is found again should this be lost in a power cut.
        with self._database.write(lasting=state in _CLOSED_HERE) as connection:
            self._end_in(connection, job, state, dict(problem))
        self._queue.tell(ended=job.id)

    def _end_in(
        self, connection: Connection, job: Job, state: JobState, values: dict[str, object]
    ) -> None:
        """The job's state, its line in the ledger and its charge. Nothing happens when the job was
        lost meanwhile."""
        values = _NO_MORE | values | {"state": state}
        if state == "done":
            values |= {"progress_ppm": 1_000_000, "drawn": job.pictures}
        if leases.change(connection, job, self._worker_id, **values):
            if state in _CLOSED_HERE:
                self._services.store.close_queued(connection, job.id, _CLOSED_HERE[state])
            ending.settle(connection, job, self._services)
