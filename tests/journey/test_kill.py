"""kill -9 at any moment: after the next start no artwork without a ledger line, no open ledger line
without its outcome, no half file."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from danqing.store import open_store
from support.batches import Clock

TESTS = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the child forks")


@pytest.fixture(scope="module")
def child() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-W", "ignore", str(TESTS / "journey" / "kill_child.py")]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(TESTS)},
    )  # fmt: skip
    with process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def start(child: subprocess.Popen[str], home: Path, out: Path, seed: int, step: int) -> int:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(f"{home} {out} {seed} {step}\n")
    child.stdin.flush()
    return int(child.stdout.readline())


def end(child: subprocess.Popen[str]) -> int:
    assert child.stdout is not None
    return int(child.stdout.readline())


def everything_accounts_for_everything(home: Path, out: Path) -> int:
    """Starts again and looks; returns how many artworks there are."""
    with open_store(home, Clock()) as store:
        check = store.check()
        assert check.ledger.fault is None
        assert check.problems == ()
        kept = store.history(limit=10_000)
        by_path = {a.path: store.released_bytes(a.id) for a in kept if a.path is not None}
        assert {file: file.read_bytes() for file in out.iterdir()} == by_path
        assert len(by_path) == len(kept), "a picture was kept and its file lost"
        assert not list((home / "blobs" / "incoming").glob("*"))
        assert not list((home / "run").glob("*"))
        return len(kept)


def wait_for_another_file(out: Path) -> None:
    before = len(list(out.glob("a*.png")))
    patience_ends = time.monotonic() + 60
    while len(list(out.glob("a*.png"))) == before:
        assert time.monotonic() < patience_ends
        time.sleep(0.002)


def test_killed_at_random_moments(child: subprocess.Popen[str], tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    out.mkdir()
    randomly = random.Random(20260801)
    before = 0
    for seed in range(24):
        process = start(child, home, out, seed, step=0)
        if seed % 2:  # half of them once something was drawn, however slow the machine
            wait_for_another_file(out)
        time.sleep(randomly.uniform(0.0, 0.1))
        os.kill(process, signal.SIGKILL)
        assert os.WTERMSIG(end(child)) == signal.SIGKILL
        now = everything_accounts_for_everything(home, out)
        assert now >= before
        before = now
    assert before >= 12


@pytest.mark.slow
def test_killed_before_every_call_that_changes_the_disk(
    child: subprocess.Popen[str], tmp_path: Path
) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    out.mkdir()
    kills = 0
    for step in range(1, 10_000):
        start(child, home, out, seed=step, step=step)
        status = end(child)
        everything_accounts_for_everything(home, out)
        if status == 0:
            break
        assert os.WTERMSIG(status) == signal.SIGKILL
        kills += 1
    assert kills > 40
