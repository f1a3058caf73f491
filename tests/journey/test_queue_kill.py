"""kill -9 of the server, of whoever submits and whoever draws, at random: nothing is lost and nothing is
twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support.queue_kills import run_kills

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="the children fork"),
]
KILLS = 20


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_under_load(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    url = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    killed = run_kills(tmp_path / "home", url, kills=KILLS, seed=20261123)
    assert killed.kills == KILLS
    assert killed.by_role.keys() == {"serve", "submit", "work"}
    assert killed.attempts > killed.jobs, "no kill met a job that was being drawn"
