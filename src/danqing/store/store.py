"""The last stage of the road: what is drawn is kept, logged and handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

from sqlalchemy import Connection, insert
from ulid import ULID

from danqing.db.blobs import BlobStore, open_blobs
from danqing.db.database import Database, open_database
from danqing.db.faults import file_errors
from danqing.db.ledger import Event, EventKind
from danqing.db.tables import batches, open_batches, prompt_grams, releases
from danqing.errors import StoreFull
from danqing.identity.types import Identified, Person
from danqing.policy.types import Held, Refusal, Withheld
from danqing.provenance.types import Labelled, LabelledPreview, LabelledSheet
from danqing.sources import Mask, Upload
from danqing.store import batches as batch
from danqing.store import presence, previews, records, search, uploads
from danqing.store.archive import Archive
from danqing.store.keeping import keep_picture, keep_sheet
from danqing.store.release import Commit, Outgoing, release
from danqing.store.types import Recovered, Stored, StoredSheet

Clock = Callable[[], datetime]


class Store(Archive):
    """Artworks of one home folder. Safe to share between threads. Use it in a `with`, or close it.

    A batch goes `begin`, then any number of `release`, `release_sheet` and `record_withheld`, then
    `finish`; or ends with `record_refusal`, `record_hold` or `record_failure`. clock: gives the
    time, UTC and aware.
    """

    def __init__(self, database: Database, blobs: BlobStore, clock: Clock) -> None:
        super().__init__(database, blobs)
        self.recovered = Recovered()
        self._clock = clock
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

    def take(self, batch_id: str) -> bool:
        """Makes a batch of the queue this store's own; from then on whoever held it adds nothing.

        False when the batch is closed. Raises NotFound.
        """
        holder = self._announce()
        with self.database.write(lasting=False) as connection:  # lost, it is nobody's once more
            if not batch.is_open(connection, batch_id):
                return False
            batch.take(connection, self.blobs, batch_id, holder)
            return True

    def close_queued(
        self, connection: Connection, batch_id: str, outcome: Literal["finished", "cancelled"]
    ) -> None:
        """Closes a batch of the queue, within the queue's transaction that has made sure whose it is,
        unless it is closed."""
        if batch.is_open(connection, batch_id):
            self._close_in(connection, batch_id, "closed", {"outcome": outcome})

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

    def record_failure(self, batch_id: str, error_code: str) -> None:
        """Closes the batch after an error. What was released before it stays."""
        self._close(batch_id, "failed", {"error": error_code})

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

        def commit(connection: Connection, wanted: Path | None) -> None:
            keep_picture(connection, self.database.ledger, labelled, wanted, self._clock())

        batch_id = labelled.cleared.permit.identified.batch_id
        self._release(labelled, batch_id, labelled.master, out, commit)
        return self.show(labelled.artwork_id)

    def release_sheet(self, sheet: LabelledSheet, out: Path | None = None) -> StoredSheet:
        """Keeps a batch's contact sheet, logs it, and writes the user's file, as `release` does."""

        def commit(connection: Connection, wanted: Path | None) -> None:
            keep_sheet(connection, self.database.ledger, sheet, wanted, self._clock())

        batch_id = sheet.pictures[0].permit.identified.batch_id
        self._release(sheet, batch_id, None, out, commit)
        found = self._find(releases.c.id == sheet.artwork_id)
        assert isinstance(found, StoredSheet)
        return found

    def show_preview(self, preview: LabelledPreview) -> None:
        """Lays out a labelled picture on its way for whoever watches, and logs that it was shown.

        Nothing of it is kept for longer than minutes. Raises StoreError when the batch is another's
        by now."""
        identified = preview.cleared.permit.identified
        with self.database.write() as connection:
            batch.require_open(connection, identified.batch_id, self._announce())
            now = self._clock()
            preview_id = str(ULID.from_datetime(now))
            previews.lay_out(connection, self.database.ledger, preview, preview_id, now)

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
