"""Does everything account for everything else? The invariants, read from the disk again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from danqing.db.blobs import SHELVES, BlobStore
from danqing.db.checkpoints import Checkpoint
from danqing.db.database import Database
from danqing.db.ledger import LedgerCheck
from danqing.db.retention import forgotten_before
from danqing.db.tables import artworks, ledger, open_batches, releases, uploads
from danqing.errors import StoreDamaged
from danqing.store import presence

OUTCOMES = ("closed", "refusal", "hold", "failed")


@dataclass(frozen=True, slots=True)
class Problem:
    """code: a message id, `store.problem_…`. subject: the id or hash it is about."""

    code: str
    subject: str


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """releases, blobs: how many were read. problems: empty when all is well, the ledger apart."""

    releases: int
    blobs: int
    ledger: LedgerCheck
    problems: tuple[Problem, ...]

    @property
    def sound(self) -> bool:
        return self.ledger.fault is None and not self.problems


def check(
    database: Database, blobs: BlobStore, run: Path, checkpoint: Checkpoint | None = None
) -> StoreCheck:
    """Raises StoreDamaged when the database finds its own file broken."""
    if database.quick_check() is not None:
        raise StoreDamaged("store.damaged", file=database.place)
    with database.read() as connection:
        book = database.ledger.verify(connection, checkpoint)
        in_ledger = dict(_logged(connection, ("artwork", "sheet"), "artwork_id"))
        sources_in_ledger = set(dict(_logged(connection, ("source",), "sha256")))
        brought = connection.execute(select(uploads.c.sha256, uploads.c.first_at)).all()
        forgotten = forgotten_before(connection) if book.fault is None else ""
        kept = connection.execute(
            select(releases.c.id, releases.c.sha256, artworks.c.master_sha256).select_from(
                releases.outerjoin(artworks, artworks.c.id == releases.c.id)
            )
        ).all()
        asked, ended = (
            set(connection.execute(select(ledger.c.batch_id).where(ledger.c.kind.in_(k))).scalars())
            for k in (("request",), OUTCOMES)
        )
        waiting = {row.batch_id: row for row in connection.execute(select(open_batches))}
    sources = {row.sha256 for row in brought}
    logged_still = {row.sha256 for row in brought if row.first_at >= forgotten}
    needed = {
        "released": {r.sha256 for r in kept},
        "masters": {r.master_sha256 for r in kept if r.master_sha256},
        "sources": sources,
    }
    unlogged = [r.id for r in kept if in_ledger.get(r.id) != r.sha256]
    lost = sorted(in_ledger.keys() - {r.id for r in kept})
    unended = sorted(asked - ended - waiting.keys())
    left = sorted(
        batch_id
        for batch_id, row in waiting.items()
        if not (row.queued or presence.is_present(run, row.holder))
    )
    problems = [
        *(Problem("store.problem_no_line", artwork_id) for artwork_id in unlogged),
        *(Problem("store.problem_no_artwork", artwork_id) for artwork_id in lost),
        *(
            Problem("store.problem_source_no_line", s)
            for s in sorted(logged_still - sources_in_ledger)
        ),
        *(Problem("store.problem_no_source", s) for s in sorted(sources_in_ledger - sources)),
        *(Problem("store.problem_no_outcome", batch_id) for batch_id in (*unended, *left)),
    ]
    count = 0
    for shelf in SHELVES:
        present = set(blobs.digests(shelf))
        count += len(present)
        for digest in sorted(needed[shelf]):
            try:
                blobs.get(shelf, digest)
            except StoreDamaged as damaged:
                problems.append(Problem(damaged.code.replace("store.", "store.problem_"), digest))
        if not waiting:  # a batch under way may have kept what it has not yet logged
            strays = sorted(present - needed[shelf])
            problems += [Problem("store.problem_stray_blob", digest) for digest in strays]
    return StoreCheck(len(kept), count, book, tuple(problems))


def _logged(connection: Connection, kinds: tuple[str, ...], key: str) -> Iterator[tuple[str, str]]:
    """A fact that names it, and the hash, of each file the ledger speaks of in lines like these."""
    query = select(ledger.c.facts).where(ledger.c.kind.in_(kinds))
    for facts in connection.execute(query).scalars():
        with suppress(
            ValueError, KeyError, TypeError
        ):  # a changed line: the chain's check names it
            line = json.loads(facts)
            yield line[key], line["sha256"]
