"""What PostgreSQL must do as SQLite does: migrate, take turns, show one view, say what is wrong."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from danqing.db import Database, Event, open_database
from danqing.errors import StoreDamaged, StoreError
from support.postgres import Cluster
from support.schema import assert_has_the_tables_that_queries_name

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path, postgres_url: str) -> Iterator[Database]:
    opened = open_database(tmp_path / "home", postgres_url)
    yield opened
    opened.close()


def add(database: Database, **options: bool) -> None:
    with database.write(**options) as connection:
        database.ledger.append(connection, Event("vote", NOW, {}))


def test_it_is_migrated_to_the_tables_that_queries_name(database: Database) -> None:
    assert_has_the_tables_that_queries_name(database)
    assert database.file is None
    assert not (database.home / "danqing.db").exists()


def test_opening_again_finds_what_was_written(
    database: Database, tmp_path: Path, postgres_url: str
) -> None:
    add(database)
    short = postgres_url.replace("postgresql+psycopg:", "postgresql:")
    again = open_database(tmp_path / "home", short)
    with again.read() as connection:
        check = again.ledger.verify(connection)
    assert (check.lines, check.fault) == (1, None)
    again.close()


def test_another_home_has_not_the_key(
    database: Database, tmp_path: Path, postgres_url: str
) -> None:
    add(database)
    stranger = open_database(tmp_path / "another", postgres_url)
    with pytest.raises(StoreDamaged, match="no_key"):
        add(stranger)
    stranger.close()


def test_sql_alone_changes_nothing(database: Database) -> None:
    add(database)
    for statement in (
        "UPDATE ledger SET kind = 'sale'",
        "DELETE FROM ledger",
        "TRUNCATE ledger",
        "DELETE FROM ledger_head",
    ):
        with pytest.raises(StoreError, match="append-only"), database.write() as connection:
            connection.execute(text(statement))


def test_a_reader_sees_one_moment_and_may_not_write(database: Database) -> None:
    count = text("SELECT count(*) FROM ledger")
    with database.read() as connection:
        before = connection.execute(count).scalar_one()
        add(database)
        assert connection.execute(count).scalar_one() == before
    with pytest.raises(StoreError, match="unwritable"), database.read() as connection:
        connection.execute(text("DELETE FROM people"))


def test_a_writer_is_alone_unless_it_need_not_be(database: Database) -> None:
    order: list[str] = []

    def second(**options: bool) -> None:
        with database.write(**options) as connection:
            connection.execute(text("SELECT 1"))
            order.append("second")

    for options, expected in (({}, ["first", "second"]), ({"alone": False}, ["second", "first"])):
        order.clear()
        with database.write():
            thread = threading.Thread(target=second, kwargs=options)
            thread.start()
            thread.join(0.5 if not options else 20)
            order.append("first")
        thread.join()
        assert order == expected


def test_a_lasting_transaction_is_synced_and_another_is_not(database: Database) -> None:
    for lasting, expected in ((True, "on"), (False, "off")):
        with database.write(lasting=lasting) as connection:
            shown = connection.execute(text("SHOW synchronous_commit")).scalar_one()
        assert shown == expected


def test_two_processes_append_at_once(database: Database, postgres_url: str) -> None:
    """Half of them without the writers' lock: the ledger's own keeps the chain whole."""
    code = (
        "import pathlib, datetime, sys; from danqing.db import Event, open_database\n"
        f"d = open_database(pathlib.Path({str(database.home)!r}), {postgres_url!r})\n"
        "now = datetime.datetime.now(datetime.UTC)\n"
        "for n in range(60):\n"
        "    with d.write(lasting=False, alone=bool(n % 2)) as c:\n"
        "        d.ledger.append(c, Event('vote', now, {'n': n}))\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [run.wait() for run in runs] == [0, 0]
    with database.read() as connection:
        check = database.ledger.verify(connection)
    assert (check.lines, check.fault) == (120, None)


def test_processes_that_open_a_new_database_at_once_all_succeed(
    tmp_path: Path, postgres_url: str
) -> None:
    code = (
        "import pathlib; from danqing.db import open_database;"
        f"open_database(pathlib.Path({str(tmp_path / 'home')!r}), {postgres_url!r}).close()"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [run.wait() for run in runs] == [0] * 3


def test_a_server_that_was_restarted_is_no_error(tmp_path: Path, postgres_cluster: Cluster) -> None:
    postgres_cluster.execute("CREATE DATABASE restarted")
    database = open_database(tmp_path / "home", postgres_cluster.url("restarted"))
    add(database)
    postgres_cluster.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'restarted'"
    )
    time.sleep(0.1)
    add(database)
    database.close()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://h/d", "bad_url"),
        ("postgresql://h", "bad_url"),
        ("not a url", "bad_url"),
        ("postgresql:///d?host=/nowhere", "unreachable"),
    ],
)
def test_a_url_that_leads_nowhere_is_one_clear_error(tmp_path: Path, url: str, code: str) -> None:
    with pytest.raises(StoreError, match=rf"store\.{code}"):
        open_database(tmp_path, url)


def test_messages_never_show_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        open_database(tmp_path, "postgresql://me:s3cret@/d?host=/nowhere")
    assert "s3cret" not in str(caught.value)
