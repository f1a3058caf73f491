"""Who works the queue off: in the server's process as a thread, or `danqing worker`."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from danqing.db.times import utc_text
from danqing.engines import list_engines
from danqing.errors import StoreError
from danqing.jobs import estimates, leases
from danqing.jobs.hand import Hand
from danqing.jobs.manners import give_way
from danqing.jobs.queue import WATCH_EVERY_S, Queue
from danqing.jobs.types import Job, WorkerSeen
from danqing.services import ServicesBeside
from danqing.store import previews

if TYPE_CHECKING:
    from danqing.services import Services

RENEW_PER_LEASE = 3
AFTER_TROUBLE_S = 2.0
log = logging.getLogger("danqing.jobs")


class Worker:
    """Claims jobs and takes them down the road: policy again, engine, labels, store.

    services: its own or shared with others; it works under a name of its own in the store, so that
    nothing it does counts once its lease is lost. engines: those it serves; None: all installed here.
    """

    def __init__(
        self, services: Services, queue: Queue, *, engines: tuple[str, ...] | None = None
    ) -> None:
        self.id = services.new_id()
        self.engines = engines or tuple(entry.name for entry in list_engines())
        self._queue = queue
        self._services = ServicesBeside(services)
        self._database = services.store.database
        self._settings = services.settings.queue
        self._clock = services.clock
        self._started_at = services.clock()
        self._stopping = threading.Event()
        self._hand = Hand(self._services, queue, self.id, self._stopping)

    def work_once(self) -> int:
        """Claims what fits together, works it off, returns how many jobs that was (0: nothing).

        What goes wrong with a job ends up in the job. Raises StoreError when the database fails.
        """
        claimed = self._claim()
        if claimed:
            self._hand.work_off(claimed)
        return len(claimed)

    def run(self) -> None:
        """Works until `stop` is called. Trouble with the database is waited out."""
        keeper = threading.Thread(target=self._keep, name=f"keeper-{self.id}", daemon=True)
        keeper.start()
        try:
            while not self._stopping.is_set():
                changes = self._queue.changes
                try:
                    if not self.work_once():
                        self._queue.wait_for_change(changes, WATCH_EVERY_S)
                except Exception:
                    log.exception("a worker's round failed; it goes on")
                    self._stopping.wait(AFTER_TROUBLE_S)
        finally:
            self._stopping.set()
            keeper.join()
            self._leave()

    def stop(self) -> None:
        """Ends `run` at the next sampling step; what was begun goes back to its place in line."""
        self._stopping.set()
        self._queue.tell()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Runs in a thread while the block goes on, and gives way to the threads beside it."""
        thread = threading.Thread(target=self._run_behind, name=f"worker-{self.id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.stop()
            thread.join()

    def _run_behind(self) -> None:
        give_way()
        self.run()

    def _claim(self) -> list[Job]:
        now = self._clock()
        with self._database.write(lasting=False, alone=False) as connection:
            leases.reclaim(connection, utc_text(now))
            return leases.claim(
                connection,
                worker_id=self.id,
                engines=self.engines,
                most_pictures=self._settings.batch_pictures,
                now=utc_text(now),
                lease_until=self._lease_until(),
            )

    def _keep(self) -> None:
        """Says every so often that this worker lives, and prolongs what it holds while that moves."""
        while True:
            with suppress(StoreError):
                self._say_hello()
            if self._stopping.wait(self._settings.lease_s / RENEW_PER_LEASE):
                return

    def _say_hello(self) -> None:
        holding = self._hand.count
        me = WorkerSeen(self.id, self.engines, self._started_at, self._clock(), holding)
        with self._database.write(lasting=False, alone=False) as connection:
            estimates.say_hello(connection, me)
            if holding and not self._hand.is_stalled(self._settings.stalled_s):
                leases.renew(connection, self.id, self._lease_until())
            previews.forget(connection, self._clock())

    def _leave(self) -> None:
        with suppress(StoreError), self._database.write(lasting=False, alone=False) as connection:
            estimates.say_goodbye(connection, self.id)
        self._services.store.leave()

    def _lease_until(self) -> str:
        return utc_text(self._clock() + timedelta(seconds=self._settings.lease_s))
