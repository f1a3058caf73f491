"""What draws in the server's process gives way to what answers there."""

from __future__ import annotations

import os
import sys
import threading

import pytest

from danqing.jobs import Worker
from danqing.jobs.manners import NICER_BY, give_way

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="a thread's own niceness is Linux's"
)


NICEST = 19


def behind(niceness: int) -> int:
    """What the tests run at may be nice already."""
    return min(niceness + NICER_BY, NICEST)


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_it_and_what_it_starts_give_way_and_nobody_else() -> None:
    found: list[int] = []

    def started_later() -> None:
        found.append(niceness())

    def works() -> None:
        give_way()
        started = threading.Thread(target=started_later)
        started.start()
        started.join()
        found.append(niceness())

    before = niceness()
    thread = threading.Thread(target=works)
    thread.start()
    thread.join()
    assert found == [behind(before)] * 2
    assert niceness() == before


@pytest.mark.parametrize("database_url", [None])
def test_a_worker_draws_behind_the_process_it_is_in(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    worked = threading.Event()

    def work_once() -> int:
        seen.append(niceness())
        worked.set()
        return 0

    monkeypatch.setattr(worker, "work_once", work_once)
    with worker.at_work():
        assert worked.wait(30)
    assert seen[0] == behind(niceness())
