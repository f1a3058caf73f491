"""The database: opened, migrated, and handed out one transaction at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from danqing.db import migrate, sqlite
from danqing.db.faults import file_errors, from_driver
from danqing.db.ledger import Ledger
from danqing.db.transactions import Transaction

Entropy = Callable[[int], bytes]
"""Gives that many unpredictable bytes, as os.urandom does."""


class Database:
    """The database of one home folder. Safe to share between threads; close it when done.

    file: where SQLite keeps it, None on PostgreSQL. place: the file, or the URL without its
    password: what messages name.
    """

    def __init__(self, home: Path, engine: Engine, entropy: Entropy) -> None:
        self.home = home
        self.file = home / "danqing.db" if engine.dialect.name == "sqlite" else None
        self.place: Path | str = self.file or engine.url.render_as_string(hide_password=True)
        self.ledger = Ledger(home / "keys", entropy)
        self._engine = engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view, for reading."""
        with self._transaction(Transaction()) as connection:
            yield connection

    @contextmanager
    def write(self, *, lasting: bool = True, alone: bool = True) -> Iterator[Connection]:
        """One transaction, alone in writing from its first line.

        It is on the disk when the block ends. `lasting=False` leaves that to the next lasting one:
        it survives a kill, and may be lost, whole, in a power cut. `alone=False` lets others write
        at the same time where the database can (PostgreSQL): for what locks the rows it changes.
        """
        with self._transaction(Transaction(True, lasting, alone)) as connection:
            yield connection

    @contextmanager
    def _transaction(self, asked: Transaction) -> Iterator[Connection]:
        with (
            self._errors(),
            self._engine.connect().execution_options(**asked.as_options()) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise from_driver(error.orig, self.place) from error

    def quick_check(self) -> str | None:
        """What the database finds wrong in its own files, or None. PostgreSQL isn't asked: its
        pages are the business of whoever runs it (`pg_checksums`, `pg_amcheck`)."""
        if self.file is None:
            return None
        with self.read() as connection:
            return sqlite.quick_check(connection)

    def close(self) -> None:
        self._engine.dispose()


def open_database(home: Path, url: str | None = None, *, entropy: Entropy = os.urandom) -> Database:
    """Opens the database of a home folder; makes it on first use, migrates an older one.

    url: None for SQLite at `home`/danqing.db (WAL, foreign keys, `synchronous=FULL`), or
    `postgresql://…`. Keys stay in the home folder either way, so every process that uses one
    PostgreSQL database must see the same home. Raises StoreError when folder or server can't be
    used, StoreDamaged when the file isn't a sound database, StoreFull.
    """
    with file_errors(home):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(home, _engine(home, url), entropy)
    try:
        with database.read() as connection:
            revision = migrate.revision_of(connection)
        if revision != migrate.HEAD:
            _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _engine(home: Path, url: str | None) -> Engine:
    if url is not None:
        from danqing.db.postgres import postgres_engine

        return postgres_engine(url)
    file = home / "danqing.db"
    with file_errors(home):
        if not file.exists():  # SQLite gives its -wal and -shm the same mode
            file.touch(mode=0o600)
    return sqlite.sqlite_engine(file)


def _migrate(database: Database) -> None:
    if database.file is not None:
        with database._errors():
            sqlite.use_wal(database.file)
    with database.write() as connection:  # whoever comes second waits here and finds it done
        revision = migrate.revision_of(connection)
        if revision != migrate.HEAD:
            migrate.upgrade(connection, database.place)
        if revision is None:
            database.ledger.begin(connection)
