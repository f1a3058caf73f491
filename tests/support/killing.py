"""Kills whoever draws, again and again, and looks whether everything accounts for everything else."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from danqing.store import open_store
from support.batches import Clock

TESTS = Path(__file__).parents[1]
PATIENCE_S = 300
LONGEST_WAIT_S = 0.3
"""Long enough for a picture or two, so that every step of the road is met."""


@dataclass(frozen=True)
class Drawer:
    """A process with everything loaded, which forks for each run. url: of a database; None for
    SQLite in the home."""

    process: subprocess.Popen[str]
    home: Path
    out: Path
    url: str | None = None

    def start(self, seed: int, step: int = 0) -> int:
        """Starts a run; returns its process id. step: as in kill_child.py."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{self.home} {self.out} {seed} {step} {self.url or '-'}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def end(self) -> int:
        """The wait status of the run that ended."""
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def wait_for_another_file(self) -> None:
        before = len(list(self.out.glob("a*.png")))
        patience_ends = time.monotonic() + PATIENCE_S
        while len(list(self.out.glob("a*.png"))) == before:
            assert time.monotonic() < patience_ends
            time.sleep(0.002)

    def count_what_accounts_for_everything(self) -> int:
        """Starts again and looks; returns how many artworks there are."""
        with open_store(self.home, Clock(), database_url=self.url) as store:
            check = store.check()
            assert check.ledger.fault is None
            assert check.problems == ()
            kept = store.history(limit=100_000)
            by_path = {a.path: store.released_bytes(a.id) for a in kept if a.path is not None}
            found = {file: file.read_bytes() for file in self.out.iterdir()}
            sheets = {file for file in found if file.stem.endswith("-sheet")}
            assert {file: data for file, data in found.items() if file not in sheets} == by_path
            for file in sheets:
                assert store.find_by_sha256(sha256(found[file]).hexdigest()), file
            assert len(by_path) == len(kept), "a picture was kept and its file lost"
            assert not list((self.home / "blobs" / "incoming").glob("*"))
            assert not list((self.home / "run").glob("*"))
            return len(kept)


@contextmanager
def drawer(folder: Path, url: str | None = None) -> Iterator[Drawer]:
    """A Drawer with a home and a folder for its files, both made in `folder`."""
    out = folder / "out"
    out.mkdir()
    command = [sys.executable, "-W", "ignore", str(TESTS / "journey" / "kill_child.py")]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(TESTS)},
    )  # fmt: skip
    with process:
        yield Drawer(process, folder / "home", out, url)
        assert process.stdin is not None
        process.stdin.close()


def kill_at_random(drawing: Drawer, times: int, seed: int) -> int:
    """Kills so many runs at random moments, with a look after each; returns how many artworks came
    of them. Raises AssertionError for whatever isn't accounted for."""
    randomly = random.Random(seed)
    before = 0
    for run in range(times):
        process = drawing.start(seed=run)
        try:
            if run % 2:  # half of them once something was drawn, however slow the machine
                drawing.wait_for_another_file()
            time.sleep(randomly.uniform(0.0, LONGEST_WAIT_S))
        finally:
            os.kill(process, signal.SIGKILL)
        assert os.WTERMSIG(drawing.end()) == signal.SIGKILL
        now = drawing.count_what_accounts_for_everything()
        assert now >= before, "a picture was lost"
        before = now
    return before
