"""Which release does a file come from? Asked of its bytes, its label, its signature, its pixels.

    kind         what it rests on                                              strength
    bytes        SHA-256 equals that of a released file                         exact
    signature    an intact C2PA manifest of ours, and a label that names it     strong
    watermark    its 32 bits, read with this home's key, are the release's      strong
    label        an AIGC label names it; anybody can write such a label         weak
    likeness     PDQ hashes differ in at most 31 of 256 bits: it looks alike    weak

A watermark whose picture doesn't look like the release's is `fair` only: it may have been cropped or
repainted since, or the mark was carried over from another. Every search is a `disclosure` in the ledger,
whatever it finds: it leads to a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, select

from danqing.db.ledger import Event
from danqing.db.tables import releases, watermarks
from danqing.errors import InputError
from danqing.identity.roles import require
from danqing.provenance.pdq import MIN_QUALITY, NEAR, distance, pdq_hash
from danqing.provenance.watermark import Watermark, WatermarkKey, detect
from danqing.store.catalogue import find_release

if TYPE_CHECKING:
    from danqing.db.database import Database
    from danqing.engines.protocol import Pixels
    from danqing.identity.types import Person
    from danqing.provenance import Findings
    from danqing.store.types import Stored, StoredSheet

Kind = Literal["bytes", "signature", "watermark", "label", "likeness"]
Strength = Literal["exact", "strong", "fair", "weak"]
_ORDER: tuple[Strength, ...] = ("exact", "strong", "fair", "weak")
MOST_ALIKE = 5
"""Of releases that look alike no more than this many, the likest, are given."""
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Evidence:
    """score, chance: of a watermark (`watermark.Watermark`). distance: of a likeness, in bits."""

    kind: Kind
    strength: Strength
    score: float | None = None
    chance: float | None = None
    distance: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """A release the file may come from, with what speaks for it, the strongest first."""

    release: Stored | StoredSheet
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """origins: the best founded first. pixels: whether there were any to look at; of a kind of file
    that isn't decoded here only bytes, label and signature were. unknown: a watermark made with
    this home's key whose number is no release's. too_plain: the picture has too little in it for a
    likeness to mean anything."""

    origins: tuple[Origin, ...]
    pixels: bool
    unknown: Watermark | None
    too_plain: bool


@dataclass(slots=True)
class _Gathered:
    """Evidence by release id."""

    by_id: dict[str, list[Evidence]] = field(default_factory=dict)

    def add(self, release_id: str, evidence: Evidence) -> None:
        self.by_id.setdefault(release_id, []).append(evidence)


def find_origin(
    database: Database,
    data: bytes,
    findings: Findings,
    key: WatermarkKey | None,
    *,
    by: Person,
    now: datetime,
) -> Search:
    """Everything that leads from a file to a release, and the ledger line of having asked.

    findings: of the same bytes, under this home's trust anchors. key: None where nothing was ever
    marked. Raises Forbidden unless `by` may trace, StoreError, StoreDamaged.
    """
    require(by, "trace")
    pixels = _pixels_of(data)
    mark = None if pixels is None or key is None else detect(pixels, key)
    pdq = None if pixels is None else pdq_hash(pixels)
    gathered = _Gathered()
    with database.read() as connection:
        _by_name(connection, findings, gathered)
        marked = [] if mark is None else _with_payload(connection, mark.payload)
        alike: dict[str, int] = {}
        if pdq is not None and pdq.quality >= MIN_QUALITY:
            alike = _looking_like(connection, pdq.text)
        if mark is not None and pdq is not None:
            for release_id, other in marked:
                near = distance(pdq.text, other) <= NEAR
                gathered.add(release_id, _by_mark(mark, near=near))
        for release_id, bits in alike.items():
            gathered.add(release_id, Evidence("likeness", "weak", distance=bits))
        origins = tuple(_origins(connection, gathered))
    with database.write() as connection:
        facts = _facts(findings, origins, mark)
        database.ledger.append(connection, Event("disclosure", now, facts, person_id=by.id))
    too_plain = pdq is not None and pdq.quality < MIN_QUALITY
    return Search(origins, pixels is not None, None if marked else mark, too_plain)


def mark_in(data: bytes, key: WatermarkKey | None) -> Watermark | None:
    """This home's watermark in a picture file; None also for what can't be decoded here, and
    where nothing was ever marked."""
    pixels = None if key is None else _pixels_of(data)
    return None if pixels is None or key is None else detect(pixels, key)


def is_of_a_release(database: Database, payload: int, pdq: str) -> bool:
    """Whether a watermark's number is that of a release that looks like the picture it was read in.

    Says nothing of whose, so it may be asked by anybody and leaves no line. pdq: of that picture.
    """
    with database.read() as connection:
        return any(distance(pdq, other) <= NEAR for _, other in _with_payload(connection, payload))


def _pixels_of(data: bytes) -> Pixels | None:
    from danqing.sources.reading import open_picture

    try:
        return open_picture(data).pixels
    except InputError:
        return None


def _by_name(connection: Connection, findings: Findings, gathered: _Gathered) -> None:
    """By the file's own bytes, and by what it says of itself."""
    same = select(releases.c.id).where(releases.c.sha256 == findings.sha256)
    for release_id in connection.execute(same).scalars():
        gathered.add(release_id, Evidence("bytes", "exact"))
    named = select(releases.c.id).where(releases.c.produce_id.in_(findings.produce_ids))
    signed = findings.credential.state == "trusted"
    for release_id in connection.execute(named).scalars():
        found = Evidence("signature", "strong") if signed else Evidence("label", "weak")
        gathered.add(release_id, found)


