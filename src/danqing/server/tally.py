"""Counts from the ledger, kept up as it grows: only the lines since the last look are read."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from danqing.db import Database

_VERDICTS = {"refusal": "refused", "hold": "held", "withheld": "withheld"}


class Tally:
    """verdicts: (verdict, category) → how often; failures: error code → how often. Safe to share
    between threads."""

    def __init__(self, database: Database) -> None:
        self.verdicts: Counter[tuple[str, str]] = Counter()
        self.failures: Counter[str] = Counter()
        self.artworks = 0
        self._database = database
        self._seen = 0
        self._lock = threading.Lock()

    def update(self) -> Tally:
        """Reads what is new; returns itself."""
        with self._lock, self._database.read() as connection:
            for line in self._database.ledger.lines(connection, after_seq=self._seen):
                self._count(line.kind, line.facts)
                self._seen = line.seq
        return self

    def _count(self, kind: str, facts: str) -> None:
        if kind == "artwork":
            self.artworks += 1
        elif kind == "failed":
            self.failures[str(_read(facts).get("error", "errors.unknown"))] += 1
        elif kind in _VERDICTS:
            reasons = _read(facts).get("reasons", [])
            for category in {str(r.get("category", "?")) for r in reasons} or {"?"}:
                self.verdicts[_VERDICTS[kind], category] += 1


def _read(facts: str) -> dict[str, Any]:
    """A line's facts; nothing where retention has taken them away."""
    try:
        found = json.loads(facts)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
