"""Draws tiny batches until it is killed. Run by test_kill.py, which says on stdin how.

One process imports everything and forks for each run, so that a run costs milliseconds. A line is
`HOME OUT SEED STEP URL`, where URL is a database's or `-` for SQLite; the fork's id comes back, then
its wait status. With STEP 0 the fork draws until someone kills it; otherwise it kills itself at its
STEPth call that changes the disk, and exits with 0 when its one batch has fewer.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

from danqing.store import Store, open_store
from support import batches as made

CHANGE_THE_DISK = {"open", "write", "mkdir", "replace", "link", "unlink", "commit"}


def main() -> None:
    clock = made.Clock()
    with TemporaryDirectory() as warm, open_store(Path(warm) / "home", clock) as store:
        draw(store, Path(warm), clock, [1])  # forks then start with everything loaded
    for line in sys.stdin:
        home, out, seed, step, url = line.split()
        child = os.fork()
        if child == 0:
            work(Path(home), Path(out), int(seed), int(step), None if url == "-" else url)
            os._exit(0)
        tell(child)
        tell(os.waitpid(child, 0)[1])


def tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def work(home: Path, out: Path, seed: int, step: int, url: str | None) -> None:
    clock = made.Clock()
    randomly = random.Random(seed)
    with open_store(home, clock, database_url=url) as store:
        if step:
            kill_at(step)
            draw(store, out, clock, [seed])
            sys.setprofile(None)
        while not step:
            draw(
                store, out, clock, [randomly.randrange(6) for _ in range(randomly.randrange(1, 4))]
            )


def draw(store: Store, out: Path, clock: made.Clock, seeds: list[int]) -> None:
    asked = made.ask(store, seeds=tuple(seeds), clock=clock)
    for seed in seeds:
        store.release(made.labelled(asked, seed, padding=20_000), out / "a.png")
    store.finish(asked.batch_id)


def kill_at(step: int) -> None:
    """Kills this process before its stepth such call, on whichever thread."""
    left = step

    def count(_: FrameType, event: str, called: Any) -> None:
        nonlocal left
        if event == "c_call" and called.__name__ in CHANGE_THE_DISK:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    threading.setprofile(count)


if __name__ == "__main__":
    main()
