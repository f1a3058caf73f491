"""Works a queue off, or fills it, until it is killed. Run by queue_kills.py, which says on stdin how.

One process imports everything and forks for each run, so that a run costs milliseconds. A line is
`work HOME URL` or `submit HOME URL COUNT` (URL `-` for SQLite); the fork's id comes back.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from tempfile import TemporaryDirectory

from danqing.identity import identify
from danqing.jobs import Queue, Worker
from danqing.policy import Policy, shipped_packs
from danqing.services import Services, build, utc_now
from danqing.settings import QueueSettings, Settings
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
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        role, home, url, *rest = line.split()
        child = os.fork()
        if child == 0:
            try:
                run(role, Path(home), url, *map(int, rest))
            except BaseException:
                traceback.print_exc()
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def opened(home: Path, url: str) -> Services:
    queue = QueueSettings(lease_s=LEASE_S, attempts=1_000, batch_pictures=4)
    database_url = None if url == "-" else url
    services = build(Settings(home, database_url=database_url, queue=queue))
    services.policy = POLICY
    return services


def run(role: str, home: Path, url: str, count: int = 0) -> None:
    with opened(home, url) as services:
        queue = Queue(services)
        if role == "submit":
            submit(services, queue, count)
        else:
            Worker(services, queue, engines=("test-card",)).run()


def submit(services: Services, queue: Queue, count: int) -> None:
    """The same jobs whenever it is run: each has a key."""
    for n in range(count):
        what = request(seed=n, pictures=1 + n % 3)
        identified = identify(
            what, services.person, batch_id=services.new_id(), clock=services.clock
        )
        queue.submit(identified, idempotency_key=f"job-{n}")


if __name__ == "__main__":
    main()
