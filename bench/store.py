"""What keeping a picture costs: begin, release, finish, opening and searching. Medians, no test.

    python bench/store.py [FOLDER]

FOLDER: where the store is made for the measurement; a RAM disk shows what is ours, a real disk what
its syncs add. Beside the figures stands the time one fsync takes there.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from danqing.store import Store, open_store
from support import batches as made

ROUNDS = 101
FILE_BYTES = 300_000
WORDS = ("熊猫", "唐人街", "烧卖", "灯笼", "panda", "lantern", "小孩", "竹子", "月亮", "凤凰")


def median_ms(act: Callable[[int], object], rounds: int = ROUNDS) -> float:
    times = []
    for n in range(rounds):
        start = time.perf_counter()
        act(n)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def fsync_ms(folder: Path) -> float:
    with open(folder / "sync", "wb") as file:

        def act(_: int) -> None:
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())

        return median_ms(act)


def open_ms(home: Path) -> tuple[float, float]:
    """In a new process: opening with imports, and the part that imports SQLAlchemy."""
    code = (
        "import time; t = time.perf_counter(); import sqlalchemy; s = time.perf_counter() - t;"
        "from danqing.db import open_database; from pathlib import Path;"
        f"open_database(Path({str(home)!r})); print(time.perf_counter() - t, s)"
    )
    runs = [subprocess.check_output([sys.executable, "-c", code], text=True) for _ in range(5)]
    both = [[float(part) * 1e3 for part in run.split()] for run in runs]
    return statistics.median(b[0] for b in both), statistics.median(b[1] for b in both)


def report(name: str, value_ms: float) -> None:
    print(f"{name:<44}{value_ms:8.2f} ms")


def keep(store: Store, folder: Path, clock: made.Clock) -> None:
    spent: dict[str, list[float]] = {"begin": [], "release": [], "finish": []}

    def timed(step: str, act: Callable[[], object]) -> None:
        start = time.perf_counter()
        act()
        spent[step].append((time.perf_counter() - start) * 1e3)

    for n in range(ROUNDS):
        text = "".join(WORDS[(n * k) % len(WORDS)] for k in (1, 3, 7))
        asked = made.asked(store, text, (n,), clock=clock)
        picture = made.labelled(asked, n, padding=FILE_BYTES)
        timed("begin", lambda asked=asked: store.begin(asked))
        timed("release", lambda p=picture, n=n: store.release(p, folder / f"{n}.png"))
        timed("finish", lambda asked=asked: store.finish(asked.batch_id))
    for step, times in spent.items():
        report(f"{step} (one picture, {FILE_BYTES // 1000} kB)", statistics.median(times))
    report("together", sum(statistics.median(times) for times in spent.values()))


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        folder, clock = Path(name), made.Clock()
        report("one fsync here", fsync_ms(folder))
        report("a new store, Alembic loaded", median_ms(
            lambda n: open_store(folder / f"new{n}", clock).close(), 5))  # fmt: skip
        with open_store(folder / "home", clock) as store:
            keep(store, folder, clock)
            report("open, in a process that has the imports", median_ms(
                lambda _: open_store(folder / "home", clock).close(), 21))  # fmt: skip
            report("search for 熊猫", median_ms(lambda _: store.history("熊猫", limit=20), 21))
            report("find by hash", median_ms(lambda _: store.find_by_sha256("0" * 64), 21))
            report("ledger verify, per 1000 lines", median_ms(
                lambda _: store.verify_ledger(), 5) / (3 * ROUNDS) * 1000)  # fmt: skip
        total, sqlalchemy = open_ms(folder / "home")
        report("open, in a new process", total)
        report("    of which importing SQLAlchemy", sqlalchemy)


if __name__ == "__main__":
    main()