def _with_payload(connection: Connection, payload: int) -> Sequence[tuple[str, str]]:
    """Id and PDQ hash of every release with these 32 bits."""
    query = select(watermarks.c.release_id, watermarks.c.pdq).where(watermarks.c.payload == payload)
    return [(row.release_id, row.pdq) for row in connection.execute(query)]


def _by_mark(mark: Watermark, *, near: bool) -> Evidence:
    strength: Strength = "strong" if near else "fair"
    return Evidence("watermark", strength, score=mark.score, chance=mark.chance)


def _looking_like(connection: Connection, pdq: str) -> dict[str, int]:
    """The releases nearest in PDQ, with their distances: a walk over all, a few microseconds each,
    in pages, so that memory doesn't grow with their number."""
    nearest = nsmallest(MOST_ALIKE, _near(connection, pdq))
    return {release_id: bits for bits, release_id in nearest}


def _near(connection: Connection, pdq: str) -> Iterator[tuple[int, str]]:
    last = ""
    while True:
        page = connection.execute(
            select(watermarks.c.release_id, watermarks.c.pdq)
            .where(watermarks.c.release_id > last, watermarks.c.pdq_quality >= MIN_QUALITY)
            .order_by(watermarks.c.release_id)
            .limit(_PAGE)
        ).all()
        for row in page:
            bits = distance(pdq, row.pdq)
            if bits <= NEAR:
                yield bits, row.release_id
        if len(page) < _PAGE:
            return
        last = page[-1].release_id


def _origins(connection: Connection, gathered: _Gathered) -> Iterator[Origin]:
    def founded(evidence: list[Evidence]) -> list[int]:
        return sorted(_ORDER.index(e.strength) for e in evidence)

    for release_id, evidence in sorted(gathered.by_id.items(), key=lambda item: founded(item[1])):
        release = find_release(connection, releases.c.id == release_id)
        if release is not None:
            best_first = sorted(evidence, key=lambda e: _ORDER.index(e.strength))
            yield Origin(release, tuple(best_first))


def _facts(findings: Findings, origins: Sequence[Origin], mark: Watermark | None) -> dict[str, Any]:
    """What was asked and found. The file itself is not kept."""
    return {
        "step": "origin",
        "sha256": findings.sha256,
        "size_bytes": findings.size_bytes,
        "payload": None if mark is None else mark.payload,
        "found": [
            {
                "artwork_id": origin.release.id,
                "person_id": origin.release.person_id,
                "evidence": [f"{e.kind}:{e.strength}" for e in origin.evidence],
            }
            for origin in origins
        ],
    }
