"""GET /v1/models: the engines installed here."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from danqing.engines.registry import list_engines
from danqing.errors import NotFound
from danqing.server.caller import GuestDep
from danqing.server.house import HouseDep

router = APIRouter()
BEGINNING = 1_790_000_000
"""Clients want a moment for each model; an engine is as old as its installation, which nobody
noted."""


class Model(BaseModel):
    id: str = Field(examples=["mini"])
    object: Literal["model"] = "model"
    created: int = BEGINNING
    owned_by: str = Field(description="The package that brings it.", examples=["danqing"])
    default: bool = False


class Models(BaseModel):
    object: Literal["list"] = "list"
    data: list[Model]


@router.get("/models", summary="The engines")
async def models(house: HouseDep, caller: GuestDep) -> Models:  # noqa: ARG001 - to be let in
    default = house.settings.engine
    found = [
        Model(id=entry.name, owned_by=entry.package or "danqing", default=entry.name == default)
        for entry in list_engines()
    ]
    return Models(data=sorted(found, key=lambda model: not model.default))


@router.get("/models/{model_id}", summary="One engine")
async def model(
    model_id: Annotated[str, Path(max_length=64, examples=["mini"])],
    house: HouseDep,
    caller: GuestDep,
) -> Model:
    for each in (await models(house, caller)).data:
        if each.id == model_id:
            return each
    raise NotFound("server.no_such_engine", name=model_id)
