"""kill -9 at any moment: after the next start no artwork without a ledger line, no open ledger line
without its outcome, no half file. `bench/kill.py` does the first of these 300 times."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from support.killing import drawer, kill_at_random

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the child forks")


def test_killed_at_random_moments(tmp_path: Path) -> None:
    with drawer(tmp_path) as drawing:
        assert kill_at_random(drawing, 20, seed=20260801) >= 10


def test_killed_at_random_moments_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with drawer(tmp_path, postgres_url) as drawing:
        assert kill_at_random(drawing, 8, seed=20260801) >= 4


@pytest.mark.slow
def test_killed_before_every_call_that_changes_the_disk(tmp_path: Path) -> None:
    kills = 0
    with drawer(tmp_path) as drawing:
        for step in range(1, 10_000):
            drawing.start(seed=step, step=step)
            status = drawing.end()
            drawing.count_what_accounts_for_everything()
            if status == 0:
                break
            assert os.WTERMSIG(status) == signal.SIGKILL
            kills += 1
    assert kills > 40
