"""A batch from its first line to its last: opened by a request, closed by an outcome.

`open_batches` says whose work goes on; `pending_releases` says, before a byte is written, which
files a release is about to make. Both are how a start after a kill knows what to finish and what
to throw away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    true,
    update,
)

from danqing.db.blobs import BlobStore, Shelf
from danqing.db.faults import file_errors
from danqing.db.files import sync_folder
from danqing.db.ledger import Event, EventKind, Ledger
from danqing.db.tables import artworks, batches, ledger, open_batches, pending_releases, releases
from danqing.errors import NotFound, StoreError
from danqing.store.exports import finish_delivery

# What every picture asks, put together once: that takes longer than the database needs to answer.
_MINE: BindParameter[str] = bindparam("batch")
_HOLDER = select(open_batches.c.holder).where(open_batches.c.batch_id == _MINE).with_for_update()
_TAKE = update(open_batches).where(open_batches.c.batch_id == _MINE).values(holder=bindparam("by"))
_POSITIONS = select(artworks.c.position).where(artworks.c.batch_id == _MINE)
_WITHHELD = select(ledger.c.facts).where(ledger.c.batch_id == _MINE, ledger.c.kind == "withheld")
_IS_OPEN = (
    select(open_batches.c.batch_id)
    .select_from(batches.outerjoin(open_batches))
    .where(batches.c.id == _MINE)
)
_CLOSING = select(
    batches.c.person_id,
    select(func.count())
    .select_from(artworks)
    .where(artworks.c.batch_id == _MINE)
    .scalar_subquery()
    .label("artworks"),
    select(func.count())
    .select_from(ledger)
    .where(ledger.c.batch_id == _MINE, ledger.c.kind == "withheld")
    .scalar_subquery()
    .label("withheld"),
).where(batches.c.id == _MINE)
_CLOSED = delete(open_batches).where(open_batches.c.batch_id == _MINE)
_PENDING = (
    select(pending_releases, releases.c.id.label("committed"))
    .outerjoin(releases, releases.c.id == pending_releases.c.id)
    .where(pending_releases.c.batch_id == _MINE)
)
_OVER = delete(pending_releases).where(pending_releases.c.batch_id == _MINE)
_OVER_RELEASED = _OVER.where(pending_releases.c.id.in_(select(releases.c.id)))


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling a batch's pending releases came to."""

    delivered: tuple[Path, ...]
    removed: int


def require_open(connection: Connection, batch_id: str, holder: str) -> None:
    """Raises StoreError unless the batch has a ledger line still waiting for its outcome, and is
    this holder's. It stays so until the transaction ends."""
    if connection.execute(_HOLDER, {"batch": batch_id}).scalar() != holder:
        raise StoreError("store.batch_not_open", batch_id=batch_id)


def take(connection: Connection, blobs: BlobStore, batch_id: str, holder: str) -> None:
    """Makes an open batch this holder's, and settles what the one before left half done.

    The one before may only be slow, and still write bytes: notes of what isn't released stay until
    the batch is closed.
    """
    connection.execute(_TAKE, {"batch": batch_id, "by": holder})
    _settle(connection, blobs, batch_id, closing=False)


def seeds_left(connection: Connection, batch_id: str, seeds: Sequence[int]) -> tuple[int, ...]:
    """Those of a request's seeds that no picture was released or withheld for yet, in order."""
    drawn = set(connection.execute(_POSITIONS, {"batch": batch_id}).scalars())
    left = [seed for position, seed in enumerate(seeds) if position not in drawn]
    for facts in connection.execute(_WITHHELD, {"batch": batch_id}).scalars():
        left.remove(json.loads(facts)["seed"])
    return tuple(left)


