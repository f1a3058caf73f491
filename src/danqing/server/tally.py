"""Counts from the ledger, kept up as it grows: only the lines since the last look are read."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from danqing.db.job_tables import jobs
from danqing.db.times import utc_text, utc_time

if TYPE_CHECKING:
    from datetime import datetime

    from danqing.db import Database

AT_ONCE = 500
OnDrawn = Callable[[str, float, float], None]
"""Called with a job's engine, and how long it waited and was drawn, in seconds."""
_VERDICTS = {"refusal": "refused", "hold": "held", "withheld": "withheld"}


class Tally:
    """verdicts: (verdict, category) → how often; failures: error code → how often. since: of jobs that
    ended before, the times aren't told. Safe to share between threads."""

    def __init__(self, database: Database, since: datetime, on_drawn: OnDrawn) -> None:
        self.verdicts: Counter[tuple[str, str]] = Counter()
        self.failures: Counter[str] = Counter()
        self.artworks = 0
        self._database = database
        self._since = utc_text(since)
        self._on_drawn = on_drawn
        self._seen = 0
        self._lock = threading.Lock()

    def update(self) -> Tally:
        """Reads what is new; returns itself."""
        with self._lock, self._database.read() as connection:
            closed: list[str] = []
            for line in self._database.ledger.lines(connection, after_seq=self._seen):
                self._count(line.kind, line.facts)
                self._seen = line.seq
                if line.kind == "closed" and line.batch_id and line.at >= self._since:
                    closed.append(line.batch_id)
            for first in range(0, len(closed), AT_ONCE):
                self._time(connection, closed[first : first + AT_ONCE])
        return self

    def _time(self, connection: Connection, batch_ids: Sequence[str]) -> None:
        """Tells how long jobs waited and were drawn, by whichever process."""
        query = select(jobs.c.engine, jobs.c.submitted_at, jobs.c.started_at, jobs.c.ended_at)
        drawn = query.where(jobs.c.id.in_(batch_ids), jobs.c.started_at.is_not(None))
        for row in connection.execute(drawn.where(jobs.c.ended_at.is_not(None))):
            asked, began, ended = map(utc_time, (row.submitted_at, row.started_at, row.ended_at))
            self._on_drawn(
                row.engine, (began - asked).total_seconds(), (ended - began).total_seconds()
            )

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
