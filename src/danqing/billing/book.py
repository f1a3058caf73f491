"""The account book, kept by double entry: what one account gets, others give, to the last fen.

    wallet:PERSON   what a person has; never below nothing
    quoted:PERSON   set aside for jobs that wait or run; never below nothing
    sales           what was earned
    codes, payments, gifts   where money came in from; they go below nothing

Every function works on a connection within a write transaction that is alone in writing.
"""

from __future__ import annotations

from sqlalchemy import Connection, case, func, insert, or_, select, update

from danqing.billing.types import BookFault, Transfer
from danqing.db.money_tables import book, book_accounts, book_lines, book_transfers
from danqing.db.times import utc_text
from danqing.errors import InputError, PaymentNeeded

SALES = "sales"
_NEVER_OWES = ("wallet:", "quoted:")


def wallet(person_id: str) -> str:
    return f"wallet:{person_id}"


def quoted(person_id: str) -> str:
    return f"quoted:{person_id}"


def post(connection: Connection, transfer: Transfer) -> bool:
    """Books a transfer and moves the balances; False when it was booked before.

    Raises PaymentNeeded when an account that may not owe would, ValueError for lines that don't add
    up to nothing or name an account twice. Nothing is booked then.
    """
    amounts = {account: amount for account, amount in transfer.lines if amount}
    if sum(amounts.values()) or len({a for a, _ in transfer.lines}) != len(transfer.lines):
        raise ValueError("a transfer that doesn't balance")
    if not amounts or _is_booked(connection, transfer):
        return False
    balances = {account: _open(connection, account) for account in amounts}
    for account, amount in amounts.items():
        if account.startswith(_NEVER_OWES) and balances[account] + amount < 0:
            raise PaymentNeeded(
                "money.not_enough",
                balance=money(balances[account], currency(connection)),
                price=money(-amount, currency(connection)),
            )
    connection.execute(
        insert(book_transfers).values(
            id=transfer.id, at=utc_text(transfer.at), kind=transfer.kind,
            reference=transfer.reference, booked_by=transfer.booked_by,
        )
    )  # fmt: skip
    lines = [
        {"transfer_id": transfer.id, "account": account, "amount_minor": amount}
        for account, amount in amounts.items()
    ]
    connection.execute(insert(book_lines), lines)
    for account, amount in amounts.items():
        connection.execute(
            update(book_accounts)
            .where(book_accounts.c.name == account)
            .values(balance_minor=book_accounts.c.balance_minor + amount)
        )
    return True


def balance(connection: Connection, account: str) -> int:
    """In minor units; 0 for an account nothing was booked to."""
    query = select(book_accounts.c.balance_minor).where(book_accounts.c.name == account)
    return connection.execute(query).scalar() or 0


def audit(connection: Connection) -> tuple[BookFault, ...]:
    """Adds everything up again. Nothing comes back when the book is sound."""
    unbalanced = (
        select(book_transfers.c.id)
        .outerjoin(book_lines)
        .group_by(book_transfers.c.id)
        .having(or_(func.count(book_lines.c.account) < 2, func.sum(book_lines.c.amount_minor) != 0))
        .order_by(book_transfers.c.id)
    )
    lines = func.coalesce(func.sum(book_lines.c.amount_minor), 0)
    wrong = (
        select(book_accounts.c.name)
        .outerjoin(book_lines)
        .group_by(book_accounts.c.name, book_accounts.c.balance_minor)
        .having(lines != book_accounts.c.balance_minor)
        .order_by(book_accounts.c.name)
    )
    owing = select(book_accounts.c.name).where(
        book_accounts.c.may_owe == 0, book_accounts.c.balance_minor < 0
    )
    found = (
        ("money.unbalanced", unbalanced),
        ("money.wrong_balance", wrong),
        ("money.owes", owing),
    )
    return tuple(
        BookFault(code, subject)
        for code, query in found
        for subject in connection.execute(query).scalars()
    )


def turnover(connection: Connection, account: str) -> tuple[int, int]:
    """What an account got and what it gave in all, both 0 or above."""
    amount = book_lines.c.amount_minor
    row = connection.execute(
        select(
            func.coalesce(func.sum(case((amount > 0, amount), else_=0)), 0),
            func.coalesce(func.sum(case((amount < 0, -amount), else_=0)), 0),
        ).where(book_lines.c.account == account)
    ).one()
    return int(row[0]), int(row[1])


def currency(connection: Connection) -> str:
    """ISO 4217, of the whole book."""
    return str(connection.execute(select(book.c.currency)).scalar_one())


def set_currency(connection: Connection, code: str) -> None:
    """Raises InputError money.currency unless it is three capitals and nothing is booked yet."""
    fits = len(code) == 3 and code.isascii() and code.isupper()
    if not fits or connection.execute(select(book_transfers.c.id).limit(1)).first() is not None:
        raise InputError("money.currency", currency=code)
    connection.execute(update(book).values(currency=code))


def money(amount_minor: int, code: str) -> str:
    """For people: `CNY 12.30`. Every currency here is taken to have a hundred parts."""
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{code} {abs(amount_minor) // 100}.{abs(amount_minor) % 100:02d}"


def _is_booked(connection: Connection, transfer: Transfer) -> bool:
    query = select(book_transfers.c.id).where(
        book_transfers.c.kind == transfer.kind, book_transfers.c.reference == transfer.reference
    )
    return connection.execute(query).first() is not None


def _open(connection: Connection, account: str) -> int:
    """The balance of an account, which is opened with nothing in it when it is new."""
    query = select(book_accounts.c.balance_minor).where(book_accounts.c.name == account)
    found: int | None = connection.execute(query).scalar()
    if found is None:
        may_owe = int(not account.startswith(_NEVER_OWES))
        connection.execute(
            insert(book_accounts).values(name=account, may_owe=may_owe, balance_minor=0)
        )
    return found or 0
