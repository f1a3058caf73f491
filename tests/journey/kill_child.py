"""Draws tiny batches until it is killed. Run by test_kill.py, which says on stdin how.

One process imports everything and forks for each run, so that a run costs milliseconds. A line is
`HOME OUT SEED STEP URL`, where URL is a database's or `-` for SQLite; the fork's id comes back, then
its wait status. With STEP 0 the fork takes sentences down the whole road, with the test card for an
engine, until someone kills it. Otherwise it releases one picture that is labelled already, kills
itself at its STEPth call that changes the disk, and exits with 0 when there are fewer.
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

from danqing.flow import draw
from danqing.outputs import Outputs
from danqing.policy import Policy, shipped_packs
from danqing.services import Services, build, utc_now
from danqing.settings import Settings
from danqing.store import Store, open_store
from support import batches as made
from support.asking import FixedCheck
from support.queueing import request

CHANGE_THE_DISK = {"open", "write", "mkdir", "replace", "link", "unlink", "commit"}
# The network that looks at pictures has threads, which don't survive a fork; this one answers alike.
POLICY = Policy(shipped_packs(), FixedCheck(), utc_now)


def main() -> None:
    with TemporaryDirectory() as warm:  # forks then start with everything loaded
        home = Path(warm) / "home"
        with opened(home, None) as services:
            draw_batch(services, Path(warm), pictures=1, seed=1)
        with open_store(home, made.Clock()) as store:
            release_one(store, Path(warm), made.Clock(), seed=1)
    for line in sys.stdin:
        where, out, seed, step, url = line.split()
        child = os.fork()
        if child == 0:
            work(Path(where), Path(out), int(seed), int(step), None if url == "-" else url)
            os._exit(0)
        tell(child)
        tell(os.waitpid(child, 0)[1])


def tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def work(home: Path, out: Path, seed: int, step: int, url: str | None) -> None:
    if step:
        clock = made.Clock()
        with open_store(home, clock, database_url=url) as store:
            kill_at(step)
            release_one(store, out, clock, seed)
            sys.setprofile(None)
        return
    randomly = random.Random(seed)
    with opened(home, url) as services:
        while True:
            draw_batch(services, out, randomly.randrange(1, 4), randomly.randrange(1_000))


def opened(home: Path, url: str | None) -> Services:
    services = build(Settings(home, engine="test-card", database_url=url))
    services.policy = POLICY
    return services


def draw_batch(services: Services, out: Path, pictures: int, seed: int) -> None:
    asked = request(seed=seed, pictures=pictures)
    for _ in draw(services, asked, outputs=Outputs(out, "a", ".png", pictures)):
        pass


def release_one(store: Store, out: Path, clock: made.Clock, seed: int) -> None:
    asked = made.ask(store, seeds=(seed,), clock=clock)
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
