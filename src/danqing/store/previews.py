"""Pictures on their way, for whoever watches: kept for minutes, noted in the ledger for good."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from danqing.db.job_tables import previews
from danqing.db.ledger import Event, Ledger
from danqing.db.times import utc_text, utc_time
from danqing.provenance.types import LabelledPreview

KEPT_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Preview:
    """A labelled picture on its way. number: of those of its picture, from 0. base64: the file."""

    id: str
    batch_id: str
    seed: int
    number: int
    created_at: datetime
    media_type: str
    width_px: int
    height_px: int
    base64: str


def lay_out(
    connection: Connection, book: Ledger, preview: LabelledPreview, preview_id: str, now: datetime
) -> None:
    """Lays a preview out, with its ledger line."""
    rendered, identified = preview.cleared.rendered, preview.cleared.permit.identified
    height_px, width_px = rendered.result.pixels.shape[:2]
    earlier = select(func.count()).where(
        previews.c.batch_id == identified.batch_id, previews.c.seed == rendered.seed
    )
    number = connection.execute(earlier).scalar_one()
    connection.execute(
        insert(previews).values(
            id=preview_id,
            batch_id=identified.batch_id,
            seed=rendered.seed,
            number=number,
            created_at=utc_text(now),
            media_type=preview.media_type,
            width_px=width_px,
            height_px=height_px,
            base64=base64.b64encode(preview.data).decode("ascii"),
        )
    )
    facts = {
        "artwork_id": preview.artwork_id, "produce_id": preview.aigc.produce_id,
        "sha256": preview.sha256, "size_bytes": len(preview.data),
        "media_type": preview.media_type, "seed": rendered.seed, "engine": rendered.engine,
        "engine_version": rendered.engine_version, "checks": dict(preview.cleared.checks),
    }  # fmt: skip
    person_id = identified.person.id
    book.append(connection, Event("preview", now, facts, identified.batch_id, person_id))


def forget(connection: Connection, now: datetime) -> None:
    """Takes away what has lain there for long enough."""
    connection.execute(delete(previews).where(previews.c.created_at < utc_text(now - KEPT_FOR)))


def laid_out(connection: Connection, batch_id: str, after: str) -> Sequence[Preview]:
    """Those of a batch that are still there, in order. after: an id; "" for all."""
    query = (
        select(previews)
        .where(previews.c.batch_id == batch_id, previews.c.id > after)
        .order_by(previews.c.id)
    )
    return [
        Preview(**{**row._mapping, "created_at": utc_time(row.created_at)})
        for row in connection.execute(query)
    ]
