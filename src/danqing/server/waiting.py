"""Waiting for jobs without holding a thread for each who waits.

One look at the database serves everyone: the more there are who wait, the longer between two looks, so
that two hundred of them cost what ten do. A worker in this process says at once that it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING

from anyio import to_thread

from danqing.jobs.types import View

if TYPE_CHECKING:
    from danqing.jobs import Queue
    from danqing.server.metrics import Metrics

LONGEST_S = 0.05
"""Between two looks, where a worker of another process may be done without our hearing of it."""
PER_WAITER_S = 0.000_5
"""At least this long between two looks, for each job that is waited for."""
PROGRESS_EVERY_S = 0.25


class Waiting:
    """Belongs to one event loop."""

    def __init__(self, queue: Queue, metrics: Metrics) -> None:
        self._queue = queue
        self._metrics = metrics
        self._waited_for: dict[str, list[asyncio.Event]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def until_end(self, job_id: str, *, timeout_s: float | None = None) -> View:
        """The job when it has ended, or when the time is up."""
        view = await self._look(job_id)
        if view.job.goes_on:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._ended(job_id)
            view = await self._look(job_id)
        self._measure(view)
        return view

    async def changes(self, job_id: str, *, each_look: bool = False) -> AsyncIterator[View]:
        """The job now and, until it has ended, whenever a look some time later shows it changed; or at
        each look, for whoever watches more than the job."""
        view = await self._look(job_id)
        yield view
        while view.job.goes_on:
            with suppress(TimeoutError):
                async with asyncio.timeout(PROGRESS_EVERY_S):
                    await self._ended(job_id)
            later = await self._look(job_id)
            if each_look or later != view:
                yield later
            view = later
        self._measure(view)

    async def _look(self, job_id: str) -> View:
        return await to_thread.run_sync(self._queue.look, job_id)

    async def _ended(self, job_id: str) -> None:
        event = asyncio.Event()
        self._waited_for.setdefault(job_id, []).append(event)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_at_all())
        try:
            await event.wait()
        finally:
            events = self._waited_for.get(job_id, [])
            with suppress(ValueError):
                events.remove(event)
            if not events:
                self._waited_for.pop(job_id, None)

    async def _look_at_all(self) -> None:
        """Looks until nobody waits any more."""
        while self._waited_for:
            changes = self._queue.changes
            ids = tuple(self._waited_for)
            for job_id in await to_thread.run_sync(self._queue.ended, ids):
                for event in self._waited_for.pop(job_id, []):
                    event.set()
            await asyncio.sleep(PER_WAITER_S * len(ids))
            await to_thread.run_sync(self._queue.wait_for_change, changes, LONGEST_S)

    def _measure(self, view: View) -> None:
        job = view.job
        if job.started_at is None:
            return
        waited = (job.started_at - job.submitted_at).total_seconds()
        self._metrics.wait.labels(job.engine).observe(max(0.0, waited))
        if job.ended_at is not None:
            took = (job.ended_at - job.started_at).total_seconds()
            self._metrics.draw.labels(job.engine).observe(max(0.0, took))
