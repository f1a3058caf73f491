"""Prices, codes, groups, and what a job comes to in money."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from danqing.billing import Billing, Group, Price
from danqing.billing.usage import as_csv
from danqing.db.money_tables import book_transfers
from danqing.errors import InputError, NotFound, PaymentNeeded
from danqing.jobs import Origin, Queue, Worker
from danqing.services import Services
from support import queueing
from support.queueing import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def made(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    with queueing.services(tmp_path / "home", clock=clock) as opened:
        yield opened


@pytest.fixture
def billing(made: Services) -> Billing:
    return Billing(made.store.database, made.clock)


@pytest.mark.parametrize(
    ("pictures", "core_ms", "percent", "minor"),
    [
        (1, 0, 100, 7),
        (3, 3_600_000, 100, 3 * 7 + 120),
        (1, 15_000, 100, 8),  # 0.5 rounds up, once
        (1, 14_999, 100, 7),
        (10, 0, 50, 35),
        (1, 0, 50, 4),
        (5, 900_000, 0, 0),
    ],
)
def test_a_price_is_rounded_once(pictures: int, core_ms: int, percent: int, minor: int) -> None:
    assert Price("mini", 7, 120).of(pictures, core_ms, percent) == minor


def test_a_job_is_quoted_then_charged_for_what_was_drawn(made: Services, billing: Billing) -> None:
    queue = Queue(made)
    billing.set_price(Price("*", per_picture_minor=5))
    billing.save_group(Group("half", price_percent=50))
    who = queueing.person(made, key_id="K")
    what = queueing.request(pictures=4)
    with pytest.raises(PaymentNeeded, match=r"money\.not_enough"):
        queue.submit(queueing.asked(made, who, what))
    assert queue.find() == []
    assert billing.used_today(who.id) == 0
    billing.pay_in(who.id, 100, "INV-1", by=made.person)
    assert not billing.pay_in(who.id, 100, "INV-1", by=made.person)
    job = queue.submit(queueing.asked(made, who, what), Origin(group="half"))
    assert job.quoted_minor == 10
    assert billing.balance(who.id) == (90, 10)
    cancelled = queue.submit(queueing.asked(made, who, what))
    assert billing.balance(who.id) == (70, 30)
    queue.cancel(cancelled.id)
    assert billing.balance(who.id) == (90, 10)
    Worker(made, queue, engines=("test-card",)).work_once()
    assert billing.balance(who.id) == (90, 0)
    assert queue.look(job.id).job.charged_minor == 10
    assert queue.look(cancelled.id).job.charged_minor == 0
    assert billing.audit() == ()
    (line,) = billing.usage(person_id=who.id)
    assert (line.key_id, line.engine, line.jobs, line.pictures) == ("K", "test-card", 1, 4)
    assert line.charged_minor == 10
    assert line.core_s > 0
    (row,) = csv.DictReader(io.StringIO(as_csv([line])))
    assert (row["person_id"], row["pictures"]) == (who.id, "4")
    later = made.clock() + timedelta(days=1)
    assert billing.usage(since=later) == []
    assert billing.usage(until=later) == [line]


def test_a_charge_is_never_more_than_its_quote(made: Services, billing: Billing) -> None:
    queue = Queue(made)
    billing.pay_in(made.person.id, 1_000, "INV-1", by=made.person)
    billing.set_price(Price("test-card", per_core_hour_minor=10**9))  # nothing measured: quoted 0
    job = queue.submit(queueing.asked(made))
    assert job.quoted_minor == 0
    Worker(made, queue, engines=("test-card",)).work_once()
    assert queue.look(job.id).job.charged_minor == 0


def test_a_code_is_good_once_and_however_it_is_typed(
    made: Services, billing: Billing, clock: Clock
) -> None:
    billing.save_group(Group("friends", price_percent=0))
    who, other = queueing.person(made), queueing.person(made)
    one, two = billing.make_codes(2, value_minor=500, group="friends")
    assert one != two
    assert len(one) == 19
    assert billing.redeem(f" {one.lower().replace('-', '')} ", who.id) == 500
    assert billing.balance(who.id) == (500, 0)
    assert billing.group_of(who).name == "friends"
    assert billing.group_of(other).name == "member"
    with pytest.raises(InputError, match="code_used"):
        billing.redeem(one, other.id)
    with pytest.raises(InputError, match="code_unknown"):
        billing.redeem("0000-0000-0000-0000", other.id)
    (late,) = billing.make_codes(1, value_minor=1, expires_at=made.clock() + timedelta(days=1))
    clock.move(86_401)
    with pytest.raises(InputError, match="code_expired"):
        billing.redeem(late, other.id)
    with made.store.database.read() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM redeem_codes").all())
    assert two not in kept
    assert two.replace("-", "") not in kept


@pytest.mark.parametrize(
    "group",
    [Group("Big"), Group("a", weight=0), Group("a", price_percent=-1),
     Group("a", highest_priority=2), Group("a", person_pictures_per_day=-1)],
)  # fmt: skip
def test_a_group_out_of_bounds(billing: Billing, group: Group) -> None:
    with pytest.raises(InputError, match=r"money\.group"):
        billing.save_group(group)


def test_what_is_not_there_or_not_money(made: Services, billing: Billing) -> None:
    with pytest.raises(NotFound, match="no_such_group"):
        billing.join(made.person.id, "nobody")
    with pytest.raises(InputError, match="amount"):
        billing.pay_in(made.person.id, 0, "x", by=made.person)
    with pytest.raises(InputError, match="codes"):
        billing.make_codes(1)
    with pytest.raises(PaymentNeeded):
        billing.pay_in(made.person.id, -1, "out", by=made.person)
    billing.set_currency("EUR")
    billing.pay_in(made.person.id, 1, "in", by=made.person)
    with pytest.raises(InputError, match="currency"):
        billing.set_currency("CNY")


def test_the_audit_finds_what_was_meddled_with(made: Services, billing: Billing) -> None:
    billing.pay_in(made.person.id, 100, "in", by=made.person)
    assert billing.audit() == ()
    wallet = f"wallet:{made.person.id}"
    with made.store.database.write() as connection:
        connection.exec_driver_sql(
            "UPDATE book_lines SET amount_minor = 101 WHERE amount_minor > 0"
        )
    codes = [(fault.code, fault.subject) for fault in billing.audit()]
    assert codes[0][0] == "money.unbalanced"
    assert codes[1] == ("money.wrong_balance", wallet)


def test_who_booked_it_stays_beside_it(made: Services, billing: Billing) -> None:
    who = queueing.person(made)
    billing.pay_in(who.id, 100, "INV-1", by=made.person)
    (code,) = billing.make_codes(1, value_minor=5)
    billing.redeem(code, who.id)
    billing.set_price(Price("*", per_picture_minor=5))
    queue = Queue(made)
    queue.submit(queueing.asked(made, who))
    with made.store.database.read() as connection:
        rows = connection.execute(select(book_transfers.c.kind, book_transfers.c.booked_by))
        booked = dict(tuple(row) for row in rows)
    assert booked == {"payment": made.person.id, "code": who.id, "quote": None}
