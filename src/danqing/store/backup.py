"""Everything in one file: a consistent database, the blobs it speaks of, the keys, what was taught.

A ZIP with `manifest.json`, which names the SHA-256 of every other entry. Pictures are compressed
already, so entries are stored as they are. The file holds private keys: 0600.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from danqing.db.blobs import FolderBlobs, Shelf
from danqing.db.copying import copy_to_file
from danqing.db.database import Database
from danqing.db.faults import file_errors, from_driver
from danqing.db.files import sync_folder
from danqing.db.times import utc_text
from danqing.errors import StoreDamaged, StoreError
from danqing.request.canonical import canonical_json
from danqing.store.store import Clock, Store

MANIFEST = "manifest.json"
FORMAT = 1
_ENTRY = re.compile(
    r"danqing\.db|keys/(?:signing/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
    r"|blobs/(?:released|masters|sources)/[0-9a-f]{2}/[0-9a-f]{64}"
    r"|taught/taught-[a-z0-9-]{1,80}\.json"
)
_NEEDED = {"danqing.db", "keys/ledger.key"}
_MAX_MANIFEST_BYTES = 1 << 29
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds. created_at: as `db.times.utc_text`. size_bytes: of the entries."""

    created_at: str
    artworks: int
    ledger_lines: int
    files: int
    size_bytes: int


def back_up(store: Store, file: Path, clock: Clock) -> Backup:
    """Writes the home of `store` to a new file and reads it back; drawing may go on meanwhile.

    Raises StoreError when the file exists or can't be written, StoreFull, and StoreDamaged when
    what is to be saved fails its own check: a backup that can't be restored isn't made.
    """
    file = Path(os.path.abspath(file))
    part = file.with_name(f".{file.name}.part")
    snapshot = store.database.home / "run" / f"{os.getpid()}.snapshot"
    try:
        with file_errors(file):
            if file.exists():
                raise StoreError("store.backup_exists", file=file)
            snapshot.parent.mkdir(mode=0o700, exist_ok=True)
            _snapshot(store.database, snapshot)
            descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w+b") as out:
                _write(store, snapshot, out, utc_text(clock()))
                out.flush()
                os.fsync(descriptor)
            backup = unpack(part, None)
            os.replace(part, file)
            sync_folder(file.parent)
    finally:
        for leftover in (snapshot, part):
            with suppress(OSError):
                leftover.unlink()
    return backup


