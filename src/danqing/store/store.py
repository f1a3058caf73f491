"""The last stage of the road: what is drawn is kept, logged, handed over, and found again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sqlalchemy import ColumnElement, Connection, insert, select

from danqing.db.blobs import BlobStore, open_blobs
from danqing.db.database import Database, open_database
from danqing.db.faults import file_errors
from danqing.db.ledger import Event, EventKind, LedgerCheck
from danqing.db.tables import artworks, batches, open_batches, prompt_grams, releases, watermarks
from danqing.engines.protocol import Pixels
from danqing.errors import InputError, NotFound, StoreError, StoreFull
from danqing.identity.types import Grant, Identified, Person
from danqing.policy.types import Held, Refusal, Withheld
from danqing.provenance.types import Labelled, LabelledSheet
from danqing.request.types import MAX_PICTURES
from danqing.sources import Mask, Upload
from danqing.store import batches as batch
from danqing.store import presence, records, search, uploads
from danqing.store.catalogue import find_artworks, find_release
from danqing.store.release import Commit, Outgoing, release
from danqing.store.types import Recovered, Stored, StoredSheet

if TYPE_CHECKING:
    from danqing.db.checkpoints import Checkpoint
    from danqing.store.check import StoreCheck

Clock = Callable[[], datetime]


class Store:
    """Artworks of one home folder. Safe to share between threads. Use it in a `with`, or close it.

    A batch goes `begin`, then any number of `release`, `release_sheet` and `record_withheld`, then
    `finish`; or ends with `record_refusal`, `record_hold` or `record_failure`. clock: gives the
    time, UTC and aware.
    """

    def __init__(self, database: Database, blobs: BlobStore, clock: Clock) -> None:
        self.database = database
        self.blobs = blobs
        self.recovered = Recovered()
        self._clock = clock
        self._run = database.home / "run"
        self._presence = presence.Presence(self._run)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the files. A batch still open is closed as interrupted by the next start."""
        self.leave()
        self.database.close()

    def beside(self) -> Store:
        """The same store under a name of its own, so that what one of the two holds the other can't
        add to. `leave` it when done; closing either closes the database of both."""
        return Store(self.database, self.blobs, self._clock)

    def leave(self) -> None:
        """Lets go of the name it goes by, and of nothing else."""
        self._presence.close()

    # One batch, in order

    def begin(self, identified: Identified) -> None:
        """Opens the batch with its `request` line, before anything is decided or drawn."""
        holder = self._announce()
        with self.database.write() as connection:
            self._begin(connection, identified, holder, queued=0)

    def begin_queued(self, connection: Connection, identified: Identified) -> None:
        """`begin` within a write transaction of the queue's, whose batch it then is: nobody's until
        somebody takes it, and left alone by `recover`."""
        self._begin(connection, identified, "", queued=1)

    def take(self, identified: Identified) -> tuple[int, ...] | None:
        """Makes a batch of the queue this store's own; from then on whoever held it adds nothing.

        Returns the seeds still to be drawn, or None when the batch is closed. Raises NotFound.
        """
        batch_id, holder = identified.batch_id, self._announce()
        with self.database.write(lasting=False) as connection:  # lost, it is nobody's once more
            if not batch.is_open(connection, batch_id):
                return None
            batch.take(connection, self.blobs, batch_id, holder)
            return batch.seeds_left(connection, batch_id, identified.request.seeds)

    def cancel(self, connection: Connection, batch_id: str) -> None:
        """Closes a batch of the queue as cancelled, within its transaction, unless it is closed."""
        if batch.is_open(connection, batch_id):
            self._close_in(connection, batch_id, "closed", {"outcome": "cancelled"})

    def outcome(self, batch_id: str) -> str | None:
        """How a batch ended: `refusal`, `hold`, `failed`, `finished`, `interrupted` or `cancelled`;
        None while it is open."""
        with self.database.read() as connection:
            return batch.outcome(connection, batch_id)

    def record_refusal(self, refusal: Refusal) -> None:
        """Closes the batch: it may not be drawn."""
        facts = records.verdict_facts(refusal.packs, refusal.reasons)
        facts["source_checks"] = refusal.source_checks
        self._close(refusal.identified.batch_id, "refusal", facts)

    def record_hold(self, held: Held) -> None:
        """Closes the batch: it waits for a reviewer, and is not drawn here."""
        facts = records.verdict_facts(held.packs, held.reasons)
        self._close(held.identified.batch_id, "hold", facts)

    def record_withheld(self, withheld: Withheld) -> None:
        """Logs a picture that may not leave; the batch stays open. Its pixels are not kept."""
        identified = withheld.permit.identified
        facts = records.withheld_facts(withheld)
        with self.database.write() as connection:
            batch.require_open(connection, identified.batch_id, self._announce())
            self._append(connection, identified, "withheld", self._clock(), facts)

    def record_failure(self, identified: Identified, error_code: str) -> None:
        """Closes the batch after an error. What was released before it stays."""
        self._close(identified.batch_id, "failed", {"error": error_code})

    def finish(self, batch_id: str) -> None:
        """Closes the batch with its counts. Finishing a closed batch changes nothing.

        Raises NotFound for a batch that never began.
        """
        with self.database.write() as connection:
            if batch.is_open(connection, batch_id):
                batch.require_open(connection, batch_id, self._announce())
                self._close_in(connection, batch_id, "closed", {"outcome": "finished"})

    def release(self, labelled: Labelled, out: Path | None = None) -> Stored:
        """Keeps a labelled picture and its sealed master, logs it, and writes the user's file.

        out: the file wanted, or a folder to put it in; an existing file is never replaced, the new
        one gets a number. On StoreFull or StoreError there is no artwork, no ledger line and no
        file (but where the user's folder vanishes at the last moment, the artwork is kept).
        """
        identified = labelled.cleared.permit.identified

        def commit(connection: Connection, wanted: Path | None) -> None:
            now = self._clock()
            position = _position(connection, labelled)
            row = records.release_row(labelled, identified.batch_id, now, wanted)
            artwork = records.artwork_row(labelled, identified.batch_id, position)
            connection.execute(insert(releases), row)
            connection.execute(insert(artworks), artwork)
            connection.execute(insert(watermarks), records.watermark_row(labelled))
            facts = records.artwork_facts(labelled, row, artwork)
            self._append(connection, identified, "artwork", now, facts)
            if labelled.grant is not None:
                self._use_grant(connection, labelled.grant, identified, row, now)

        self._release(labelled, identified.batch_id, labelled.master, out, commit)
        return self.show(labelled.artwork_id)

    def release_sheet(self, sheet: LabelledSheet, out: Path | None = None) -> StoredSheet:
        """Keeps a batch's contact sheet, logs it, and writes the user's file, as `release` does."""
        identified = sheet.pictures[0].permit.identified

        def commit(connection: Connection, wanted: Path | None) -> None:
            now = self._clock()
            row = records.release_row(sheet, identified.batch_id, now, wanted)
            connection.execute(insert(releases), row)
            connection.execute(insert(watermarks), records.watermark_row(sheet))
            facts = records.sheet_facts(sheet, row)
            self._append(connection, identified, "sheet", now, facts)

        self._release(sheet, identified.batch_id, None, out, commit)
        found = self._find(releases.c.id == sheet.artwork_id)
        assert isinstance(found, StoredSheet)
        return found

    def _begin(
        self, connection: Connection, identified: Identified, holder: str, *, queued: int
    ) -> None:
        row = records.batch_row(identified)
        facts = records.request_facts(identified, row["request_sha256"])
        grams = [{"gram": g, "batch_id": row["id"]} for g in search.grams(row["folded"])]
        connection.execute(insert(batches), row)
        if grams:
            connection.execute(insert(prompt_grams), grams)
        connection.execute(
            insert(open_batches), {"batch_id": row["id"], "holder": holder, "queued": queued}
        )
        self._append(connection, identified, "request", identified.asked_at, facts)

    def _use_grant(
        self,
        connection: Connection,
        grant: Grant,
        identified: Identified,
        release: Mapping[str, Any],
        now: datetime,
    ) -> None:
        """No file without its visible mark leaves but by a grant that the database knows."""
        from danqing.identity.grants import use_grant

        use_grant(
            connection,
            self.database.ledger,
            grant,
            batch_id=identified.batch_id,
            person_id=identified.person.id,
            release=release,
            now=now,
        )

    def _announce(self) -> str:
        """Lets other starts know that this process is at work; returns the name it goes by."""
        with file_errors(self._run):
            return self._presence.name()

    def _release(
        self,
        file: Labelled | LabelledSheet,
        batch_id: str,
        master: bytes | None,
        out: Path | None,
        commit: Commit,
    ) -> None:
        outgoing = Outgoing(
            id=file.artwork_id,
            batch_id=batch_id,
            holder=self._announce(),
            media_type=file.media_type,
            data=file.data,
            sha256=file.sha256,
            master=master,
        )
        release(self.database, self.blobs, outgoing, out, commit)

    def _append(
        self,
        connection: Connection,
        identified: Identified,
        kind: EventKind,
        at: datetime,
        facts: Mapping[str, Any],
    ) -> None:
        event = Event(kind, at, facts, identified.batch_id, identified.person.id)
        self.database.ledger.append(connection, event)

    def _close(self, batch_id: str, kind: EventKind, facts: Mapping[str, Any]) -> None:
        with self.database.write() as connection:
            batch.require_open(connection, batch_id, self._announce())
            self._close_in(connection, batch_id, kind, facts)

    def _close_in(
        self, connection: Connection, batch_id: str, kind: EventKind, facts: Mapping[str, Any]
    ) -> batch.Settled:
        book, now = self.database.ledger, self._clock()
        return batch.close(connection, book, self.blobs, batch_id, kind, now, facts)

    # What people bring

    def keep_upload(self, upload: Upload, person: Person) -> None:
        """Seals a picture from outside, with a `source` line: who brought and declared it."""
        self._announce()
        uploads.keep_upload(self.database, self.blobs, upload, person, self._clock())

    def keep_mask(self, mask: Mask, person: Person) -> None:
        """Seals a mask, with a `source` line."""
        self._announce()
        uploads.keep_mask(self.database, self.blobs, mask, person, self._clock())

    def brought_by(self, digest: str, person_id: str) -> bool:
        """Whether this person brought a file with this hash, and declared that they may use it."""
        with self.database.read() as connection:
            return uploads.brought_by(connection, digest, person_id)

    def source_bytes(self, digest: str) -> bytes:
        """What was brought under this hash. Raises StoreDamaged."""
        return self.blobs.get("sources", digest)

    # After a kill

    def recover(self) -> Recovered:
        """Ends what dead processes left: closes their batches as interrupted, names files that were
        complete, removes what was not. Processes still at work are left alone."""
        with self.database.read() as connection:
            held = batch.holders(connection)
        cut_short = presence.any_dead(self._run)
        dead = [holder for holder in held if not presence.is_present(self._run, holder)]
        interrupted: list[str] = []
        delivered: list[Path] = []
        removed = 0
        with self.database.write() as connection:
            for batch_id in (b for holder in dead for b in held[holder]):
                if not batch.is_open(connection, batch_id):
                    continue  # another start came first
                facts = {"outcome": "interrupted"}
                settled = self._close_in(connection, batch_id, "closed", facts)
                interrupted.append(batch_id)
                delivered += settled.delivered
                removed += settled.removed
            removed += self.blobs.sweep(batch.digests_in_hand(connection))
            if cut_short:
                removed += uploads.sweep(connection, self.blobs)
        presence.sweep(self._run)
        self.recovered = Recovered(tuple(interrupted), tuple(delivered), removed)
        return self.recovered

    # Finding again

    def history(
        self,
        query: str | None = None,
        *,
        limit: int = 50,
        before: str | None = None,
        person_id: str | None = None,
    ) -> list[Stored]:
        """Artworks, newest first. query: parts of the prompt, in either script, in any language.

        before: an artwork id; only older ones are given, for the next page. person_id: whose; None
        for everybody's.
        """
        conditions: list[ColumnElement[bool]] = []
        if person_id is not None:
            conditions.append(batches.c.person_id == person_id)
        if before is not None:
            conditions.append(artworks.c.id < before)
        if query is not None and query.strip():
            conditions.append(search.matches(query))
        with self.database.read() as connection:
            return find_artworks(connection, *conditions, limit=limit)

    def drawn_for(self, batch_id: str) -> list[Stored]:
        """The artworks of a batch, in the order they were asked for."""
        with self.database.read() as connection:
            of_batch = artworks.c.batch_id == batch_id
            found = find_artworks(connection, of_batch, limit=MAX_PICTURES)
        return sorted(found, key=lambda artwork: artwork.position)

    def show(self, artwork_id: str) -> Stored:
        """One artwork by its id or the beginning of it, in either case.

        Raises NotFound, or InputError when several begin so.
        """
        prefix = artwork_id.strip().upper()
        begins_so = artworks.c.id.startswith(prefix, autoescape=True)
        with self.database.read() as connection:
            found = find_artworks(connection, begins_so, limit=2)
        if not found or not prefix:
            raise NotFound("store.no_such_artwork", id=artwork_id)
        if len(found) > 1:
            raise InputError("store.ambiguous_id", id=artwork_id)
        return found[0]

    def find_by_sha256(self, digest: str) -> Stored | StoredSheet | None:
        """What was released with these very bytes. digest: lower-case hex of SHA-256."""
        return self._find(releases.c.sha256 == digest)

    def find_by_produce_id(self, produce_id: str) -> Stored | StoredSheet | None:
        """What was released with this ProduceID in its AIGC label."""
        return self._find(releases.c.produce_id == produce_id)

    def released_bytes(self, artwork_id: str) -> bytes:
        """The labelled file. Raises NotFound, StoreDamaged."""
        return self.blobs.get("released", self.show(artwork_id).sha256)

    def master_pixels(self, artwork_id: str) -> Pixels:
        """The sealed master, (H, W, 4) uint8 straight RGBA: to compare with, or to start an edit.

        Raises NotFound, StoreDamaged.
        """
        from PIL import Image

        data = self.blobs.get("masters", self.show(artwork_id).master_sha256)
        with Image.open(BytesIO(data), formats=["PNG"]) as picture:
            return np.asarray(picture.convert("RGBA"), dtype=np.uint8)

    def verify_ledger(self, checkpoint: Checkpoint | None = None) -> LedgerCheck:
        """Walks the ledger's chain and its seal, past the lines of a checkpoint kept elsewhere."""
        with self.database.read() as connection:
            return self.database.ledger.verify(connection, checkpoint)

    def check(self, checkpoint: Checkpoint | None = None) -> StoreCheck:
        """Reads everything again: database, ledger, blobs, and that each accounts for the other."""
        from danqing.store.check import check

        return check(self.database, self.blobs, self._run, checkpoint)

    def _find(self, condition: ColumnElement[bool]) -> Stored | StoredSheet | None:
        with self.database.read() as connection:
            return find_release(connection, condition)


def open_store(
    home: Path, clock: Clock, *, database_url: str | None = None, blobs_url: str | None = None
) -> Store:
    """The store of a home folder, made on first use, with what a kill left behind put in order.

    database_url: as `open_database` takes it; None for SQLite. blobs_url: an object store; None for
    a folder in the home. `store.recovered` says what was put in order. Raises StoreError,
    StoreDamaged, StoreFull.
    """
    blobs = open_blobs(home, blobs_url)
    store = Store(open_database(home, database_url), blobs, clock)
    try:
        with suppress(StoreFull):  # pictures can still be looked at; a start with room tidies up
            store.recover()
    except BaseException:
        store.close()
        raise
    return store


def _position(connection: Connection, labelled: Labelled) -> int:
    """Which of the request's seeds this picture is; the first not yet drawn where seeds repeat."""
    identified = labelled.cleared.permit.identified
    query = select(artworks.c.position).where(artworks.c.batch_id == identified.batch_id)
    taken = set(connection.execute(query).scalars())
    for position, seed in enumerate(identified.request.seeds):
        if seed == labelled.cleared.rendered.seed and position not in taken:
            return position
    raise StoreError("store.not_asked_for", artwork_id=labelled.artwork_id)
