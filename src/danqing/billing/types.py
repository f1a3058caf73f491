"""What billing speaks of, as frozen values. Money is an integer in the smallest unit (fen, cents)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LOCAL, MEMBER, GUEST = "local", "member", "guest"
"""The groups there always are: whoever is at this machine, people with an account, all others."""

QuotaKind = Literal["person", "key"]
TransferKind = Literal["code", "payment", "gift", "quote", "charge"]
MS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True)
class Group:
    """People who are treated alike: a plan, a tier, a team. Limits: None means none.

    weight: how large their share of a busy queue is, 1 to 1000. price_percent: of the listed price.
    highest_priority: they may ask for. person_pictures_per_day, person_pictures_waiting: of each of
    them, within 24 hours and at one time; group_pictures_per_day: of all of them together.
    """

    name: str
    weight: int = 1
    price_percent: int = 100
    highest_priority: int = 0
    person_pictures_per_day: int | None = None
    person_pictures_waiting: int | None = None
    group_pictures_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit of one person, in place of their group's, or of one key, beside the person's."""

    kind: QuotaKind
    subject: str
    pictures_per_day: int | None = None
    pictures_waiting: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What an engine's pictures cost: so much each, and so much for an hour of one processor core."""

    engine: str
    per_picture_minor: int = 0
    per_core_hour_minor: int = 0

    def of(self, pictures: int, core_ms: int, percent: int) -> int:
        """The price in minor units, a half rounded up, and rounded once.

        core_ms: processor milliseconds of all of them. percent: the group's.
        """
        whole = 100 * MS_PER_HOUR
        exact = self.per_picture_minor * pictures * MS_PER_HOUR + self.per_core_hour_minor * core_ms
        return (exact * percent + whole // 2) // whole


@dataclass(frozen=True, slots=True)
class Transfer:
    """An entry in the account book. lines: (account, amount); the amounts add up to nothing.
    booked_by: the pseudonymous id of whoever did it; None for what follows from a job by itself.

    An amount above 0 is what the account gets, below 0 what it gives. reference: what it is for; a
    kind and a reference are booked once, whatever is tried again.
    """

    id: str
    at: datetime
    kind: TransferKind
    reference: str
    lines: tuple[tuple[str, int], ...]
    booked_by: str | None = None


@dataclass(frozen=True, slots=True)
class BookFault:
    """Something in the book that doesn't add up. code: `money.unbalanced` (a transfer's lines),
    `money.wrong_balance` (an account's balance isn't the sum of its lines), `money.owes` (one that
    may not is below nothing). subject: the transfer or account."""

    code: str
    subject: str


@dataclass(frozen=True, slots=True)
class UsageLine:
    """What somebody used of an engine by one key (None: without a key). core_s: processor seconds."""

    person_id: str
    key_id: str | None
    engine: str
    jobs: int
    pictures: int
    core_s: float
    charged_minor: int
