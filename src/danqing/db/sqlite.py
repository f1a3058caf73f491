"""SQLite, in a file of the home folder: the default, with nothing to install and nothing to run."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from danqing.db.transactions import BUSY_TIMEOUT_S, transaction_of

KEPT_OPEN = 32
"""Connections, at most: one for each thread of a server. To open one takes longer than most queries."""
_LEVEL = "danqing_synchronous"
"""Where a connection keeps what it was set to last."""


def sqlite_engine(file: Path) -> Engine:
    """Connections with foreign keys and `synchronous=FULL`; a write begins with BEGIN IMMEDIATE."""
    # isolation_level None: the driver starts no transactions of its own, `begin` below does.
    engine = create_engine(
        f"sqlite:///{file}",
        connect_args={"timeout": BUSY_TIMEOUT_S, "isolation_level": None},
        pool_size=KEPT_OPEN,
    )

    @event.listens_for(engine, "connect")
    def set_up(raw: sqlite3.Connection, _: object) -> None:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        asked = transaction_of(connection)
        if asked.write:
            level = "FULL" if asked.lasting else "NORMAL"
            if connection.info.get(_LEVEL) != level:
                connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
                connection.info[_LEVEL] = level
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def use_wal(file: Path) -> None:
    """Turns on write-ahead logging, which the file remembers. Raises DBAPIError.

    SQLite doesn't wait its turn for this one, so two first runs at once need a loop.
    """
    patience_ends = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        connection = sqlite3.connect(file, timeout=BUSY_TIMEOUT_S)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > patience_ends:
                raise DBAPIError(None, None, error) from error
            time.sleep(0.02)
        except sqlite3.DatabaseError as error:
            raise DBAPIError(None, None, error) from error
        finally:
            connection.close()


def quick_check(connection: Connection) -> str | None:
    """What SQLite finds wrong in the file's own structure, or None."""
    found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return None if found == "ok" else str(found)
