"""Engines by name, through the entry-point group `danqing.engines`. Listing imports nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from danqing.engines.protocol import Engine
from danqing.errors import DanqingError, EngineUnavailable

GROUP = "danqing.engines"


@dataclass(frozen=True, slots=True)
class EngineEntry:
    """An engine that could be loaded. package: what provides it."""

    name: str
    package: str


@cache
def _points() -> dict[str, EntryPoint]:
    """Read once a process: it looks through everything that is installed, which takes 8 ms."""
    return {point.name: point for point in entry_points(group=GROUP)}


@cache
def list_engines() -> tuple[EngineEntry, ...]:
    """Every registered engine by name, none of them imported."""
    return tuple(
        EngineEntry(name, point.dist.name if point.dist else "")
        for name, point in sorted(_points().items())
    )


@cache
def load_engine(name: str) -> Engine:
    """Import and build one engine, once a process.

    Raises EngineUnavailable when there is none of that name, or it fails to load, saying which.
    """
    point = _points().get(name)
    if point is None:
        known = ", ".join(sorted(_points()))
        raise EngineUnavailable("engine.unknown", name=name, known=known)
    try:
        engine = point.load()()
    except DanqingError:
        raise
    except Exception as problem:
        raise EngineUnavailable("engine.broken", name=name, problem=str(problem)) from problem
    if not isinstance(engine, Engine):
        raise EngineUnavailable("engine.broken", name=name, problem="it is not an Engine")
    return engine
