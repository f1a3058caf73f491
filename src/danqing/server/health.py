"""/healthz, /readyz and /metrics: for whatever watches over the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from danqing.errors import DanqingError
from danqing.identity import require
from danqing.server.caller import caller, visitor_of
from danqing.server.house import HouseDep
from danqing.server.metrics import CONTENT_TYPE
from danqing.server.responses import PROBLEMS

router = APIRouter(tags=["Watching over"], responses=PROBLEMS)


class Health(BaseModel):
    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """Whether it may be sent work: the database answers, there is room, and the rules are read."""

    ready: bool
    database: bool
    room: bool
    policy: bool


@router.get("/healthz", summary="The process answers")
async def healthz() -> Health:
    return Health()


@router.get("/readyz", summary="It may be sent work", responses={503: {"model": Readiness}})
def readyz(house: HouseDep) -> Response:
    found = Readiness(
        ready=False,
        database=_works(lambda: house.queue.find(limit=1)),
        room=_works(house.room.require),
        policy=_works(lambda: house.services.policy),
    )
    found.ready = found.database and found.room and found.policy
    return JSONResponse(found.model_dump(), 200 if found.ready else 503)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def metrics(request: Request, house: HouseDep) -> Response:
    """From this very machine without a login, unless it came through a proxy; else for operators."""
    visitor = visitor_of(request)
    if not visitor.loopback or visitor.proxied:
        require(caller(request, house).person, "metrics")
    text = house.metrics.text(house.queue.overview(), house.tally.update(), house.room.free_bytes())
    return Response(text, media_type=CONTENT_TYPE)


def _works(what: Callable[[], object]) -> bool:
    try:
        what()
    except DanqingError:
        return False
    return True