def outcome(connection: Connection, batch_id: str) -> str | None:
    """How a batch ended: `refusal`, `hold`, `failed`, or what its `closed` line says
    (`finished`, `interrupted`, `cancelled`); None while it is open."""
    query = select(ledger.c.kind, ledger.c.facts).where(
        ledger.c.batch_id == batch_id, ledger.c.kind.in_(("refusal", "hold", "failed", "closed"))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return str(json.loads(row.facts)["outcome"]) if row.kind == "closed" else str(row.kind)


def is_open(connection: Connection, batch_id: str) -> bool:
    """Raises NotFound for a batch that never was."""
    row = connection.execute(_IS_OPEN, {"batch": batch_id}).first()
    if row is None:
        raise NotFound("store.no_such_batch", batch_id=batch_id)
    return row.batch_id is not None


def close(
    connection: Connection, book: Ledger, blobs: BlobStore,
    batch_id: str, kind: EventKind, at: datetime, facts: Mapping[str, Any],
) -> Settled:  # fmt: skip
    """Writes the outcome, with how many pictures there are, and settles what was pending."""
    settled = _settle(connection, blobs, batch_id, closing=True)
    row = connection.execute(_CLOSING, {"batch": batch_id}).one()
    counts = {"artworks": row.artworks, "withheld": row.withheld}
    book.append(connection, Event(kind, at, {**facts, **counts}, batch_id, row.person_id))
    connection.execute(_CLOSED, {"batch": batch_id})
    return settled


def announce_release(
    connection: Connection, *, release_id: str, batch_id: str, sha256: str,
    master_sha256: str | None, part: Path | None, wanted: Path | None,
) -> None:  # fmt: skip
    """Notes which files are about to be written, so that none is ever left unexplained."""
    connection.execute(
        insert(pending_releases).values(
            id=release_id, batch_id=batch_id, sha256=sha256, master_sha256=master_sha256,
            part=_text(part), wanted=_text(wanted),
        )
    )  # fmt: skip


def note_moved(connection: Connection, release_id: str, file: Path) -> None:
    """The wanted name was taken at the last moment: notes the one the file got."""
    _note_export(connection, release_id, file)
    connection.execute(
        update(pending_releases)
        .where(pending_releases.c.id == release_id)
        .values(wanted=_text(file))
    )


def digests_in_hand(connection: Connection) -> frozenset[str]:
    """Hashes that some release, here or in another process, is about to keep."""
    query = select(pending_releases.c.sha256, pending_releases.c.master_sha256)
    return frozenset(digest for row in connection.execute(query) for digest in row if digest)


def holders(connection: Connection) -> dict[str, list[str]]:
    """Open batches by who holds them; those in the queue, which nobody need hold, left out."""
    found: dict[str, list[str]] = {}
    query = select(open_batches).where(open_batches.c.queued == 0).order_by(open_batches.c.batch_id)
    for row in connection.execute(query):
        found.setdefault(row.holder, []).append(row.batch_id)
    return found


def withdraw(
    connection: Connection,
    blobs: BlobStore,
    release_id: str,
    sha256: str,
    master_sha256: str | None,
) -> None:
    """Removes what was written for a release whose batch is another's by now. While the note of it
    is there, whoever closes the batch sees to that."""
    noted = select(pending_releases.c.id).where(pending_releases.c.id == release_id)
    if connection.execute(noted).first() is None:
        _remove_unneeded(connection, blobs, sha256, master_sha256, unless=true())


def _settle(connection: Connection, blobs: BlobStore, batch_id: str, *, closing: bool) -> Settled:
    """Ends every pending release of a batch, one way or the other.

    Committed, its file gets its name; if not, all that was written for it goes. It happens within
    the write transaction: no one can come to rely on a blob while it goes.
    """
    rows = connection.execute(_PENDING, {"batch": batch_id}).all()
    if not rows:
        return Settled((), 0)
    delivered: list[Path] = []
    folders: set[Path] = set()
    removed = 0
    for row in rows:
        part, wanted = (None if p is None else Path(p) for p in (row.part, row.wanted))
        if row.committed is None:
            removed += _discard(connection, blobs, row, part)
        elif part is not None and wanted is not None:
            with file_errors(part):
                file, named_now = finish_delivery(part, wanted, row.sha256)
            if file is not None:
                folders.add(file.parent)
                delivered += [file] if named_now else []
            if file != wanted:
                _note_export(connection, row.id, file)
    for folder in folders:  # the names are safe before the note about them goes
        with file_errors(folder):
            sync_folder(folder)
    connection.execute(_OVER if closing else _OVER_RELEASED, {"batch": batch_id})
    return Settled(tuple(delivered), removed)


def _note_export(connection: Connection, release_id: str, file: Path | None) -> None:
    connection.execute(
        update(releases).where(releases.c.id == release_id).values(exported=_text(file))
    )


def _discard(connection: Connection, blobs: BlobStore, row: Any, part: Path | None) -> int:
    removed = 0
    if part is not None and part.exists():
        with file_errors(part):
            part.unlink()
        removed += 1
    others = pending_releases.c.batch_id != row.batch_id
    removed += _remove_unneeded(connection, blobs, row.sha256, row.master_sha256, unless=others)
    return removed


def _remove_unneeded(
    connection: Connection,
    blobs: BlobStore,
    sha256: str,
    master_sha256: str | None,
    *,
    unless: ColumnElement[bool],
) -> int:
    """Removes a release's blobs, but what is kept, or what such a pending release wants: two draws
    with one seed share a master."""
    removed = 0
    places: tuple[tuple[Shelf, str, str | None, Table], ...] = (
        ("released", "sha256", sha256, releases),
        ("masters", "master_sha256", master_sha256, artworks),
    )
    for shelf, column, digest, kept_in in places:
        if digest is None or not blobs.has(shelf, digest):
            continue
        wanted = select(pending_releases.c.id).where(pending_releases.c[column] == digest, unless)
        kept = select(kept_in.c.id).where(kept_in.c[column] == digest)
        if connection.execute(wanted.union_all(kept).limit(1)).first() is None:
            blobs.remove(shelf, digest)
            removed += 1
    return removed


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
