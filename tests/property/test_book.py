"""Whatever is booked in whatever order, the account book balances and nobody owes who may not."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from ulid import ULID

from danqing.billing import book, charges
from danqing.billing.types import Price, Transfer
from danqing.db import open_database
from danqing.errors import PaymentNeeded
from danqing.identity import local_person

NOW = datetime(2026, 8, 1, tzinfo=UTC)
PEOPLE = ("A", "B", "C")
acts = st.one_of(
    st.tuples(st.just("pay"), st.sampled_from(PEOPLE), st.integers(-300, 300), st.integers(0, 9)),
    st.tuples(st.just("quote"), st.sampled_from(PEOPLE), st.integers(0, 200), st.integers(0, 9)),
    st.tuples(st.just("charge"), st.sampled_from(PEOPLE), st.integers(0, 40), st.integers(0, 9)),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(acts, max_size=30))
def test_the_book_always_balances(done: list[tuple[str, str, int, int]]) -> None:
    """A model keeps the same accounts in a dictionary; in the end the two agree."""
    wallets, aside = dict.fromkeys(PEOPLE, 0), dict.fromkeys(PEOPLE, 0)
    paid: set[str] = set()
    quotes: dict[str, int] = {}
    ids = (str(ULID()) for _ in count())
    with TemporaryDirectory() as folder:
        database = open_database(Path(folder))
        local_person(database, lambda: NOW)
        with database.write() as connection:
            charges.set_price(connection, Price("mini", per_picture_minor=3))
        for what, who, amount, number in done:
            reference = f"{who}-{number}"
            try:
                with database.write() as connection:
                    if what == "pay":
                        lines = (("payments", -amount), (book.wallet(who), amount))
                        transfer = Transfer(next(ids), NOW, "payment", reference, lines)
                        if book.post(connection, transfer):
                            assert reference not in paid
                            paid.add(reference)
                            wallets[who] += amount
                    elif what == "quote" and reference not in quotes:
                        charges.set_aside(connection, reference, who, amount, NOW, next(ids))
                        quotes[reference] = amount
                        wallets[who] -= amount
                        aside[who] += amount
                    elif what == "charge" and quotes.get(reference):
                        quoted = quotes[reference]
                        used = charges.Used(
                            reference, who, None, "member", 100, "mini", 0, 0, quoted
                        )
                        # The first charge of a job counts; it is for no pictures, so all comes back.
                        assert charges.charge(connection, used, NOW, next(ids)) == 0
                        wallets[who] += quoted
                        aside[who] -= quoted
                        quotes[reference] = 0
                        charges.charge(connection, used, NOW, next(ids))
            except PaymentNeeded:
                assert wallets[who] - amount < 0 or wallets[who] + amount < 0
            with database.read() as connection:
                assert book.audit(connection) == ()
        with database.read() as connection:
            for who in PEOPLE:
                assert book.balance(connection, book.wallet(who)) == wallets[who] >= 0
                assert book.balance(connection, book.quoted(who)) == aside[who] >= 0
        database.close()


@given(
    st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 200), st.integers(0, 10**8),
    st.integers(0, 10_000),
)  # fmt: skip
def test_a_price_never_falls_when_anything_grows(
    picture: int, core_hour: int, pictures: int, core_ms: int, percent: int
) -> None:
    price = Price("mini", picture, core_hour)
    minor = price.of(pictures, core_ms, percent)
    assert minor >= 0
    assert price.of(pictures + 1, core_ms, percent) >= minor
    assert price.of(pictures, core_ms + 1, percent) >= minor
    assert price.of(pictures, core_ms, percent + 1) >= minor
