from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from danqing.db import migrate, open_database
from danqing.errors import StoreDamaged, StoreError
from support.schema import assert_has_the_tables_that_queries_name


def test_the_constant_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_a_migrated_database_has_the_tables_that_queries_name(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    assert_has_the_tables_that_queries_name(database)
    database.close()


def test_sqlite_is_set_up_to_survive_a_power_cut(tmp_path: Path) -> None:
    database = open_database(tmp_path)
    with database.write() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value
    with database.write(lasting=False) as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 1
    with database.write() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
    database.close()


def test_each_connection_has_the_level_that_was_asked_for(tmp_path: Path) -> None:
    """Whatever it, or another one, was used for before: a connection remembers its level."""
    database = open_database(tmp_path)
    database.close()  # from here on, new connections

    def level(*, lasting: bool) -> int:
        with database.write(lasting=lasting) as connection:
            return int(connection.execute(text("PRAGMA synchronous")).scalar_one())

    with database.read(), database.read():  # two are taken, so that the first write needs a third
        assert level(lasting=True) == 2
        assert level(lasting=False) == 1
    for lasting in (False, False, True, True, False, True):
        with database.read():  # takes one or another of the three
            assert level(lasting=lasting) == (2 if lasting else 1)
        assert level(lasting=lasting) == (2 if lasting else 1)
    database.close()
    assert level(lasting=True) == 2
    database.close()


def test_the_home_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    open_database(home).close()
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "danqing.db").stat().st_mode & 0o777 == 0o600
    assert (home / "keys" / "ledger.key").stat().st_mode & 0o777 == 0o600


def test_an_up_to_date_database_opens_without_alembic(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    code = (
        "import sys, pathlib; from danqing.db import open_database;"
        f"open_database(pathlib.Path({str(tmp_path)!r})).close();"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_the_packages_imports_no_sqlalchemy() -> None:
    code = (
        "import sys, danqing.db, danqing.identity, danqing.store;"
        "sys.exit('sqlalchemy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_processes_that_open_a_new_home_at_once_all_succeed(tmp_path: Path) -> None:
    code = (
        "import pathlib, datetime; from danqing.db import open_database;"
        "from danqing.identity import local_person;"
        f"d = open_database(pathlib.Path({str(tmp_path / 'home')!r}));"
        "print(local_person(d, lambda: datetime.datetime.now(datetime.UTC)).id)"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    people = {run.communicate()[0] for run in runs}
    assert [run.returncode for run in runs] == [0] * 4
    assert len(people) == 1


@pytest.mark.parametrize(
    "content", [b"not a database, " * 100, b"SQLite format 3\0" + b"\7" * 4096]
)
def test_a_file_that_is_no_database_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "danqing.db").write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"store\.damaged"):
        open_database(tmp_path)
    assert (tmp_path / "danqing.db").read_bytes() == content


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "danqing.db")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '2099_01_01_later'")
    with pytest.raises(StoreError, match="newer_database"):
        open_database(tmp_path)


def test_a_home_that_cannot_be_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "home", Path("/proc/danqing")):
        with pytest.raises(StoreError, match=r"store\.unwritable"):
            open_database(home)


def test_a_database_that_may_not_be_written_is_one_clear_error(tmp_path: Path) -> None:
    open_database(tmp_path).close()
    os.rename(tmp_path / "danqing.db", tmp_path / "elsewhere")
    (tmp_path / "danqing.db").mkdir()
    with pytest.raises(StoreError, match=r"store\.unwritable"):
        open_database(tmp_path)
