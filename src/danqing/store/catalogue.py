"""Reading artworks and sheets back from their tables."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select

from danqing.db.tables import artworks, batches, releases
from danqing.store import records
from danqing.store.types import Stored, StoredSheet

_ARTWORKS = (
    select(
        releases,
        artworks,
        *(batches.c[name] for name in ("person_id", "prompt", "language", "request")),
    )
    .select_from(artworks.join(releases).join(batches, batches.c.id == artworks.c.batch_id))
    .order_by(artworks.c.id.desc())
)


def find_artworks(
    connection: Connection, *conditions: ColumnElement[bool], limit: int
) -> list[Stored]:
    """Artworks that meet all conditions, newest first."""
    query = _ARTWORKS.where(*conditions).limit(limit)
    return [records.stored(dict(row)) for row in connection.execute(query).mappings()]


def find_release(
    connection: Connection, condition: ColumnElement[bool]
) -> Stored | StoredSheet | None:
    """The newest released file that meets a condition on `releases`."""
    query = (
        select(releases, batches.c.person_id)
        .select_from(releases.join(batches))
        .where(condition)
        .order_by(releases.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    pictures = find_artworks(connection, artworks.c.id == row["id"], limit=1)
    return pictures[0] if pictures else records.stored_sheet(dict(row))
