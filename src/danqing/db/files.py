"""Writing files so that they are there whole or not at all, after a kill or a power cut."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """A new file with these bytes, on the disk on return; or an OSError, and nothing left.

    `path` is a name nobody reads yet (a .part file): the caller renames it when it is finished.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
    except BaseException:
        with suppress(OSError):
            os.unlink(path)
        raise


def sync_folder(folder: Path) -> None:
    """Makes renames in a folder outlast a power cut. Windows has no such call and needs none."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """The folder and its parents, each new one synced into the one above."""
    missing = [folder, *folder.parents]
    missing = missing[: next(i for i, f in enumerate(missing) if f.is_dir())]
    for new in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(new, mode)
    for new in missing:
        sync_folder(new.parent)


def free_name(wanted: Path) -> Path:
    """The wanted name, or `name-2`, `name-3`… if it is taken now."""
    return next(name for name in _names(wanted) if not os.path.lexists(name))


def link_new(part: Path, wanted: Path) -> Path:
    """Gives a finished .part file a second name: the wanted one, or a numbered one if it is taken.

    Never replaces a file. Returns the name it got; the .part name stays, for the caller to remove
    once it has noted the other (where there are no hard links, it is gone). Calling it again for
    the same .part finds the name it gave.
    """
    for name in _names(wanted):
        try:
            os.link(part, name)
        except FileExistsError:
            if os.path.samefile(part, name):
                return name
        except OSError:  # no hard links here (exFAT, some network folders)
            with suppress(FileExistsError):
                os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL))  # ours from here on
                os.replace(part, name)
                return name
        else:
            return name
    raise AssertionError("names never end")


def _names(wanted: Path) -> Iterator[Path]:
    yield wanted
    for number in count(2):
        yield wanted.with_stem(f"{wanted.stem}-{number}")


def together(first: Callable[[], object], *others: Callable[[], object]) -> None:
    """Runs calls at once and waits for all. A failure is raised after the last has ended.

    File systems commit syncs that wait at the same time together: three cost what one costs.
    """
    if not others:
        first()
        return
    with ThreadPoolExecutor(len(others)) as pool:
        outcomes = [pool.submit(other) for other in others]
        first()
    for outcome in outcomes:
        outcome.result()
