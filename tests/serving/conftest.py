"""One studio without accounts and one with them, shared by a module's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from danqing.store import Stored
from support.attacking import drawn_by
from support.serving import Served, add_people, serving


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One person's own, at this machine: no accounts."""
    home: Path = tmp_path_factory.mktemp("studio")
    with serving(home) as served:
        yield served


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Accounts: an owner, an operator, a reviewer and two users, each with a key."""
    home: Path = tmp_path_factory.mktemp("team")
    with serving(home) as served:
        add_people(
            served, ("掌柜", "owner"), ("oper", "operator"), ("rev", "reviewer"),
            ("小王", "user"), ("小李", "user"),
        )  # fmt: skip
        yield served


@pytest.fixture(scope="module")
def picture(team: Served) -> Stored:
    """小王's own."""
    return drawn_by(team, "小王", "一只吃竹子的熊猫")
