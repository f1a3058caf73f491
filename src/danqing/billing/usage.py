"""Who used what: per person, key and engine, for reports."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Connection, func, select

from danqing.billing.types import UsageLine
from danqing.db.money_tables import usage_lines
from danqing.db.times import utc_text


def report(
    connection: Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    person_id: str | None = None,
) -> list[UsageLine]:
    """Use by jobs that ended from `since` on and before `until`, in order of person, key, engine."""
    table = usage_lines.c
    by = (table.person_id, table.key_id, table.engine)
    query = select(
        *by,
        func.count(),
        func.sum(table.pictures),
        func.sum(table.core_ms),
        func.sum(table.charged_minor),
    ).group_by(*by)
    if since is not None:
        query = query.where(table.at >= utc_text(since))
    if until is not None:
        query = query.where(table.at < utc_text(until))
    if person_id is not None:
        query = query.where(table.person_id == person_id)
    lines = [
        UsageLine(person, key, engine, jobs, int(pictures), float(core_ms) / 1000, int(charged))
        for person, key, engine, jobs, pictures, core_ms, charged in connection.execute(query)
    ]
    return sorted(lines, key=lambda line: (line.person_id, line.key_id or "", line.engine))


def as_csv(lines: Sequence[UsageLine]) -> str:
    """CSV (RFC 4180) with a heading line; an empty key_id means without a key.

    No cell can be taken for a formula by a spreadsheet: ids and engine names begin with a letter or
    a digit.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, [field.name for field in fields(UsageLine)])
    writer.writeheader()
    writer.writerows(asdict(line) for line in lines)
    return out.getvalue()
