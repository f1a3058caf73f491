from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from danqing.jobs import Queue, Worker
from danqing.services import Services
from support import queueing
from support.queueing import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """What is proven is proven on both."""
    return request.getfixturevalue("postgres_url") if request.param == "postgresql" else None


@pytest.fixture
def made(tmp_path: Path, clock: Clock, database_url: str | None) -> Iterator[Services]:
    with queueing.services(tmp_path / "home", clock=clock, database_url=database_url) as opened:
        yield opened


@pytest.fixture
def queue(made: Services) -> Queue:
    return Queue(made)


@pytest.fixture
def worker(made: Services, queue: Queue) -> Worker:
    return Worker(made, queue, engines=("test-card",))
