"""What a release writes in the database: its rows and its ledger line, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from danqing.db.ledger import Event, Ledger
from danqing.db.tables import artworks, releases, watermarks
from danqing.errors import StoreError
from danqing.identity.types import Grant, Identified
from danqing.provenance.types import Labelled, LabelledSheet
from danqing.store import records


def keep_picture(
    connection: Connection, book: Ledger, labelled: Labelled, wanted: Path | None, now: datetime
) -> None:
    """wanted: where its file is to be; None without one. Raises StoreError for a picture nobody asked
    for, Forbidden for a grant the database doesn't know."""
    identified = labelled.cleared.permit.identified
    position = _position(connection, labelled)
    row = records.release_row(labelled, identified.batch_id, now, wanted)
    artwork = records.artwork_row(labelled, identified.batch_id, position)
    connection.execute(insert(releases), row)
    connection.execute(insert(artworks), artwork)
    connection.execute(insert(watermarks), records.watermark_row(labelled))
    facts = records.artwork_facts(labelled, row, artwork)
    book.append(connection, Event("artwork", now, facts, identified.batch_id, identified.person.id))
    if labelled.grant is not None:
        _use_grant(connection, book, labelled.grant, identified, row, now)


def keep_sheet(
    connection: Connection, book: Ledger, sheet: LabelledSheet, wanted: Path | None, now: datetime
) -> None:
    """As `keep_picture`, for a batch's contact sheet."""
    identified = sheet.pictures[0].permit.identified
    row = records.release_row(sheet, identified.batch_id, now, wanted)
    connection.execute(insert(releases), row)
    connection.execute(insert(watermarks), records.watermark_row(sheet))
    facts = records.sheet_facts(sheet, row)
    book.append(connection, Event("sheet", now, facts, identified.batch_id, identified.person.id))


def _use_grant(
    connection: Connection,
    book: Ledger,
    grant: Grant,
    identified: Identified,
    release: Mapping[str, Any],
    now: datetime,
) -> None:
    """No file without its visible mark leaves but by a grant that the database knows."""
    from danqing.identity.grants import use_grant

    use_grant(
        connection,
        book,
        grant,
        batch_id=identified.batch_id,
        person_id=identified.person.id,
        release=release,
        now=now,
    )


def _position(connection: Connection, labelled: Labelled) -> int:
    """Which of the request's seeds this picture is; the first not yet drawn where seeds repeat."""
    identified = labelled.cleared.permit.identified
    query = select(artworks.c.position).where(artworks.c.batch_id == identified.batch_id)
    taken = set(connection.execute(query).scalars())
    for position, seed in enumerate(identified.request.seeds):
        if seed == labelled.cleared.rendered.seed and position not in taken:
            return position
    raise StoreError("store.not_asked_for", artwork_id=labelled.artwork_id)
