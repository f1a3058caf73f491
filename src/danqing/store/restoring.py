"""From a backup to a home: checked beside it first, then put in its place in one step."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from danqing.db.blobs import SHELVES, FolderBlobs, open_blobs
from danqing.db.copying import copy_rows
from danqing.db.database import open_database
from danqing.db.faults import file_errors
from danqing.db.files import sync_folder
from danqing.errors import StoreDamaged, StoreError
from danqing.store import presence
from danqing.store.backup import Backup, unpack
from danqing.store.store import Clock, open_store

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where the home that was there before is now (None: there was none)."""

    backup: Backup
    previous: Path | None


def restore(
    file: Path,
    home: Path,
    clock: Clock,
    *,
    replace: bool = False,
    database_url: str | None = None,
    blobs_url: str | None = None,
) -> Restored:
    """Makes `home` what it was when the backup was made.

    All is unpacked beside `home`, migrated, and checked (every hash, the ledger, every blob) before
    `home` is touched. replace: when `home` isn't empty, it is kept beside, under another name.
    database_url: a PostgreSQL database with nothing in it yet, for the rows; None keeps SQLite.
    blobs_url: an object store for the pictures; None keeps a folder.

    Raises StoreError when `home` isn't empty or someone is at work in it, StoreDamaged when the
    backup fails a check, StoreFull.
    """
    home = Path(os.path.abspath(home))
    occupied = home.exists() and (not home.is_dir() or any(home.iterdir()))
    if occupied and not replace:
        raise StoreError("store.home_not_empty", folder=home)
    if presence.anyone_present(home / "run"):
        raise StoreError("store.home_in_use", folder=home)
    moment = clock().strftime("%Y%m%dT%H%M%S.%fZ")
    staging = home.with_name(f".{home.name}.restoring-{moment}")
    try:
        with file_errors(staging):
            staging.parent.mkdir(parents=True, exist_ok=True)
            staging.mkdir(mode=0o700)
            backup = unpack(file, staging)
            _check(staging, file, clock)
            if hasattr(os, "sync"):
                os.sync()  # thousands of small files: one call for all
            if blobs_url is not None:
                _move_blobs(staging, blobs_url)
            with _rows_moved(staging, database_url):
                previous = _put_in_place(staging, home, moment) if occupied else None
                if not occupied:
                    os.replace(staging, home)
                sync_folder(home.parent)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Restored(backup, previous)


def _check(folder: Path, file: Path, clock: Clock) -> None:
    """Opening migrates, and closes what was open when the backup was made."""
    with open_store(folder, clock) as store:
        if not store.check().sound:
            raise StoreDamaged("store.backup_damaged", file=file)


def _move_blobs(folder: Path, url: str) -> None:
    """Into the object store. What is there already is the same bytes: names are hashes."""
    here, there = FolderBlobs(folder / "blobs"), open_blobs(folder, url)
    for shelf in SHELVES:
        for digest in here.digests(shelf):
            there.put(shelf, here.get(shelf, digest))
    shutil.rmtree(here.root, ignore_errors=True)


@contextmanager
def _rows_moved(folder: Path, database_url: str | None) -> Iterator[None]:
    """Around the moment the folder becomes the home: its rows are in PostgreSQL if and only if that
    succeeds. Without a URL they stay where they are."""
    if database_url is None:
        yield
        return
    with closing(open_database(folder)) as unpacked, unpacked.read() as rows:
        opened = open_database(folder, database_url)  # its ledger begins under the restored key
        with closing(opened) as target, target.write() as connection:
            copy_rows(rows, connection)
            rows.close()
            unpacked.close()
            for suffix in ("", "-wal", "-shm"):
                folder.joinpath(f"danqing.db{suffix}").unlink(missing_ok=True)
            yield


def _put_in_place(staging: Path, home: Path, moment: str) -> Path:
    """Swaps the two folders; returns where the old one is."""
    aside = home.with_name(f"{home.name}.before-{moment}")
    if _exchange(staging, home):
        os.rename(staging, aside)
        return aside
    os.rename(home, aside)
    try:
        os.rename(staging, home)
    except OSError:
        os.rename(aside, home)
        raise
    return aside


def _exchange(one: Path, other: Path) -> bool:
    """Swaps two names in one step where the system can (Linux renameat2); says whether it did."""
    if sys.platform != "linux":
        return False
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(result == 0)
