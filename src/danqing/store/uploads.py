"""What people bring: sealed under its hash, with a ledger line that says who declared what of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, insert, select

from danqing.db.blobs import BlobStore
from danqing.db.database import Database
from danqing.db.ledger import Event
from danqing.db.tables import uploads
from danqing.db.times import utc_text
from danqing.errors import StoreError
from danqing.identity.types import Person
from danqing.provenance import Findings
from danqing.sources import Mask, Upload

MAX_LABELS, MAX_VALUE_CHARACTERS = 4, 200
Role = Literal["picture", "mask"]


def keep_upload(
    database: Database, blobs: BlobStore, upload: Upload, person: Person, now: datetime
) -> None:
    """Seals a picture and logs it: its hash, who brought it, what they declared, what it says of
    itself. Brought again, it is declared again: another line, the same bytes."""
    row = _row("picture", upload, upload.media_type, person, now)
    facts = {"declaration": upload.declaration, "found": found(upload.findings)}
    _keep(database, blobs, upload.data, row, facts, now)


def keep_mask(
    database: Database, blobs: BlobStore, mask: Mask, person: Person, now: datetime
) -> None:
    """Seals a mask and logs it."""
    row = _row("mask", mask, "image/png", person, now)
    _keep(database, blobs, mask.data, row, {}, now)


def _row(
    role: Role, brought: Upload | Mask, media_type: str, person: Person, now: datetime
) -> dict[str, Any]:
    return {
        "sha256": brought.sha256,
        "person_id": person.id,
        "role": role,
        "first_at": utc_text(now),
        "media_type": media_type,
        "size_bytes": len(brought.data),
        "width_px": brought.width_px,
        "height_px": brought.height_px,
    }


def _keep(
    database: Database, blobs: BlobStore, data: bytes,
    row: Mapping[str, Any], more: Mapping[str, Any], now: datetime,
) -> None:  # fmt: skip
    digest, person_id = row["sha256"], row["person_id"]
    facts = {k: v for k, v in row.items() if k not in ("person_id", "first_at")} | dict(more)
    try:
        with database.write() as connection:
            # Written while no one else writes: bytes without a row are always a dead process's.
            blobs.put("sources", data)
            if not brought_by(connection, digest, person_id):
                connection.execute(insert(uploads), dict(row))
            database.ledger.append(connection, Event("source", now, facts, person_id=person_id))
    except BaseException:
        with suppress(StoreError):  # what went wrong first is what the person should read
            _discard(database, blobs, digest)
        raise


def _discard(database: Database, blobs: BlobStore, digest: str) -> None:
    claimed = select(uploads.c.sha256).where(uploads.c.sha256 == digest).limit(1)
    with database.write(lasting=False) as connection:
        if connection.execute(claimed).first() is None:
            blobs.remove("sources", digest)


def brought_by(connection: Connection, digest: str, person_id: str) -> bool:
    """Whether this person brought these bytes, and so declared that they may use them."""
    query = select(uploads.c.sha256).where(
        uploads.c.sha256 == digest, uploads.c.person_id == person_id
    )
    return connection.execute(query).first() is not None


def sweep(connection: Connection, blobs: BlobStore) -> int:
    """Removes sealed sources that no row claims, within a write transaction; returns how many."""
    claimed = set(connection.execute(select(uploads.c.sha256)).scalars())
    strays = [digest for digest in blobs.digests("sources") if digest not in claimed]
    for digest in strays:
        blobs.remove("sources", digest)
    return len(strays)


def found(findings: Findings) -> dict[str, Any]:
    """What a file says of itself, for the ledger: bounded, and text that UTF-8 can hold."""
    credential = findings.credential
    return {
        "ai_generated": findings.claims_ai,
        "labels": [
            {"place": _clean(label.place)} | {_clean(n): _clean(v) for n, v in label.fields}
            for label in findings.labels[:MAX_LABELS]
        ],
        "source_types": [_clean(value) for value in findings.source_types[:MAX_LABELS]],
        "c2pa": credential.state,
        "c2pa_signer": None if credential.signer is None else _clean(credential.signer),
        "generation_texts": [_clean(place) for place in findings.generation_texts[:MAX_LABELS]],
    }


def _clean(text: str) -> str:
    return text[:MAX_VALUE_CHARACTERS].encode("utf-8", "replace").decode()
