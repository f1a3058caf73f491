"""Times as the database keeps them: text whose order is the order of time."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC with six decimals and a Z; text order is time order. ValueError if naive."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return naive.isoformat(timespec="microseconds") + "Z"


def utc_time(text: str) -> datetime:
    """The aware UTC time that `utc_text` wrote. ValueError for what it can't have written."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not UTC:
        raise ValueError("no time in UTC")
    return moment
