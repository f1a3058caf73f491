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


def from_os(error: OSError, path: Path) -> StoreError:
    """The error for a failed file operation on `path`."""
    if error.errno in _FULL:
        return StoreFull("store.full", path=path)
    return StoreError("store.unwritable", path=path, reason=error.strerror or str(error))


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Turns an OSError inside the block into a StoreError about `path`."""
    try:
        yield
    except OSError as error:
        raise from_os(error, path) from error


def from_driver(error: BaseException | None, file: Path) -> StoreError:
    """The error for what SQLite reported about the database `file` (its primary result codes)."""
    name = getattr(error, "sqlite_errorname", None) or ""
    reason = str(error)
    if name.startswith("SQLITE_FULL"):
        return StoreFull("store.full", path=file.parent)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return StoreDamaged("store.damaged", file=file)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreError("store.busy", file=file)
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreError("store.unwritable", path=file, reason=reason)
    # SQLite calls many things an I/O error; with no room left, room is what was missing.
    if name.startswith("SQLITE_IOERR") and _free_bytes(file.parent) < _ALMOST_NOTHING_BYTES:
        return StoreFull("store.full", path=file.parent)
    return StoreError("store.database", file=file, reason=reason)


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return _ALMOST_NOTHING_BYTES
