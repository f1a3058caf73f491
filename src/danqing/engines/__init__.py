"""Engines turn a Spec into pixels. This is the door plugin authors import from."""

from danqing.engines.protocol import (
    GUESSED,
    Capabilities,
    Engine,
    Ignored,
    Mode,
    OnProgress,
    Pixels,
    Preview,
    Rendered,
    Result,
    Rng,
    Spec,
    StandIn,
    Taught,
)
from danqing.engines.registry import EngineEntry, list_engines, load_engine

__all__ = [
    "GUESSED",
    "Capabilities",
    "Engine",
    "EngineEntry",
    "Ignored",
    "Mode",
    "OnProgress",
    "Pixels",
    "Preview",
    "Rendered",
    "Result",
    "Rng",
    "Spec",
    "StandIn",
    "Taught",
    "list_engines",
    "load_engine",
]
