"""What is in a home, to look up: artworks by their words, ids, bytes and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import ColumnElement

from danqing.db.blobs import BlobStore
from danqing.db.database import Database
from danqing.db.ledger import LedgerCheck
from danqing.db.tables import artworks, batches, releases
from danqing.engines.protocol import Pixels
from danqing.errors import InputError, NotFound
from danqing.request.types import MAX_PICTURES
from danqing.store import batches as batch
from danqing.store import previews, search, uploads
from danqing.store.catalogue import find_artworks, find_release
from danqing.store.previews import Preview
from danqing.store.types import Stored, StoredSheet

if TYPE_CHECKING:
    from danqing.db.checkpoints import Checkpoint
    from danqing.store.check import StoreCheck

ID_CHARACTERS = 26
"""Of a whole id, a ULID."""


class Archive:
    """The half of a store that only reads. Safe to share between threads."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self.database = database
        self.blobs = blobs
        self._run = database.home / "run"

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
        return self.drawn_for_all([batch_id])[batch_id]

    def drawn_for_all(self, batch_ids: Sequence[str]) -> dict[str, list[Stored]]:
        """The artworks of each of some batches, in the order they were asked for."""
        drawn: dict[str, list[Stored]] = {batch_id: [] for batch_id in batch_ids}
        with self.database.read() as connection:
            of_them = artworks.c.batch_id.in_(batch_ids)
            limit = MAX_PICTURES * len(batch_ids)
            for artwork in find_artworks(connection, of_them, limit=limit):
                drawn[artwork.batch_id].append(artwork)
        for pictures in drawn.values():
            pictures.sort(key=lambda artwork: artwork.position)
        return drawn

    def show(self, artwork_id: str) -> Stored:
        """One artwork by its id or the beginning of it, in either case.

        Raises NotFound, or InputError when several begin so.
        """
        prefix = artwork_id.strip().upper()
        begins_so = artworks.c.id == prefix
        if len(prefix) < ID_CHARACTERS:  # LIKE walks through all there are
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
        return self.file_of(self.show(artwork_id))

    def file_of(self, artwork: Stored) -> bytes:
        """Its labelled file. Raises StoreDamaged."""
        return self.blobs.get("released", artwork.sha256)

    def master_pixels(self, artwork_id: str) -> Pixels:
        """The sealed master, (H, W, 4) uint8 straight RGBA: to compare with, or to start an edit.

        Raises NotFound, StoreDamaged.
        """
        from PIL import Image

        data = self.blobs.get("masters", self.show(artwork_id).master_sha256)
        with Image.open(BytesIO(data), formats=["PNG"]) as picture:
            return np.asarray(picture.convert("RGBA"), dtype=np.uint8)

    def outcome(self, batch_id: str) -> str | None:
        """How a batch ended: `refusal`, `hold`, `failed`, `finished`, `interrupted` or `cancelled`;
        None while it is open."""
        with self.database.read() as connection:
            return batch.outcome(connection, batch_id)

    def brought_by(self, digest: str, person_id: str) -> bool:
        """Whether this person brought a file with this hash, and declared that they may use it."""
        with self.database.read() as connection:
            return uploads.brought_by(connection, digest, person_id)

    def source_bytes(self, digest: str) -> bytes:
        """What was brought under this hash. Raises StoreDamaged."""
        return self.blobs.get("sources", digest)

    def previews_of(self, batch_id: str, after: str = "") -> Sequence[Preview]:
        """What was laid out of a batch in the last minutes, in order. after: the id of the last one
        that was seen."""
        with self.database.read() as connection:
            return previews.laid_out(connection, batch_id, after)

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
