"""What the embedded model does with a taught concept, without its weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from danqing.engines.mini.memory import Memory, Sketch, write_memory
from danqing.engines.protocol import Taught


def sprite(level: int) -> np.ndarray:
    return np.full((64, 64, 4), (level, level, level, 255), np.uint8)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    write_memory(tmp_path, [Sketch("panda", "", 0, "flat", sprite(10))])
    return Memory.load(tmp_path)


def test_taught_sketches_are_remembered_beside_the_shipped_ones(memory: Memory) -> None:
    taught = Taught("taught-x-1", (sprite(100), sprite(200)))
    larger = memory.with_taught([taught])
    choices = larger.choices("taught-x-1", None, "flat")
    levels = [int(larger.sprite(record)[0, 0, 0]) for record in choices]
    assert levels == [100, 200]
    (shipped,) = larger.choices("panda", None, "flat")
    assert larger.sprite(shipped)[0, 0, 0] == 10
    assert "taught-x-1" not in memory


def test_nothing_taught_changes_nothing(memory: Memory) -> None:
    same = memory.with_taught(())
    assert same.choices("panda", None, "glossy") == memory.choices("panda", None, "glossy")
