"""The database: opened, migrated, and handed out one transaction at a time."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from danqing.db import migrate
from danqing.db.faults import file_errors, from_driver
from danqing.db.ledger import Ledger

_BUSY_TIMEOUT_S = 30.0
_WRITE, _LASTING = "danqing_write", "danqing_lasting"

Entropy = Callable[[int], bytes]
"""Gives that many unpredictable bytes, as os.urandom does."""


class Database:
    """The database of one home folder. Safe to share between threads; close it when done."""

    def __init__(self, home: Path, engine: Engine, entropy: Entropy) -> None:
        self.home = home
        self.file = home / "danqing.db"
        self.ledger = Ledger(home / "keys", entropy)
        self._engine = engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view, for reading."""
        with self._errors(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self, *, lasting: bool = True) -> Iterator[Connection]:
        """One transaction, alone in writing from its first line (`BEGIN IMMEDIATE`).

        It is on the disk when the block ends. `lasting=False` leaves that to the next lasting one:
        it survives a kill, and may be lost, whole, in a power cut.
        """
        options = {_WRITE: True, _LASTING: lasting}
        with (
            self._errors(),
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise from_driver(error.orig, self.file) from error

    def close(self) -> None:
        self._engine.dispose()


def open_database(home: Path, *, entropy: Entropy = os.urandom) -> Database:
    """Opens `home`/danqing.db; makes it on first use, migrates it when it is of an older version.

    SQLite with WAL, foreign keys, `synchronous=FULL`. Raises StoreError when the folder can't be
    used, StoreDamaged when the file isn't a sound database, StoreFull.
    """
    with file_errors(home):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not (home / "danqing.db").exists():  # SQLite gives its -wal and -shm the same mode
            (home / "danqing.db").touch(mode=0o600)
    database = Database(home, _sqlite_engine(home / "danqing.db"), entropy)
    try:
        with database.read() as connection:
            revision = migrate.revision_of(connection)
        if revision != migrate.HEAD:
            _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _migrate(database: Database) -> None:
    with database._errors():
        _use_wal(database.file)
    with database.write() as connection:  # whoever comes second waits here and finds it done
        revision = migrate.revision_of(connection)
        if revision != migrate.HEAD:
            migrate.upgrade(connection, database.file)
        if revision is None:
            database.ledger.begin(connection)


def _use_wal(file: Path) -> None:
    """Turns on write-ahead logging, which the file remembers.

    SQLite doesn't wait its turn for this one, so two first runs at once need a loop.
    """
    patience_ends = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        connection = sqlite3.connect(file, timeout=_BUSY_TIMEOUT_S)
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


def _sqlite_engine(file: Path) -> Engine:
    # isolation_level None: the driver starts no transactions of its own, `begin` below does.
    engine = create_engine(
        f"sqlite:///{file}", connect_args={"timeout": _BUSY_TIMEOUT_S, "isolation_level": None}
    )

    @event.listens_for(engine, "connect")
    def set_up(raw: sqlite3.Connection, _: object) -> None:
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(_WRITE):
            level = "FULL" if options.get(_LASTING) else "NORMAL"
            connection.exec_driver_sql(f"PRAGMA synchronous = {level}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


def quick_check(database: Database) -> str | None:
    """What SQLite finds wrong in the file's own structure, or None."""
    with database.read() as connection:
        found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
    return None if found == "ok" else str(found)
