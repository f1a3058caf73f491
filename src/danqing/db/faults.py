"""From what the system and the database driver say to the error tree, in one place."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from danqing.errors import StoreDamaged, StoreError, StoreFull

# A process at its file-size limit (EFBIG) or quota is as full as a full disk to whoever draws.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_ALMOST_NOTHING_BYTES = 256 * 1024
_CAUSES = {
    errno.EACCES: "store.unwritable_denied",
    errno.EPERM: "store.unwritable_denied",
    errno.EROFS: "store.unwritable_read_only",
    errno.ENOTDIR: "store.unwritable_no_folder",
    errno.EEXIST: "store.unwritable_no_folder",
    errno.EISDIR: "store.unwritable_is_folder",
    errno.ENOENT: "store.unwritable_missing",
    errno.ENAMETOOLONG: "store.unwritable_name",
}
"""What an ordinary person runs into, each said in the reader's own language."""


def from_os(error: OSError, path: Path) -> StoreError:
    """The error for a failed file operation on `path`."""
    if error.errno in _FULL:
        return StoreFull("store.full", path=path)
    if error.errno in _CAUSES:
        return StoreError(_CAUSES[error.errno], path=path)
    return StoreError("store.unwritable", path=path, reason=error.strerror or str(error))


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Turns an OSError inside the block into a StoreError about `path`."""
    try:
        yield
    except OSError as error:
        raise from_os(error, path) from error


def from_driver(error: BaseException | None, place: Path | str) -> StoreError:
    """The error for what a driver reported. place: SQLite's file, or PostgreSQL's URL."""
    if isinstance(place, Path):
        return _from_sqlite(error, place)
    return _from_postgres(error, place)


def _from_sqlite(error: BaseException | None, file: Path) -> StoreError:
    """By SQLite's primary result codes."""
    name = getattr(error, "sqlite_errorname", None) or ""
    reason = str(error)
    if name.startswith("SQLITE_FULL"):
        return StoreFull("store.full", path=file.parent)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StoreDamaged("store.damaged", file=file)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreError("store.busy", file=file)
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreError("store.unwritable_database", file=file)
    # SQLite calls many things an I/O error; with no room left, room is what was missing.
    if name.startswith("SQLITE_IOERR") and _free_bytes(file.parent) < _ALMOST_NOTHING_BYTES:
        return StoreFull("store.full", path=file.parent)
    return StoreError("store.database", file=file, reason=reason)


def _from_postgres(error: BaseException | None, url: str) -> StoreError:
    """By SQLSTATE (PostgreSQL manual, appendix A); what failed to connect has none."""
    state = getattr(error, "sqlstate", None) or ""
    reason = " ".join(str(error).split())
    if state == "53100":  # disk_full
        return StoreFull("store.full", path=url)
    if state in ("XX001", "XX002"):  # data_corrupted, index_corrupted
        return StoreDamaged("store.damaged", file=url)
    if state in ("55P03", "40001", "40P01", "53300"):  # a lock, another's change, too many guests
        return StoreError("store.busy", file=url)
    if state in ("25006", "42501"):  # read-only, not allowed
        return StoreError("store.unwritable", path=url, reason=reason)
    # 08 connection, 28 who are you, 3D no such database, 57P going down
    if not state or state.startswith(("08", "28", "3D", "57P")):
        return StoreError("store.unreachable", url=url, reason=reason)
    return StoreError("store.database", file=url, reason=reason)


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return _ALMOST_NOTHING_BYTES
