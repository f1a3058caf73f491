"""Files of others that were labelled or classified here: a ledger line each, and nothing kept.

A ProduceID or PropagateID that this installation gave out leads back to that line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any

from danqing.db.database import Database
from danqing.db.ledger import Event, EventKind
from danqing.identity.types import Person
from danqing.provenance import Classified, LabelledFile
from danqing.provenance.rotation import Certificate


def record_labelled(
    database: Database,
    person: Person,
    original: bytes,
    made: LabelledFile,
    *,
    content_id: str,
    now: datetime,
) -> None:
    """A file was labelled on this person's word that AI made it (Labelling Measures, Art. 10)."""
    _append(database, "labelled", person, now, {"id": content_id, **_facts(original, made)})


def record_classified(
    database: Database,
    person: Person,
    original: bytes,
    classified: Classified,
    made: LabelledFile | None,
    *,
    declared: bool,
    content_id: str,
    now: datetime,
) -> None:
    """A file was looked at before it is spread (Art. 6). made: None where nothing was written."""
    written: dict[str, Any] = {"from_sha256": sha256(original).hexdigest(), "sha256": None}
    if made is not None:
        written = _facts(original, made)
    facts = {
        "id": content_id,
        "declared": declared,
        "verdict": classified.verdict,
        "evidence": [remark.code for _, remark in classified.evidence],
        **written,
    }
    _append(database, "classified", person, now, facts)


def record_keys(
    database: Database, person: Person, inside: Sequence[Certificate], now: datetime
) -> None:
    """Signing keys were replaced; what is in use now, by its certificates."""
    facts = {"certificates": [{"role": c.role, "sha256": c.sha256} for c in inside]}
    _append(database, "keys", person, now, facts)


def _facts(original: bytes, made: LabelledFile) -> dict[str, Any]:
    return {
        "from_sha256": sha256(original).hexdigest(),
        "sha256": made.sha256,
        "media_type": made.media_type,
        "explicit": made.explicit,
        "aigc": None if made.aigc is None else asdict(made.aigc),
    }


def _append(
    database: Database, kind: EventKind, person: Person, now: datetime, facts: dict[str, Any]
) -> None:
    with database.write() as connection:
        database.ledger.append(connection, Event(kind, now, facts, person_id=person.id))
