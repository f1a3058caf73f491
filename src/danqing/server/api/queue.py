"""/api/queue: the whole line, and what an operator shuts and opens."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from danqing.errors import NotFound
from danqing.jobs.types import GateKind, GateState, ShutState
from danqing.server.caller import JobsManagerDep
from danqing.server.house import HouseDep
from danqing.server.moments import Moment
from danqing.server.parts import Part

if TYPE_CHECKING:
    from danqing.jobs import Gate

router = Part(prefix="/queue", tags=["For operators"])
Kind = Annotated[GateKind, Path(examples=["engine"])]
Name = Annotated[str, Path(max_length=64, examples=["mini"])]


class LineDocument(BaseModel):
    engine: str
    waiting: int
    running: int
    waiting_pictures: int
    workers: int
    s_per_picture: float | None


class GateDocument(BaseModel):
    kind: GateKind
    name: str
    state: GateState
    since: datetime
    per_minute: int | None
    until: datetime | None
    note: str | None


class WorkerDocument(BaseModel):
    id: str
    engines: list[str]
    started_at: datetime
    seen_at: datetime
    working_on: int


class Overview(BaseModel):
    lines: list[LineDocument]
    gates: list[GateDocument]
    workers: list[WorkerDocument]


class Shut(BaseModel):
    """paused: jobs of an engine are taken and wait. slowed: few a minute. closed: no new ones."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"state": "slowed", "per_minute": 10}]}
    )

    state: ShutState
    per_minute: int | None = Field(None, ge=1, le=100_000)
    until: Moment | None = None
    note: str | None = Field(
        None, max_length=500, description="For operators; shown to no one else."
    )


@router.get("", summary="The queue as it stands")
def overview(house: HouseDep, caller: JobsManagerDep) -> Overview:  # noqa: ARG001 - to be let in
    found = house.queue.overview()
    return Overview(
        lines=[
            LineDocument(
                engine=line.engine, waiting=line.waiting, running=line.running,
                waiting_pictures=line.waiting_pictures, workers=line.workers,
                s_per_picture=line.s_per_picture,
            )
            for line in found.lines
        ],
        gates=[_gate(gate) for gate in found.gates],
        workers=[
            WorkerDocument(
                id=worker.id, engines=list(worker.engines), started_at=worker.started_at,
                seen_at=worker.seen_at, working_on=worker.working_on,
            )
            for worker in found.workers
        ],
    )  # fmt: skip


@router.put("/gates/{kind}/{name}", summary="Pause an engine; slow or close a group or a region")
def shut(
    kind: Kind, name: Name, asked: Shut, house: HouseDep, caller: JobsManagerDep  # noqa: ARG001
) -> GateDocument:  # fmt: skip
    """Holds at once, everywhere. `*` is all of a kind. Regions are ISO 3166-1 alpha-2; `ZZ` is where
    nobody knows the region."""
    gate = house.queue.shut(
        kind, name, asked.state, per_minute=asked.per_minute, until=asked.until, note=asked.note
    )
    return _gate(gate)


@router.delete("/gates/{kind}/{name}", status_code=204, summary="Open it again")
def open_gate(kind: Kind, name: Name, house: HouseDep, caller: JobsManagerDep) -> None:  # noqa: ARG001
    """While `*` is shut, what is opened by its name is let past it."""
    if not house.queue.open(kind, name):
        raise NotFound("server.no_such_gate", name=name)


def _gate(gate: Gate) -> GateDocument:
    return GateDocument(
        kind=gate.kind, name=gate.name, state=gate.state, since=gate.since,
        per_minute=gate.per_minute, until=gate.until, note=gate.note,
    )  # fmt: skip
