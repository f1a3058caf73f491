"""The user's own file: where it goes, and how it gets there whole."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from danqing.db.faults import file_errors
from danqing.db.files import free_name, link_new, make_folder, write_whole

_SUFFIXES = {"image/png": ".png", "image/webp": ".webp", "image/jpeg": ".jpg",
             "image/svg+xml": ".svg", "image/gif": ".gif", "application/pdf": ".pdf"}  # fmt: skip


def destination(out: Path, artwork_id: str, media_type: str) -> Path:
    """The absolute path a file is to get: `out`, or, if that is a folder, a name in it.

    Numbered where that name is taken.
    """
    out = Path(os.path.abspath(out))
    if out.is_dir():
        out /= f"{artwork_id}{_SUFFIXES.get(media_type, '.bin')}"
    return free_name(out)


def part_beside(wanted: Path, artwork_id: str) -> Path:
    """Where the file is written before it gets its name; the same folder, so naming is atomic."""
    return wanted.with_name(f".{artwork_id}.part")


def write_part(part: Path, data: bytes) -> None:
    """Raises StoreFull or StoreError and leaves nothing."""
    with file_errors(part.parent):
        make_folder(part.parent)
        write_whole(part, data)


def finish_delivery(part: Path, wanted: Path, digest: str) -> tuple[Path | None, bool]:
    """After a kill between the database's commit and the naming: brings the file to its name.

    The .part was complete before the commit, so where it is gone the file was delivered, and where
    the user then put it is the user's business. Returns the file, if it is there, and whether it
    was named only now.
    """
    there = _is(wanted, digest)
    if not part.exists():
        return (wanted if there else None), False
    if there:  # named already, and killed before the other name went
        part.unlink()
        return wanted, False
    if not _is(part, digest):
        part.unlink()
        return None, False
    if wanted.exists() and wanted.stat().st_size == 0:  # the reserved name of `link_new`
        os.replace(part, wanted)
        return wanted, True
    given = link_new(part, wanted)
    part.unlink(missing_ok=True)
    return given, True


def _is(file: Path, digest: str) -> bool:
    return file.is_file() and sha256(file.read_bytes()).hexdigest() == digest


def write_new(wanted: Path, data: bytes) -> Path:
    """A file that is there whole or not at all, under this name or, where it is taken, a numbered
    one. Returns the name it got. Raises StoreFull or StoreError."""
    wanted = Path(os.path.abspath(wanted))
    part = part_beside(wanted, sha256(data).hexdigest()[:16])
    with file_errors(wanted):
        part.unlink(missing_ok=True)
    write_part(part, data)
    with file_errors(wanted):
        given = link_new(part, wanted)
        part.unlink(missing_ok=True)
    return given