def _snapshot(database: Database, target: Path) -> None:
    """A copy of the database as of one moment, in one SQLite file."""
    target.unlink(missing_ok=True)
    if database.file is None:
        with database.read() as connection:
            copy_to_file(connection, target)
        return
    target.touch(mode=0o600)
    try:
        with (
            closing(sqlite3.connect(database.file)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)  # SQLite's online backup
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise from_driver(error, database.file) from error


def _write(store: Store, snapshot: Path, out: IO[bytes], created_at: str) -> None:
    files: dict[str, dict[str, Any]] = {}
    home = store.database.home
    with ZipFile(out, "w", ZIP_STORED) as archive:

        def add(name: str, data: bytes) -> None:
            archive.writestr(name, data)
            files[name] = {"sha256": sha256(data).hexdigest(), "size_bytes": len(data)}

        with archive.open("danqing.db", "w", force_zip64=True) as entry, open(snapshot, "rb") as db:
            digest, size_bytes = _copy(db, entry)
            files["danqing.db"] = {"sha256": digest, "size_bytes": size_bytes}
        with closing(sqlite3.connect(snapshot)) as copy:
            kept: dict[Shelf, list[str]] = {
                "released": _column(copy, "SELECT DISTINCT sha256 FROM releases ORDER BY 1"),
                "masters": _column(copy, "SELECT DISTINCT master_sha256 FROM artworks ORDER BY 1"),
                "sources": _column(copy, "SELECT DISTINCT sha256 FROM uploads ORDER BY 1"),
            }
            artworks = copy.execute("SELECT count(*) FROM artworks").fetchone()[0]
            lines = copy.execute("SELECT count(*) FROM ledger").fetchone()[0]
        layout = FolderBlobs(Path("blobs"))  # inside the archive, whatever the blobs are kept in
        for shelf, digests in kept.items():
            for digest in digests:
                add(layout.path(shelf, digest).as_posix(), store.blobs.get(shelf, digest))
        for key in sorted((home / "keys").rglob("[!.]*")):
            if key.is_file() and key.suffix != ".part":
                add(key.relative_to(home).as_posix(), key.read_bytes())
        for taught in sorted((home / "taught").glob("taught-*.json")):
            with suppress(FileNotFoundError):  # forgotten meanwhile
                add(taught.relative_to(home).as_posix(), taught.read_bytes())
        manifest = {
            "format": FORMAT,
            "created_at": created_at,
            "artworks": artworks,
            "ledger_lines": lines,
            "files": files,
        }
        archive.writestr(MANIFEST, canonical_json(manifest))


def _column(connection: sqlite3.Connection, query: str) -> list[str]:
    return [row[0] for row in connection.execute(query)]


def unpack(file: Path, target: Path | None) -> Backup:
    """Checks every entry against the manifest, writing it under `target` (a new folder) if given.

    Raises StoreDamaged for anything that isn't a whole backup of ours, StoreError, StoreFull.
    """
    with _damage(file), ZipFile(file) as archive:
        if archive.getinfo(MANIFEST).file_size > _MAX_MANIFEST_BYTES:
            raise ValueError("manifest too large")
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        files: dict[str, dict[str, Any]] = manifest["files"]
        names = [info.filename for info in archive.infolist()]
        whole = sorted(names) == sorted([*files, MANIFEST]) and files.keys() >= _NEEDED
        if not whole or manifest["format"] != FORMAT:
            raise ValueError("not the entries of the manifest")
        for name, expected in files.items():
            # Stored entries can't unpack to more than they are; odd names can't leave the folder.
            stored = archive.getinfo(name).compress_type == ZIP_STORED
            if not (stored and _ENTRY.fullmatch(name)):
                raise ValueError("not an entry of ours")
            with archive.open(name) as entry:
                found = _copy_to(entry, None if target is None else target / name)
            if found != (expected["sha256"], expected["size_bytes"]):
                raise ValueError("changed")
        return Backup(
            created_at=str(manifest["created_at"]),
            artworks=int(manifest["artworks"]),
            ledger_lines=int(manifest["ledger_lines"]),
            files=len(files),
            size_bytes=sum(int(f["size_bytes"]) for f in files.values()),
        )


@contextmanager
def _damage(file: Path) -> Iterator[None]:
    """What a ZIP reader may raise on bytes that were tampered with, as one error."""
    broken = (BadZipFile, ValueError, KeyError, TypeError, AttributeError, EOFError,
              NotImplementedError, RuntimeError, struct.error)  # fmt: skip
    try:
        yield
    except FileNotFoundError as error:
        raise StoreError("store.no_such_file", file=file) from error
    except broken as error:
        raise StoreDamaged("store.backup_damaged", file=file) from error


def _copy_to(entry: IO[bytes], path: Path | None) -> tuple[str, int]:
    if path is None:
        return _copy(entry, None)
    private = (
        "keys" in path.parts[-3:-1]
        or path.name == "danqing.db"
        or not {"masters", "sources"}.isdisjoint(path.parts[-3:])
        or path.parent.name == "taught"
    )
    with file_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = 0o600 if private else 0o644
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "wb") as out:
            return _copy(entry, out)


def _copy(source: IO[bytes], target: IO[bytes] | None) -> tuple[str, int]:
    """SHA-256 and length of what was copied."""
    digest, size_bytes = sha256(), 0
    while chunk := source.read(_CHUNK_BYTES):
        digest.update(chunk)
        size_bytes += len(chunk)
        if target is not None:
            target.write(chunk)
    return digest.hexdigest(), size_bytes
