"""How one process tells whether another is still at work: a lock the system drops when it dies.

A process id would not do: ids are used again, and two containers on one volume have their own.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Presence:
    """A lock file `<folder>/<ULID>.lock`, made when first asked for, held until closed or dead."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._descriptor: int | None = None
        self._name = ""
        self._guard = threading.Lock()

    def name(self) -> str:
        """The name others can ask `is_present` about. Raises OSError."""
        with self._guard:
            while self._descriptor is None:
                self._take()
            return self._name

    def _take(self) -> None:
        from ulid import ULID

        self._folder.mkdir(mode=0o700, exist_ok=True)
        name = str(ULID())
        file = self._folder / f"{name}.lock"
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(descriptor)
            # `sweep` may have found the file before it was locked, and removed it.
            present = os.path.samestat(os.fstat(descriptor), os.stat(file))
        except OSError:
            present = False
        if present:
            self._descriptor, self._name = descriptor, name
        else:
            os.close(descriptor)

    def close(self) -> None:
        with self._guard:
            if self._descriptor is not None:
                (self._folder / f"{self._name}.lock").unlink(missing_ok=True)
                os.close(self._descriptor)
                self._descriptor = None


def is_present(folder: Path, name: str) -> bool:
    """Whether the process of that name is alive and has not closed its presence."""
    try:
        descriptor = os.open(folder / f"{name}.lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        _lock(descriptor)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Removes the lock files of the dead, holding each lock while it goes (see `_take`)."""
    for file in folder.glob("*.lock"):
        with suppress(OSError):
            descriptor = os.open(file, os.O_RDWR)
            try:
                _lock(descriptor)
                file.unlink()
            finally:
                os.close(descriptor)


def any_dead(folder: Path) -> bool:
    """Whether a process that was at work in this home ended without closing."""
    return any(not is_present(folder, file.stem) for file in folder.glob("*.lock"))


def anyone_present(folder: Path) -> bool:
    """Whether any process is at work in this home."""
    return any(is_present(folder, file.stem) for file in folder.glob("*.lock"))
