"""Between our values and what is written: rows, JSON and ledger facts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from danqing.db.times import utc_text, utc_time
from danqing.engines.protocol import Ignored
from danqing.identity.types import Identified
from danqing.policy.types import PackVersion, Reason, Withheld
from danqing.provenance.types import Labelled, LabelledSheet
from danqing.request.canonical import canonical_json, request_hash
from danqing.store.search import fold
from danqing.store.types import Stored, StoredSheet


def batch_row(identified: Identified) -> dict[str, Any]:
    request = identified.request
    prompt = request.reading.prompt
    return {
        "id": identified.batch_id,
        "person_id": identified.person.id,
        "asked_at": utc_text(identified.asked_at),
        "prompt": prompt.text,
        "folded": fold(prompt.text),
        "language": prompt.language,
        "request": canonical_json(request),
        "request_sha256": request_hash(request),
    }


def release_row(
    file: Labelled | LabelledSheet, batch_id: str, now: datetime, exported: Path | None
) -> dict[str, Any]:
    return {
        "id": file.artwork_id,
        "batch_id": batch_id,
        "created_at": utc_text(now),
        "media_type": file.media_type,
        "size_bytes": len(file.data),
        "sha256": file.sha256,
        "produce_id": file.aigc.produce_id,
        "exported": None if exported is None else str(exported),
    }


def watermark_row(file: Labelled | LabelledSheet) -> dict[str, Any]:
    found = file.fingerprint
    return {
        "release_id": file.artwork_id,
        "payload": found.payload,
        "pdq": found.pdq,
        "pdq_quality": found.pdq_quality,
    }


def artwork_row(labelled: Labelled, batch_id: str, position: int) -> dict[str, Any]:
    rendered = labelled.cleared.rendered
    height_px, width_px = rendered.result.pixels.shape[:2]
    return {
        "id": labelled.artwork_id,
        "batch_id": batch_id,
        "position": position,
        "engine": rendered.engine,
        "engine_version": rendered.engine_version,
        "seed": rendered.seed,
        "width_px": width_px,
        "height_px": height_px,
        "ignored": canonical_json(rendered.result.ignored),
        "master_sha256": sha256(labelled.master).hexdigest(),
        "master_pixels_sha256": labelled.master_pixels_sha256,
    }


def stored(row: Mapping[str, Any]) -> Stored:
    """From a row of artworks with its release and what its batch knows."""
    return Stored(
        **_release_fields(row),
        position=row["position"],
        person_id=row["person_id"],
        prompt=row["prompt"],
        language=row["language"],
        request_json=row["request"],
        engine=row["engine"],
        engine_version=row["engine_version"],
        seed=row["seed"],
        width_px=row["width_px"],
        height_px=row["height_px"],
        ignored=tuple(Ignored(**i) for i in json.loads(row["ignored"])),
        master_sha256=row["master_sha256"],
        master_pixels_sha256=row["master_pixels_sha256"],
    )


def stored_sheet(row: Mapping[str, Any]) -> StoredSheet:
    """From a row of releases with its batch's person_id."""
    return StoredSheet(**_release_fields(row), person_id=row["person_id"])


def _release_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    same = ("id", "batch_id", "media_type", "size_bytes", "sha256", "produce_id")
    return {key: row[key] for key in same} | {
        "created_at": utc_time(row["created_at"]),
        "path": None if row["exported"] is None else Path(row["exported"]),
    }


def request_facts(identified: Identified, request_sha256: str) -> dict[str, Any]:
    request = identified.request
    return {
        "prompt": request.reading.prompt.text,
        "language": request.reading.prompt.language,
        "engine": request.engine,
        "seeds": request.seeds,
        "width_px": request.width_px,
        "height_px": request.height_px,
        "style": request.style,
        "transparent": request.transparent,
        "format": request.format,
        "sources": request.sources,
        "mask": request.mask,
        "strength": request.strength,
        "request_sha256": request_sha256,
    }


def verdict_facts(packs: Sequence[PackVersion], reasons: Sequence[Reason]) -> dict[str, Any]:
    """A reason's explanation stays in its pack; the pack's hash says which."""
    return {
        "packs": [asdict(pack) for pack in packs],
        "reasons": [
            {key: value for key, value in asdict(reason).items() if key != "explanation"}
            for reason in reasons
        ],
    }


def withheld_facts(withheld: Withheld) -> dict[str, Any]:
    rendered = withheld.rendered
    return verdict_facts(withheld.permit.packs, withheld.reasons) | {
        "engine": rendered.engine,
        "engine_version": rendered.engine_version,
        "seed": rendered.seed,
        "checks": dict(withheld.checks),
    }


_RELEASE_FACTS = ("media_type", "size_bytes", "sha256", "produce_id")
_ARTWORK_FACTS = (
    "position", "engine", "engine_version", "seed", "master_sha256", "master_pixels_sha256",
)  # fmt: skip


def artwork_facts(
    labelled: Labelled, release: Mapping[str, Any], artwork: Mapping[str, Any]
) -> dict[str, Any]:
    facts = {key: release[key] for key in _RELEASE_FACTS}
    facts |= {key: artwork[key] for key in _ARTWORK_FACTS}
    return facts | {
        "artwork_id": labelled.artwork_id,
        "packs": [asdict(pack) for pack in labelled.cleared.permit.packs],
        "checks": dict(labelled.cleared.checks),
        "source_checks": labelled.cleared.permit.source_checks,
        "excused": labelled.cleared.permit.excused,
    }


def sheet_facts(sheet: LabelledSheet, release: Mapping[str, Any]) -> dict[str, Any]:
    return {key: release[key] for key in _RELEASE_FACTS} | {
        "artwork_id": sheet.artwork_id,
        "seeds": [picture.rendered.seed for picture in sheet.pictures],
    }
