"""/api/ledger: the record of who asked for what, for those who answer for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from danqing.identity import require
from danqing.server.caller import CallerDep, LedgerReaderDep
from danqing.server.house import HouseDep
from danqing.server.parts import Part
from danqing.server.reaching import ULID_PATTERN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from danqing.db import Line
    from danqing.server.house import House

router = Part(prefix="/ledger", tags=["For operators"])


class LineDocument(BaseModel):
    """One line; person_id: pseudonymous. facts: absent where retention has taken them away."""

    seq: int
    kind: str
    at: str
    batch_id: str | None
    person_id: str | None
    facts: dict[str, Any] | None
    hash: str


class Lines(BaseModel):
    lines: list[LineDocument]
    after: int | None = None


class FaultDocument(BaseModel):
    line: int
    code: str


class Check(BaseModel):
    sound: bool
    lines: int
    head: str
    fault: FaultDocument | None = None


@router.get("", summary="Lines of the ledger, in order")
def lines(
    house: HouseDep,
    caller: LedgerReaderDep,  # noqa: ARG001 - to be let in
    after: Annotated[int, Query(ge=0, lt=2**62)] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    batch_id: Annotated[str | None, Query(pattern=ULID_PATTERN)] = None,
) -> Lines:
    found: list[LineDocument] = []
    for line in _lines(house, after, batch_id):
        found.append(LineDocument(**_document(line)))
        if len(found) == limit:
            break
    return Lines(lines=found, after=found[-1].seq if len(found) == limit else None)


@router.get("/check", summary="Walk the whole chain and its seal")
def check(house: HouseDep, caller: LedgerReaderDep) -> Check:  # noqa: ARG001
    found = house.services.store.verify_ledger()
    fault = None if found.fault is None else FaultDocument(
        line=found.fault.seq, code=found.fault.what
    )  # fmt: skip
    return Check(sound=fault is None, lines=found.lines, head=found.head_hash, fault=fault)


@router.get(
    "/export",
    summary="The ledger as JSON Lines",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/jsonl": {"schema": {"type": "string"}}}}},
)
def export(house: HouseDep, caller: CallerDep) -> StreamingResponse:
    """Salts included, so that docs/check_ledger.py can check it by itself."""
    require(caller.person, "ledger.export")
    return StreamingResponse(_jsonl(house), media_type="application/jsonl")


def _jsonl(house: House) -> Iterator[str]:
    from dataclasses import asdict

    for line in _lines(house, 0, None):
        yield json.dumps(asdict(line), ensure_ascii=False) + "\n"


def _lines(house: House, after: int, batch_id: str | None) -> Iterator[Line]:
    database = house.services.store.database
    with database.read() as connection:
        yield from database.ledger.lines(connection, batch_id=batch_id, after_seq=after)


def _document(line: Line) -> dict[str, Any]:
    try:
        facts = json.loads(line.facts)
    except ValueError:
        facts = None
    return {
        "seq": line.seq, "kind": line.kind, "at": line.at, "batch_id": line.batch_id,
        "person_id": line.person_id, "facts": facts, "hash": line.hash,
    }  # fmt: skip
