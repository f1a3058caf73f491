"""kill -9 of a server, of those who fill its queue and those who work it off, at random moments under
load; then everything must be there once: one outcome in the ledger for each job, one artwork for each
picture, one charge.

Half of the jobs come over HTTP, from clients who send a request again until it is answered, as a
well-made program does with an idempotency key; the others straight into the queue, from a process that
is killed in the midst of it.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from danqing.billing import Billing, Price
from danqing.jobs import Queue
from danqing.services import Services
from support.queue_child import opened, pictures_of
from support.queueing import SIDE_PX, ledger_of

TESTS = Path(__file__).parents[1]
WALLET_MINOR, PER_PICTURE_MINOR = 1_000_000, 3
CLIENTS, ASK_AGAIN_AFTER_S, PATIENCE_S = 2, 0.05, 1_800


@dataclass(frozen=True, slots=True)
class Killed:
    """What a run came to. by_role: kills of each kind of process. attempts: how often jobs were begun;
    one each would be without kills."""

    kills: int
    by_role: dict[str, int]
    jobs: int
    pictures: int
    attempts: int
    seconds: float


class Children:
    """Processes that serve, fill the queue and work it off, forked from one that has the imports."""

    def __init__(self, home: Path, url: str | None) -> None:
        self._where = f"{home} {url or '-'}"
        path = os.environ.get("PYTHONPATH")  # of another copy than the one installed, perhaps
        command = [sys.executable, "-W", "ignore", "-m", "support.queue_child"]
        self._forker = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join((str(TESTS), *filter(None, (path,))))},
        )  # fmt: skip
        self.alive: list[tuple[int, str, str]] = []

    def start(self, role: str, rest: str = "") -> None:
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(f"{role} {self._where} {rest}\n")
        self._forker.stdin.flush()
        self.alive.append((int(self._forker.stdout.readline()), role, rest))

    def kill(self, which: int) -> tuple[str, str]:
        """Returns its role and how it was told to do it."""
        child, role, rest = self.alive.pop(which)
        with suppress(ProcessLookupError):  # a submitter that had done everything
            os.kill(child, signal.SIGKILL)
            while True:
                os.kill(child, 0)
                time.sleep(0.001)
        return role, rest

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


class Clients:
    """Ask a server for the jobs of odd numbers, each until it is answered. ids: of those answered;
    wrong: answers there should have been none of."""

    def __init__(self, port: int, count: int) -> None:
        self.ids: dict[int, str] = {}
        self.wrong: list[str] = []
        self._base_url = f"http://127.0.0.1:{port}"
        self._numbers = iter(range(1, count, 2))
        self._lock, self._over = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(CLIENTS)]

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        with httpx.Client(base_url=self._base_url, timeout=30) as client:
            while not self._over.is_set():
                with self._lock:
                    number = next(self._numbers, None)
                if number is None:
                    return
                while not (self._over.is_set() or self._asked(client, number)):
                    self._over.wait(ASK_AGAIN_AFTER_S)

    def _asked(self, client: httpx.Client, number: int) -> bool:
        """Whether there was an answer. But for a server that has too much to do, it is the job."""
        asked = {
            "prompt": "一只熊猫", "n": pictures_of(number), "width_px": SIDE_PX,
            "height_px": SIDE_PX,
        }  # fmt: skip
        try:
            answer = client.post(
                "/api/jobs", json=asked, headers={"idempotency-key": f"job-{number}"}
            )
        except httpx.TransportError:  # nobody serves at this moment
            return False
        if answer.status_code >= 500:
            return False
        if answer.status_code != 202:
            self.wrong.append(answer.text)
            return True
        self.ids[number] = answer.json()["id"]
        return True


def run_kills(home: Path, url: str | None, *, kills: int, seed: int) -> Killed:
    """Kills that often, lets the rest be done, and checks everything. Raises AssertionError."""
    randomly = random.Random(seed)
    count = max(12, kills)
    with opened(home, url or "-") as services:
        billing = Billing(services.store.database, services.clock)
        billing.set_price(Price("test-card", per_picture_minor=PER_PICTURE_MINOR))
        billing.pay_in(services.person.id, WALLET_MINOR, "start", by=services.person)
        queue, port = Queue(services), _free_port()
        began_at = time.monotonic()
        killed: Counter[str] = Counter()
        with _children(home, url) as children, Clients(port, count) as clients:
            children.start("serve", str(port))
            children.start("submit", str(count))
            children.start("work")
            for _ in range(kills):
                _wait_for_something(queue, randomly)
                role, rest = children.kill(randomly.randrange(len(children.alive)))
                killed[role] += 1
                children.start(role, rest)
            patience_ends = time.monotonic() + PATIENCE_S
            while len(queue.find(states=("done",), limit=1_000)) < count:
                assert time.monotonic() < patience_ends, Counter(j.state for j in queue.find())
                time.sleep(0.1)
        seconds = time.monotonic() - began_at
        # Whoever was answered has exactly the job they were told of.
        assert clients.wrong == []
        assert sorted(clients.ids) == list(range(1, count, 2))
        assert set(clients.ids.values()) <= {job.id for job in queue.find(limit=1_000)}
        return _everything_is_there_once(services, queue, dict(killed), count, seconds)


def _free_port() -> int:
    """One that is the server's each time it is started."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


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
    services: Services, queue: Queue, by_role: dict[str, int], count: int, seconds: float
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
    attempts = sum(job.attempts for job in jobs)
    return Killed(sum(by_role.values()), by_role, count, pictures, attempts, seconds)
