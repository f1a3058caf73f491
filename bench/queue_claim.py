"""How long claiming and submitting take with 100,000 jobs in line, on both databases: median, 99th
percentile, and processor time of this process (what a busy machine doesn't change).

The engine is taken to need 300 ms a picture, so that somebody new is let in at the front of the line
and somebody with a hundred jobs in it is sent away.

python bench/queue_claim.py [JOBS] [sqlite|postgresql …]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from sqlalchemy import insert, text

from danqing.db.job_tables import jobs
from danqing.db.tables import batches, people
from danqing.db.times import utc_text
from danqing.errors import Busy
from danqing.identity import Identified, Person
from danqing.jobs import Queue, estimates, leases
from danqing.request.canonical import canonical_json, request_hash
from danqing.services import Services
from support import queueing
from support.postgres import running_cluster

JOBS, PEOPLE, ROUNDS, AT_ONCE = 100_000, 1_000, 301, 10_000
MS_PER_PICTURE = 300


def fill(made: Services, count: int) -> None:
    """Jobs of many people, as submitting would have left them, without their ledger lines."""
    asked, now = queueing.request(), utc_text(made.clock())
    batch = {
        "asked_at": now, "prompt": asked.reading.prompt.text, "folded": "", "language": "zh-Hans",
        "request": canonical_json(asked), "request_sha256": request_hash(asked),
    }  # fmt: skip
    job = {
        "asked_as": '{"role":"user","verified":false}', "group_name": "member", "state": "queued",
        "engine": "test-card", "together": "64x64", "priority": 0, "pictures": 1, "drawn": 0,
        "progress_ppm": 0, "attempts": 0, "ready_at": now, "cancel_asked": 0, "previews": 0, "core_ms": 0,
        "quoted_minor": 0, "submitted_at": now,
    }  # fmt: skip
    with made.store.database.write() as connection:
        rows = [{"id": f"P{n:025}", "created_at": now, "local": 0} for n in range(PEOPLE)]
        connection.execute(insert(people), rows)
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(count, first + AT_ONCE))
            ids = [(f"J{n:025}", f"P{n % PEOPLE:025}") for n in numbers]
            connection.execute(insert(batches), [batch | {"id": i, "person_id": p} for i, p in ids])
            connection.execute(
                insert(jobs),
                [
                    job | {"id": i, "person_id": p, "turn": n // PEOPLE * 500_000,
                           "turn_end": (n // PEOPLE + 1) * 500_000}
                    for (i, p), n in zip(ids, numbers, strict=True)
                ],
            )  # fmt: skip
    with made.store.database.write() as connection:
        connection.execute(text("ANALYZE"))


def report(name: str, act: Callable[[], object]) -> None:
    times, began_s = [], time.process_time()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1e3)
    core_ms = (time.process_time() - began_s) * 1e3 / ROUNDS
    times.sort()
    p50, p99 = statistics.median(times), times[int(0.99 * ROUNDS)]
    print(f"  {name:<26}{p50:8.2f} ms{p99:8.2f} ms{core_ms:8.2f} ms", flush=True)


def measure(made: Services, count: int) -> None:
    fill(made, count)
    queue, database = Queue(made), made.store.database
    later = utc_text(made.clock() + timedelta(hours=1))

    def claim(most_pictures: int) -> None:
        with database.write(lasting=False, alone=False) as connection:
            leases.reclaim(connection, utc_text(made.clock()))
            claimed = leases.claim(
                connection, worker_id="W", engines=("test-card", "mini"),
                most_pictures=most_pictures, now=utc_text(made.clock()), lease_until=later,
            )  # fmt: skip
            assert claimed

    report("look at the last in line", lambda: queue.look(f"J{count - 1:025}"))
    with database.write() as connection:
        estimates.note_speed(connection, "test-card", 1, MS_PER_PICTURE, MS_PER_PICTURE)
    new = iter([queueing.person(made) for _ in range(ROUNDS)])
    report("submit", lambda: queue.submit(queueing.asked(made, next(new))))
    known = Person(f"P{0:025}", made.clock(), local=False)
    report("send away", lambda: send_away(queue, queueing.asked(made, known)))
    report("claim one", lambda: claim(1))
    report("claim eight", lambda: claim(8))


def send_away(queue: Queue, asked: Identified) -> None:
    try:
        queue.submit(asked)
    except Busy:
        return
    raise AssertionError("somebody was let in who would wait for hours")


def main() -> None:
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    count = numbers[0] if numbers else JOBS
    kinds = [a for a in sys.argv[1:] if not a.isdigit()] or ["sqlite", "postgresql"]
    limits = queueing.QueueSettings(most_waiting=10**9)
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{kind}, {count} jobs in line{'median':>13}{'p99':>11}{'core':>11}")
            home = Path(folder) / "home"
            if kind == "sqlite":
                with queueing.services(home, queue=limits) as made:
                    measure(made, count)
            else:
                with running_cluster() as cluster:
                    cluster.execute("CREATE DATABASE bench")
                    url = cluster.url("bench")
                    with queueing.services(home, database_url=url, queue=limits) as made:
                        measure(made, count)


if __name__ == "__main__":
    main()
