from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from danqing.store import Store, open_store
from support import batches as made


@pytest.fixture
def clock() -> made.Clock:
    return made.Clock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path, clock: made.Clock) -> Iterator[Store]:
    with open_store(home, clock) as opened:
        yield opened
