"""The queue and who works it off: a request waits its turn, and no power cut loses it.

    queue = Queue(services)
    job = queue.submit(identified)
    with Worker(build(settings), queue).at_work():      # a thread; `danqing worker` for more
        view = queue.wait(job.id)

Names load on first use, so that importing this package doesn't import SQLAlchemy (0.15 s).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danqing.jobs.queue import Queue
    from danqing.jobs.types import (
        EngineLine,
        Gate,
        Job,
        Origin,
        Overview,
        Standing,
        View,
        WorkerSeen,
    )
    from danqing.jobs.worker import Worker

_HOMES = {"Queue": "queue", "Worker": "worker"}

__all__ = [
    "EngineLine",
    "Gate",
    "Job",
    "Origin",
    "Overview",
    "Queue",
    "Standing",
    "View",
    "Worker",
    "WorkerSeen",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"danqing.jobs.{_HOMES.get(name, 'types')}"), name)
