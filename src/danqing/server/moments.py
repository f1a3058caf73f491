"""Times people write: with their zone, and within a span that every database and calendar holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _within(moment: datetime) -> datetime:
    if not FIRST <= moment < LAST:
        raise ValueError("a year of this or the coming century")
    return moment


Moment = Annotated[
    AwareDatetime,
    AfterValidator(_within),
    Field(description="RFC 3339, with its zone; 2000 to 2199."),
]
