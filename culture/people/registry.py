"""Where the drawings are registered: A trains the model, B is held back for the judge."""

from __future__ import annotations

from collections.abc import Callable

Drawing = Callable[[], str]
A: dict[str, Drawing] = {}
B: dict[str, Drawing] = {}


def figure_a(draw: Drawing) -> Drawing:
    """Register an `a` drawing; `woman_afro` becomes `woman-afro`."""
    A[draw.__name__.replace("_", "-")] = draw
    return draw


def figure_b(draw: Drawing) -> Drawing:
    """Register a `b` drawing; `woman_afro` becomes `woman-afro`."""
    B[draw.__name__.replace("_", "-")] = draw
    return draw
