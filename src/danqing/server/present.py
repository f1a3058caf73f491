"""What an API without task ids needs remembered: who is waiting for what, and which engine they chose.

In memory and bounded: it concerns requests that are open now.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

MOST_PEOPLE = 10_000


class Present:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._jobs: dict[str, list[str]] = {}
        self._engines: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def at_work(self, person_id: str, job_id: str) -> Iterator[None]:
        """The person waits for this job while the block goes on."""
        with self._lock:
            self._jobs.setdefault(person_id, []).append(job_id)
        try:
            yield
        finally:
            with self._lock:
                self._jobs[person_id].remove(job_id)
                if not self._jobs[person_id]:
                    del self._jobs[person_id]

    def jobs_of(self, person_id: str) -> tuple[str, ...]:
        """What they are waiting for, oldest first."""
        with self._lock:
            return tuple(self._jobs.get(person_id, ()))

    def choose(self, person_id: str, engine: str) -> None:
        with self._lock:
            self._engines[person_id] = engine
            self._engines.move_to_end(person_id)
            while len(self._engines) > MOST_PEOPLE:
                self._engines.popitem(last=False)

    def engine_of(self, person_id: str) -> str | None:
        with self._lock:
            return self._engines.get(person_id)
