"""What the Protocol promises of every engine."""

from __future__ import annotations

import inspect

from danqing.engines import Engine
from danqing.engines.mini.engine import MiniEngine
from danqing.engines.test_card import TestCardEngine


def test_a_version_is_read_never_set() -> None:
    """Of the weights and the machine: an engine whose version is a property keeps the contract."""
    for kind in (Engine, MiniEngine, TestCardEngine):
        assert isinstance(inspect.getattr_static(kind, "version"), property)
    engine: Engine = TestCardEngine()
    assert engine.version
