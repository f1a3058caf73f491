"""Waiting for jobs without holding a thread for each who waits.

A worker of this process says at once that a job has ended. For those of others one look at the database
serves everyone: the more there are who wait, the longer between two looks, so that two hundred of them
cost what ten do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING

from anyio import to_thread

from danqing.jobs.types import Job, View

if TYPE_CHECKING:
    from danqing.jobs import Queue

LOOK_EVERY_S = 0.05
"""At least this long between two looks, and where many wait, for each of them:"""
PER_WAITER_S = 0.000_5
PROGRESS_EVERY_S = 0.25


class Waiting:
    """Belongs to one event loop: that of the first who waits."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._waited_for: dict[str, list[asyncio.Event]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        queue.on_end(self._hear)

    async def until_end(self, job: Job, *, timeout_s: float | None = None) -> None:
        """Returns when the job has ended, or when the time is up."""
        if job.goes_on:
            with suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._ended(job.id)

    async def changes(self, job_id: str, *, each_look: bool = False) -> AsyncIterator[View]:
        """The job now and, until it has ended, whenever a look some time later shows it changed; or at
        each look, for whoever watches more than the job."""
        view = await self._look(job_id)
        yield view
        while view.job.goes_on:
            await self.until_end(view.job, timeout_s=PROGRESS_EVERY_S)
            later = await self._look(job_id)
            if each_look or later != view:
                yield later
            view = later

    async def _look(self, job_id: str) -> View:
        return await to_thread.run_sync(self._queue.look, job_id)

    async def _ended(self, job_id: str) -> None:
        event = asyncio.Event()
        self._loop = asyncio.get_running_loop()
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

    def _hear(self, job_id: str) -> None:
        """Called on a worker's thread. A job that ended before somebody began to wait for it is found
        by the next look."""
        if job_id in self._waited_for and self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake, job_id)

    def _wake(self, job_id: str) -> None:
        for event in self._waited_for.pop(job_id, []):
            event.set()

    async def _look_at_all(self) -> None:
        """Looks until nobody waits any more."""
        while self._waited_for:
            await asyncio.sleep(max(LOOK_EVERY_S, PER_WAITER_S * len(self._waited_for)))
            ids = tuple(self._waited_for)
            for job_id in await to_thread.run_sync(self._queue.ended, ids):
                self._wake(job_id)
