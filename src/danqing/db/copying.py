"""Every row from one database to another of the same version: SQLite to PostgreSQL and back.

A backup holds an SQLite file, whatever the rows came from, so that it can be restored on either.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, delete, insert, select, text, update

from danqing.db import migrate
from danqing.db.sqlite import sqlite_engine
from danqing.db.transactions import Transaction
from danqing.errors import StoreError

_ROWS_AT_ONCE = 1_000
_REVISION, _HEAD = "alembic_version", "ledger_head"


def copy_to_file(source: Connection, file: Path) -> None:
    """A new SQLite file with every row the source shows. Raises DBAPIError, OSError."""
    file.touch(mode=0o600, exist_ok=False)
    engine = sqlite_engine(file)
    try:
        asked = Transaction(write=True).as_options()
        with engine.connect().execution_options(**asked) as target, target.begin():
            target.execute(text("PRAGMA defer_foreign_keys = ON"))
            migrate.upgrade(target, file)
            copy_rows(source, target)
    finally:
        engine.dispose()


def copy_rows(source: Connection, target: Connection) -> None:
    """Makes every table of the target what it is in the source.

    Tables are read off the source itself, so that none is forgotten; parents come first. What
    migrations put in and the head of an empty ledger give way. Raises StoreError for a target in
    which anything was ever logged: that is never replaced.
    """
    if target.execute(text("SELECT 1 FROM ledger UNION ALL SELECT 1 FROM people LIMIT 1")).first():
        place = target.engine.url.render_as_string(hide_password=True)
        raise StoreError("store.database_not_empty", url=place)
    found = MetaData()
    found.reflect(source)
    tables = [table for table in found.sorted_tables if table.name not in (_REVISION, _HEAD)]
    for table in reversed(tables):
        if target.execute(select(table).limit(1)).first() is not None:
            target.execute(delete(table))
    for table in tables:
        rows = source.execute(select(table), execution_options={"yield_per": _ROWS_AT_ONCE})
        for some in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in some])
    _copy_head(source, target, found.tables[_HEAD])


def _copy_head(source: Connection, target: Connection, table: Table) -> None:
    head = dict(source.execute(select(table)).mappings().one())
    if target.execute(update(table).values(head)).rowcount == 0:
        target.execute(insert(table), head)
