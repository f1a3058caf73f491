"""Rulings and pending verdicts as values, and how they are read from the database's rows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from danqing.errors import NotFound
from danqing.policy.conduct import CATEGORY
from danqing.request.canonical import canonical_json
from danqing.request.types import Request

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

Decision = Literal["allow", "refuse", "pardon"]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a reviewer decided. rules: those an `allow` overturns. because: in their own words."""

    id: str
    decision: Decision
    batch_id: str | None
    person_id: str | None
    rules: tuple[str, ...]
    because: str
    reviewer_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """A verdict a reviewer may look at. kind: refusal, hold or withheld; rules: with their packs."""

    batch_id: str
    person_id: str
    kind: str
    prompt: str
    reasons: tuple[tuple[str, str, str], ...]
    at: datetime
    ruling: Ruling | None


def matter_of(request: Request) -> str:
    """What a ruling binds: SHA-256 over the words, the sources and the mask."""
    return matter_hash(request.reading.prompt.text, request.sources, request.mask)


def matter_hash(text: str, sources: Any, mask: Any) -> str:
    told = canonical_json({"text": text, "sources": sources, "mask": mask})
    return hashlib.sha256(told.encode()).hexdigest()


def reasons_of(facts: str) -> tuple[tuple[str, str, str], ...]:
    """(rule, pack, category) of a verdict's line; none where retention has forgotten it."""
    told = json.loads(facts) if facts else {}
    return tuple((r["rule"], r["pack"], r["category"]) for r in told.get("reasons", ()))


def categories_of(facts: str) -> frozenset[str]:
    """What a refusal was for; nothing when only earlier conduct or a ruling stopped it."""
    return frozenset(c for _, _, c in reasons_of(facts)) - {CATEGORY}


def pending_of(row: RowMapping, ruling: Ruling | None) -> Pending:
    from danqing.db.times import utc_time

    return Pending(
        batch_id=row["batch_id"],
        person_id=row["person_id"],
        kind=row["kind"],
        prompt=row["prompt"],
        reasons=reasons_of(row["facts"]),
        at=utc_time(row["at"]),
        ruling=ruling,
    )


def ruling_of(row: Any) -> Ruling:
    from danqing.db.times import utc_time

    return Ruling(
        id=row["id"],
        decision=row["decision"],
        batch_id=row["batch_id"],
        person_id=row["person_id"],
        rules=tuple(json.loads(row["rules"])),
        because=row["because"],
        reviewer_id=row["reviewer_id"],
        at=utc_time(row["at"]),
    )


def plain_id(text: str) -> str:
    """An id, or the beginning of one, with nothing in it that LIKE would read."""
    plain = text.strip().upper()
    if not plain or not plain.isalnum():
        raise NotFound("policy.no_such_batch", id=text)
    return plain


def new_id(now: datetime) -> str:
    from ulid import ULID

    return str(ULID.from_datetime(now))
