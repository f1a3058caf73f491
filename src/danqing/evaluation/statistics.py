"""Shares with the uncertainty they have."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """met of count marks, over so many different cases. low, high: 95 % interval, all in [0, 1]."""

    met: int
    count: int
    cases: int

    @property
    def value(self) -> float:
        return self.met / self.count if self.count else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's score interval (1927), counting each case once: seeds of a case are not
        independent."""
        if not self.cases:
            return 0.0, 1.0
        n, p = self.cases, self.value
        centre = (p + _Z95**2 / (2 * n)) / (1 + _Z95**2 / n)
        half = _Z95 / (1 + _Z95**2 / n) * math.sqrt(p * (1 - p) / n + _Z95**2 / (4 * n * n))
        return max(0.0, centre - half), min(1.0, centre + half)


def share(marks: Iterable[tuple[str, bool]]) -> Share:
    """From (case id, met) pairs."""
    listed = list(marks)
    return Share(sum(met for _, met in listed), len(listed), len({case for case, _ in listed}))
