from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.people import Town, town


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path / "home") as made:
        yield made
