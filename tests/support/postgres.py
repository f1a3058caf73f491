"""A throw-away PostgreSQL: a cluster of its own on a socket in a temporary folder, for one test run.

A test asks for `postgres_url` and gets an empty database of its own; without the server's programs
it is skipped, with the reason. The order of text is a person's (ICU English), not of bytes, so that
whoever relies on the order of bytes is found out.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

USER = "danqing"
SERVER_OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=200"
    " -c shared_buffers=32MB -c autovacuum=off"
)


def server_programs() -> Path | None:
    """The folder with initdb and pg_ctl, newest version first; None when there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda p: float(p.parts[-3]), reverse=True)
    return newest[0].parent if newest else None


def _someone_else() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: how `subprocess` is to become another user then."""
    if os.name != "posix" or os.geteuid() != 0:
        return {}
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


class Cluster:
    """A running server. folder: where its data and its socket are."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self.folder = folder
        self._as = _someone_else()
        if self._as:
            shutil.chown(folder, self._as["user"])

    def run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments], cwd=self.folder, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, **self._as,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")

    def start(self) -> None:
        data, log = str(self.folder / "data"), str(self.folder / "log")
        self.run(
            "initdb", "-D", data, "-U", USER, "-A", "trust", "--no-sync", "--encoding=UTF8",
            "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en",
        )  # fmt: skip
        options = f"{SERVER_OPTIONS} -c unix_socket_directories='{self.folder}'"
        self.run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop")

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(
            dbname=database, user=USER, host=str(self.folder), autocommit=True
        ) as connection:
            connection.execute(statement)  # only ours


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A server of its own, for tests and measurements alike."""
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed")
    # Not pytest's folder: a socket's path may have 107 characters, and another user must get there.
    folder = Path(tempfile.mkdtemp(prefix="dq-pg-"))
    cluster = Cluster(programs, folder)
    try:
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def new_database(postgres_cluster: Cluster) -> Callable[[], str]:
    numbers = count(1)

    def make() -> str:
        name = f"test_{next(numbers)}"
        postgres_cluster.execute(f"CREATE DATABASE {name}")
        return postgres_cluster.url(name)

    return make


@pytest.fixture
def postgres_url(new_database: Callable[[], str]) -> str:
    """The URL of an empty database that no other test uses."""
    return new_database()
