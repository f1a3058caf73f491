"""How a labelled file leaves: order is everything here.

    1. a note of what is to be written            lost in a power cut, harmlessly; survives a kill
    2. all bytes, under names nobody reads        on the disk before 3
    3. row and ledger line, in one transaction    this is the moment it exists
    4. the user's file gets its name              one system call

A kill before 3 leaves bytes that the note accounts for, and the next start removes them. Whoever finds
at 3 that their batch is another's by now, and closed, removes them too. A kill between 3 and 4 leaves a
whole .part file, and the next start names it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from danqing.db.blobs import BlobStore
from danqing.db.database import Database
from danqing.db.faults import file_errors
from danqing.db.files import link_new, together
from danqing.errors import StoreDamaged, StoreError
from danqing.store import batches, exports

Commit = Callable[[Connection, Path | None], None]
"""Writes a release's rows and its ledger line; told where the user's file is to be."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A labelled file on its way out. holder: who holds its batch. master: to be sealed beside it,
    if it has one."""

    id: str
    batch_id: str
    holder: str
    media_type: str
    data: bytes
    sha256: str
    master: bytes | None


def release(
    database: Database, blobs: BlobStore, file: Outgoing, out: Path | None, commit: Commit
) -> None:
    """Takes a file through the four steps. Raises StoreError, StoreFull or StoreDamaged."""
    if sha256(file.data).hexdigest() != file.sha256:
        raise StoreDamaged("store.not_as_labelled", artwork_id=file.id)
    wanted = part = None
    if out is not None:
        wanted = exports.destination(out, file.id, file.media_type)
        part = exports.part_beside(wanted, file.id)
    with database.write(lasting=False) as connection:
        batches.require_open(connection, file.batch_id, file.holder)
        batches.announce_release(
            connection,
            release_id=file.id,
            batch_id=file.batch_id,
            sha256=file.sha256,
            master_sha256=_master_sha256(file),
            part=part,
            wanted=wanted,
        )
    try:
        _write_bytes(blobs, file, part)
        with database.write() as connection:
            batches.require_open(connection, file.batch_id, file.holder)
            commit(connection, wanted)
    except BaseException as problem:
        # The disk may be too full to note anything: the database's part waits for the batch's end.
        if part is not None:
            with suppress(OSError):
                part.unlink()
        if isinstance(problem, StoreError) and problem.code == "store.batch_not_open":
            with suppress(StoreError), database.write(lasting=False) as connection:
                batches.withdraw(connection, blobs, file.id, file.sha256, _master_sha256(file))
        raise
    if part is not None and wanted is not None:
        _deliver(database, file.id, part, wanted)


def _master_sha256(file: Outgoing) -> str | None:
    return None if file.master is None else sha256(file.master).hexdigest()


def _write_bytes(blobs: BlobStore, file: Outgoing, part: Path | None) -> None:
    master = file.master
    writes: list[Callable[[], object]] = [lambda: blobs.put("released", file.data)]
    if master is not None:
        writes.append(lambda: blobs.put("masters", master))
    if part is not None:
        writes.append(lambda: exports.write_part(part, file.data))
    together(*writes)


def _deliver(database: Database, release_id: str, part: Path, wanted: Path) -> None:
    with file_errors(wanted):
        given = link_new(part, wanted)
        if given != wanted:  # taken since it was chosen
            with database.write(lasting=False) as connection:
                batches.note_moved(connection, release_id, given)
        part.unlink(missing_ok=True)
