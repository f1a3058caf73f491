"""What an operator and a person's own page do with money and groups, each in one transaction."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from danqing.billing import book, charges, codes, groups, usage
from danqing.billing.types import (
    BookFault,
    Group,
    Price,
    Quota,
    QuotaKind,
    Transfer,
    TransferKind,
    UsageLine,
)
from danqing.errors import InputError
from danqing.identity.types import Person

if TYPE_CHECKING:
    from danqing.db import Database


class Billing:
    """Groups, quotas, prices, codes, the account book and usage of one database."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        *,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database = database
        self._clock = clock
        self._entropy = entropy

    def groups(self) -> list[Group]:
        with self._database.read() as connection:
            return groups.all_groups(connection)

    def group(self, name: str) -> Group:
        """Raises NotFound."""
        with self._database.read() as connection:
            return groups.find_group(connection, name)

    def group_of(self, person: Person) -> Group:
        with self._database.read() as connection:
            return groups.group_of(connection, person)

    def save_group(self, group: Group) -> None:
        """Adds a group or changes it. Raises InputError."""
        with self._database.write() as connection:
            groups.save_group(connection, group)

    def join(self, person_id: str, group: str) -> None:
        """Puts a person into a group. Raises NotFound."""
        with self._database.write() as connection:
            groups.join(connection, person_id, group)

    def set_quota(self, quota: Quota) -> None:
        with self._database.write() as connection:
            groups.set_quota(connection, quota)

    def quota(self, kind: QuotaKind, subject: str) -> Quota:
        """What limits this person or key by itself; both None where nothing does."""
        with self._database.read() as connection:
            return groups.quota_of(connection, kind, subject) or Quota(kind, subject)

    def limits_of(self, person: Person) -> Quota:
        """What a person may ask for: by their own quota, else by their group's."""
        with self._database.read() as connection:
            group = groups.group_of(connection, person)
            own = groups.quota_of(connection, "person", person.id) or Quota("person", person.id)
            waiting = groups.waiting_limit(connection, person.id, group)
        per_day = own.pictures_per_day
        if per_day is None:
            per_day = group.person_pictures_per_day
        return Quota("person", person.id, per_day, waiting)

    def used_today(self, person_id: str) -> int:
        """Pictures that count against a person's day."""
        with self._database.read() as connection:
            return groups.used_today(connection, "person", person_id, self._clock())

    def prices(self) -> list[Price]:
        with self._database.read() as connection:
            return charges.all_prices(connection)

    def set_price(self, price: Price) -> None:
        """Raises InputError. An engine at no price falls back on that for any engine (`*`)."""
        with self._database.write() as connection:
            charges.set_price(connection, price)

    def currency(self) -> str:
        with self._database.read() as connection:
            return book.currency(connection)

    def set_currency(self, code: str) -> None:
        """Raises InputError once anything is booked."""
        with self._database.write() as connection:
            book.set_currency(connection, code)

    def make_codes(
        self,
        count: int,
        *,
        value_minor: int = 0,
        group: str | None = None,
        expires_at: datetime | None = None,
    ) -> list[str]:
        """New redeem codes, shown this once. Raises InputError, NotFound."""
        with self._database.write() as connection:
            return codes.make(
                connection, count, value_minor=value_minor, group=group, expires_at=expires_at,
                now=self._clock(), new_id=self._new_id, entropy=self._entropy,
            )  # fmt: skip

    def redeem(self, code: str, person_id: str) -> int:
        """What the code held, now in the person's wallet. Raises InputError."""
        with self._database.write() as connection:
            return codes.redeem(connection, code, person_id, self._clock(), self._new_id())

    def balance(self, person_id: str) -> tuple[int, int]:
        """What a person has, and what is set aside for their jobs, in minor units."""
        with self._database.read() as connection:
            return (
                book.balance(connection, book.wallet(person_id)),
                book.balance(connection, book.quoted(person_id)),
            )

    def pay_in(
        self, person_id: str, amount_minor: int, reference: str, *, by: Person, gift: bool = False
    ) -> bool:
        """Notes money that came from outside (or a gift of the house) in a person's wallet.

        reference: the payment's own number; the same one is booked once (False: it was). by: who
        notes it, which stays beside it. A negative amount takes money out again. Raises
        PaymentNeeded, InputError money.amount.
        """
        if not amount_minor or not reference:
            raise InputError("money.amount")
        kind: TransferKind = "gift" if gift else "payment"
        source = "gifts" if gift else "payments"
        lines = ((source, -amount_minor), (book.wallet(person_id), amount_minor))
        with self._database.write() as connection:
            transfer = Transfer(self._new_id(), self._clock(), kind, reference, lines, by.id)
            return book.post(connection, transfer)

    def audit(self) -> tuple[BookFault, ...]:
        """Adds the whole book up again; nothing comes back when it is sound."""
        with self._database.read() as connection:
            return book.audit(connection)

    def usage(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        person_id: str | None = None,
    ) -> list[UsageLine]:
        with self._database.read() as connection:
            return usage.report(connection, since=since, until=until, person_id=person_id)

    def _new_id(self) -> str:
        from ulid import ULID

        return str(ULID.from_datetime(self._clock()))
