"""Tables of people's groups and of money. Amounts are integers in the smallest unit of one currency."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from danqing.db.tables import metadata

person_groups = Table(  # None: no limit
    "person_groups",
    metadata,
    Column("name", Text, primary_key=True),
    Column("weight", Integer, nullable=False),
    Column("price_percent", Integer, nullable=False),
    Column("highest_priority", Integer, nullable=False),
    Column("person_pictures_per_day", Integer),
    Column("person_pictures_waiting", Integer),
    Column("group_pictures_per_day", Integer),
)

group_members = Table(  # who is in another group than the one for people like them
    "group_members",
    metadata,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("group_name", Text, ForeignKey("person_groups.name"), nullable=False),
)

quotas = Table(  # of one person (in place of their group's) or one key (beside all others)
    "quotas",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("pictures_per_day", Integer),
    Column("pictures_waiting", Integer),
)

quota_use = Table(
    "quota_use",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("hour", Text, primary_key=True),  # the time text's first 13 characters
    Column("pictures", Integer, nullable=False),
)

prices = Table(
    "prices",
    metadata,
    Column("engine", Text, primary_key=True),  # `*`: any without a price of its own
    Column("per_picture_minor", BigInteger, nullable=False),
    Column("per_core_hour_minor", BigInteger, nullable=False),
)

book = Table(
    "book",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("currency", Text, nullable=False),
)

book_accounts = Table(
    "book_accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("may_owe", Integer, nullable=False),  # 0: the balance never goes below nothing
    Column("balance_minor", BigInteger, nullable=False),  # the sum of its lines
)

book_transfers = Table(
    "book_transfers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reference", Text, nullable=False),  # what it is for; once for each kind
    Column("booked_by", Text, ForeignKey("people.id")),  # None: what follows from a job by itself
    Unique("kind", "reference"),
)

book_lines = Table(  # those of one transfer add up to nothing
    "book_lines",
    metadata,
    Column("transfer_id", Text, ForeignKey("book_transfers.id"), primary_key=True),
    Column("account", Text, ForeignKey("book_accounts.name"), primary_key=True),
    Column("amount_minor", BigInteger, nullable=False),
)

redeem_codes = Table(
    "redeem_codes",
    metadata,
    Column("code_sha256", Text, primary_key=True),
    Column("id", Text, nullable=False),
    Column("value_minor", BigInteger, nullable=False),
    Column("group_name", Text, ForeignKey("person_groups.name")),
    Column("made_at", Text, nullable=False),
    Column("expires_at", Text),
    Column("redeemed_at", Text),
    Column("redeemed_by", Text, ForeignKey("people.id")),
    Unique("id"),
)

usage_lines = Table(
    "usage_lines",
    metadata,
    Column("job_id", Text, ForeignKey("batches.id"), primary_key=True),
    Column("at", Text, nullable=False),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("key_id", Text),
    Column("group_name", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("pictures", Integer, nullable=False),
    Column("core_ms", BigInteger, nullable=False),
    Column("charged_minor", BigInteger, nullable=False),
)
