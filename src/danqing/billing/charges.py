"""From a price list to money: quoted when a job is taken, charged when it has ended, never more.

    quote    wallet → quoted               what it may cost at most, set aside
    charge   quoted → sales, the rest back to the wallet

Both belong in the transaction in which the job changes: so a job is charged exactly once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from danqing.billing import book
from danqing.billing.types import Price, Transfer
from danqing.db.money_tables import prices, usage_lines
from danqing.db.times import utc_text
from danqing.errors import InputError

ANY_ENGINE = "*"
CORE_TIME_MARGIN = 2
"""A quote allows for this many times the measured processor time of the pictures so far."""
# What every request asks, put together once: that takes longer than the database needs to answer.
_PRICES = select(prices).where(prices.c.engine.in_((bindparam("of"), ANY_ENGINE)))
_NOTED = select(usage_lines.c.job_id).where(usage_lines.c.job_id == bindparam("job"))


@dataclass(frozen=True, slots=True)
class Used:
    """What a job came to. pictures: finished ones. quoted_minor: what was set aside for it."""

    job_id: str
    person_id: str
    key_id: str | None
    group_name: str
    price_percent: int
    engine: str
    pictures: int
    core_ms: int
    quoted_minor: int


def price_of(connection: Connection, engine: str) -> Price:
    """The engine's own price, else the one for any engine, else nothing."""
    found = {row.engine: Price(*row) for row in connection.execute(_PRICES, {"of": engine})}
    return found.get(engine) or found.get(ANY_ENGINE) or Price(engine)


def all_prices(connection: Connection) -> list[Price]:
    return [Price(*row) for row in connection.execute(select(prices).order_by(prices.c.engine))]


def set_price(connection: Connection, price: Price) -> None:
    """Raises InputError money.price below nothing. Jobs already quoted keep their quote."""
    if price.per_picture_minor < 0 or price.per_core_hour_minor < 0:
        raise InputError("money.price")
    connection.execute(delete(prices).where(prices.c.engine == price.engine))
    if price.per_picture_minor or price.per_core_hour_minor:
        connection.execute(
            insert(prices).values(
                engine=price.engine,
                per_picture_minor=price.per_picture_minor,
                per_core_hour_minor=price.per_core_hour_minor,
            )
        )


def quote(
    connection: Connection, engine: str, pictures: int, core_ms_per_picture: int, percent: int
) -> int:
    """What so many pictures may cost at most, in minor units."""
    core_ms = CORE_TIME_MARGIN * core_ms_per_picture * pictures
    return price_of(connection, engine).of(pictures, core_ms, percent)


def set_aside(
    connection: Connection,
    job_id: str,
    person_id: str,
    amount_minor: int,
    at: datetime,
    new_id: str,
) -> None:
    """Moves a quote out of the wallet. Raises PaymentNeeded."""
    lines = ((book.wallet(person_id), -amount_minor), (book.quoted(person_id), amount_minor))
    book.post(connection, Transfer(new_id, at, "quote", job_id, lines))


def charge(connection: Connection, used: Used, at: datetime, new_id: str) -> int:
    """Charges an ended job, gives back the rest of its quote, notes its use; returns the charge.

    A job without finished pictures costs nothing. Doing it again changes nothing.
    """
    price = price_of(connection, used.engine)
    due = price.of(used.pictures, used.core_ms, used.price_percent) if used.pictures else 0
    charged = min(due, used.quoted_minor)
    back = used.quoted_minor - charged
    lines = (
        (book.quoted(used.person_id), -used.quoted_minor),
        (book.SALES, charged),
        (book.wallet(used.person_id), back),
    )
    book.post(connection, Transfer(new_id, at, "charge", used.job_id, lines))
    noted = connection.execute(_NOTED, {"job": used.job_id}).first()
    if used.pictures and noted is None:
        connection.execute(
            insert(usage_lines).values(
                job_id=used.job_id,
                at=utc_text(at),
                person_id=used.person_id,
                key_id=used.key_id,
                group_name=used.group_name,
                engine=used.engine,
                pictures=used.pictures,
                core_ms=used.core_ms,
                charged_minor=charged,
            )
        )
    return charged
