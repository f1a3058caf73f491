"""Redeem codes: money or a group on a slip of paper. Only their hashes are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert, select, update

from danqing.billing import book, groups
from danqing.billing.types import Transfer
from danqing.db.money_tables import redeem_codes
from danqing.db.times import utc_text
from danqing.errors import InputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it looks like anything else."""
_LOOKALIKES = str.maketrans("OILU", "011V")
CHARACTERS = 16  # 80 bits
MAX_AT_ONCE = 10_000


def make(
    connection: Connection,
    count: int,
    *,
    value_minor: int,
    group: str | None,
    expires_at: datetime | None,
    now: datetime,
    new_id: Callable[[], str],
    entropy: Callable[[int], bytes],
) -> list[str]:
    """New codes, each good for one person once. This is the only time anybody sees them.

    Raises InputError money.codes for counts or values out of bounds, NotFound for the group.
    """
    if not 1 <= count <= MAX_AT_ONCE or value_minor < 0 or not (value_minor or group):
        raise InputError("money.codes", limit=MAX_AT_ONCE)
    if group is not None:
        groups.find_group(connection, group)
    made = [_new(entropy) for _ in range(count)]
    rows = [
        {
            "code_sha256": _digest(code),
            "id": new_id(),
            "value_minor": value_minor,
            "group_name": group,
            "made_at": utc_text(now),
            "expires_at": None if expires_at is None else utc_text(expires_at),
        }
        for code in made
    ]
    connection.execute(insert(redeem_codes), rows)
    return made


def redeem(
    connection: Connection, code: str, person_id: str, now: datetime, transfer_id: str
) -> int:
    """Gives a person what a code is worth, and returns the money in it.

    Raises InputError money.code_unknown, money.code_used, money.code_expired.
    """
    mine = redeem_codes.c.code_sha256 == _digest(code)
    row = connection.execute(select(redeem_codes).where(mine)).first()
    if row is None:
        raise InputError("money.code_unknown")
    if row.redeemed_at is not None:
        raise InputError("money.code_used")
    if row.expires_at is not None and row.expires_at <= utc_text(now):
        raise InputError("money.code_expired", date=row.expires_at[:10])
    lines = (("codes", -row.value_minor), (book.wallet(person_id), row.value_minor))
    book.post(connection, Transfer(transfer_id, now, "code", row.id, lines, person_id))
    if row.group_name is not None:
        groups.join(connection, person_id, row.group_name)
    connection.execute(
        update(redeem_codes).where(mine).values(redeemed_at=utc_text(now), redeemed_by=person_id)
    )
    return int(row.value_minor)


def _new(entropy: Callable[[int], bytes]) -> str:
    number = int.from_bytes(entropy(CHARACTERS * 5 // 8), "big")
    letters = [ALPHABET[number >> 5 * place & 31] for place in range(CHARACTERS)]
    return "-".join("".join(letters[i : i + 4]) for i in range(0, CHARACTERS, 4))


def _digest(code: str) -> str:
    """Of the code however it was typed: case, dashes and lookalikes don't matter."""
    plain = "".join(c for c in code.upper().translate(_LOOKALIKES) if c in ALPHABET)
    return sha256(plain.encode()).hexdigest()
