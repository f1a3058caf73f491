"""kill -9 of those who fill a queue and those who work it off, at random moments under load; then
everything must be there once: one outcome in the ledger for each job, one artwork for each picture,
one charge."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from danqing.billing import Billing, Price
from danqing.jobs import Queue
from danqing.services import Services
from support.queue_child import opened
from support.queueing import ledger_of

TESTS = Path(__file__).parents[1]
WALLET_MINOR, PER_PICTURE_MINOR = 1_000_000, 3


@dataclass(frozen=True, slots=True)
class Killed:
    """What a run came to. attempts: how often jobs were begun; one each would be without kills."""

    kills: int
    jobs: int
    pictures: int
    attempts: int
    seconds: float


class Children:
    """Processes that fill the queue and work it off, forked from one that has the imports."""

    def __init__(self, home: Path, url: str | None) -> None:
        self._where = f"{home} {url or '-'}"
        command = [sys.executable, "-W", "ignore", "-m", "support.queue_child"]
        self._forker = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": str(TESTS)},
        )  # fmt: skip
        self.alive: list[tuple[int, str]] = []

    def start(self, role: str, rest: str = "") -> None:
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(f"{role} {self._where} {rest}\n")
        self._forker.stdin.flush()
        self.alive.append((int(self._forker.stdout.readline()), role))

    def kill(self, which: int) -> str:
        """Returns what it did."""
        child, role = self.alive.pop(which)
        with suppress(ProcessLookupError):  # a submitter that had done everything
            os.kill(child, signal.SIGKILL)
            while True:
                os.kill(child, 0)
                time.sleep(0.001)
        return role

    def close(self) -> None:
        while self.alive:
            self.kill(0)
        with self._forker:  # closes what it is spoken to by, and waits for it
            assert self._forker.stdin is not None
            self._forker.stdin.close()


@contextmanager
def _children(home: Path, url: str | None) -> Iterator[Children]:
    children = Children(home, url)
    try:
        yield children
    finally:
        children.close()


def run_kills(home: Path, url: str | None, *, kills: int, seed: int) -> Killed:
    """Kills that often, lets the rest be done, and checks everything. Raises AssertionError."""
    randomly = random.Random(seed)
    count = max(12, kills)
    with opened(home, url or "-") as services:
        billing = Billing(services.store.database, services.clock)
        billing.set_price(Price("test-card", per_picture_minor=PER_PICTURE_MINOR))
        billing.pay_in(services.person.id, WALLET_MINOR, "start")
        queue = Queue(services)
        began_at = time.monotonic()
        with _children(home, url) as children:
            children.start("submit", str(count))
            for _ in range(2):
                children.start("work")
            for _ in range(kills):
                _wait_for_something(queue, randomly)
                role = children.kill(randomly.randrange(len(children.alive)))
                children.start(role, str(count) if role == "submit" else "")
            patience_ends = time.monotonic() + 600
            while len(queue.find(states=("done",), limit=1_000)) < count:
                assert time.monotonic() < patience_ends, Counter(j.state for j in queue.find())
                time.sleep(0.1)
        seconds = time.monotonic() - began_at
        return _everything_is_there_once(services, queue, kills, count, seconds)


def _wait_for_something(queue: Queue, randomly: random.Random) -> None:
    """Until a job moved on, or a moment later: kills fall into work, not only into its beginning."""
    if randomly.random() < 0.5:
        before = len(queue.find(states=("done",), limit=1_000))
        patience_ends = time.monotonic() + 3
        while len(queue.find(states=("done",), limit=1_000)) == before:
            if time.monotonic() > patience_ends:
                break
            time.sleep(0.005)
    time.sleep(randomly.uniform(0.0, 0.15))


def _everything_is_there_once(
    services: Services, queue: Queue, kills: int, count: int, seconds: float
) -> Killed:
    jobs = queue.find(limit=1_000)
    assert len(jobs) == count
    pictures = 0
    for job in jobs:
        kinds = ledger_of(services, job.id)
        assert kinds == ["request", *["artwork"] * job.pictures, "closed"], (job.id, kinds)
        drawn = services.store.drawn_for(job.id)
        assert [picture.position for picture in drawn] == list(range(job.pictures))
        assert services.store.outcome(job.id) == "finished"
        assert job.charged_minor == PER_PICTURE_MINOR * job.pictures
        pictures += job.pictures
    check = services.store.check()
    assert check.sound, (check.ledger, check.problems)
    billing = Billing(services.store.database, services.clock)
    assert billing.audit() == ()
    left = WALLET_MINOR - PER_PICTURE_MINOR * pictures
    assert billing.balance(services.person.id) == (left, 0)
    (used,) = billing.usage()
    assert (used.jobs, used.pictures) == (count, pictures)
    return Killed(kills, count, pictures, sum(job.attempts for job in jobs), seconds)
