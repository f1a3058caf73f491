"""Serves, works a queue off, or fills it, until it is killed. Run by queue_kills.py, which says on stdin
how.

One process imports everything and forks for each run, so that a run costs milliseconds. A line is
`work HOME URL`, `serve HOME URL PORT` or `submit HOME URL COUNT` (URL `-` for SQLite); the fork's id
comes back.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from danqing.identity import identify
from danqing.jobs import Queue, Worker
from danqing.policy import Policy, shipped_packs
from danqing.server import create_app, house, serving
from danqing.services import Services, build, utc_now
from danqing.settings import QueueSettings, ServerSettings, Settings
from support.asking import FixedCheck
from support.queueing import request

LEASE_S = 1.0
# The network that looks at pictures has threads, which don't survive a fork; this one answers alike.
POLICY = Policy(shipped_packs(), FixedCheck(), utc_now)


def main() -> None:
    with TemporaryDirectory() as warm, opened(Path(warm) / "home", "-") as services:
        queue = Queue(services)
        submit(services, queue, 1)
        Worker(services, queue, engines=("test-card",)).work_once()
        create_app(replace(services.settings, home=Path(warm) / "other")).state.house.close()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        role, home, url, *rest = line.split()
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                run(role, Path(home), url, *map(int, rest))
            except BaseException:
                traceback.print_exc()
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def settings_of(home: Path, url: str, port: int = 0) -> Settings:
    """Without bounds on waiting: a run of kills is slower than any queue people meet."""
    queue = QueueSettings(lease_s=LEASE_S, attempts=1_000, batch_pictures=4, longest_wait_s=10**6)
    server = ServerSettings(port=port, disk_reserve_bytes=0)
    database_url = None if url == "-" else url
    return Settings(home, engine="test-card", database_url=database_url, queue=queue, server=server)


def opened(home: Path, url: str) -> Services:
    services = build(settings_of(home, url))
    services.policy = POLICY
    return services


def run(role: str, home: Path, url: str, number: int = 0) -> None:
    if role == "serve":
        serve(settings_of(home, url, number))
        return
    with opened(home, url) as services:
        queue = Queue(services)
        if role == "submit":
            submit(services, queue, number)
        else:
            Worker(services, queue, engines=("test-card",)).run()


def serve(settings: Settings) -> None:
    """`danqing serve`, with the one check that has no threads."""

    def built(*of: object, **named: object) -> Services:
        services = build(*of, **named)  # type: ignore[arg-type]  # handed on as it came
        services.policy = POLICY
        return services

    house.build = built
    logging.disable(logging.WARNING)  # each start would say that it is one
    serving.serve(settings, lambda _: None)


def pictures_of(number: int) -> int:
    return 1 + number % 3


def submit(services: Services, queue: Queue, count: int) -> None:
    """The same jobs whenever it is run, those of even numbers: each has a key."""
    for n in range(0, count, 2):
        what = request(seed=n, pictures=pictures_of(n))
        identified = identify(
            what, services.person, batch_id=services.new_id(), clock=services.clock
        )
        queue.submit(identified, idempotency_key=f"job-{n}")


if __name__ == "__main__":
    main()
