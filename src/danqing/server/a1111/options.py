"""Options, models and what else can be chosen from: one engine, by its name."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from danqing.engines.registry import list_engines
from danqing.server.a1111.choosing import chosen_engine, engine_named
from danqing.server.a1111.infotext import SAMPLER, SCHEDULER
from danqing.server.caller import DrawerDep, GuestDep
from danqing.server.house import HouseDep

router = APIRouter()


class Options(BaseModel):
    """Whatever a client sets. Only `sd_model_checkpoint` has an effect, and for the caller alone."""

    model_config = ConfigDict(extra="allow", json_schema_extra={
        "examples": [{"sd_model_checkpoint": "mini"}]
    })  # fmt: skip

    sd_model_checkpoint: str | None = Field(None, max_length=200)


class SdModel(BaseModel):
    title: str = Field(examples=["mini"])
    model_name: str
    hash: str | None
    sha256: str | None
    filename: str
    config: str | None = None


class Sampler(BaseModel):
    name: str
    aliases: list[str]
    options: dict[str, str]


class Scheduler(BaseModel):
    name: str
    label: str
    aliases: list[str] | None = None
    default_rho: float = -1
    need_inner_model: bool = False


class Upscaler(BaseModel):
    name: str
    model_name: str | None = None
    model_path: str | None = None
    model_url: str | None = None
    scale: float = 4


class Style(BaseModel):
    name: str
    prompt: str
    negative_prompt: str = ""


@router.get("/options", summary="What is set")
def options(house: HouseDep, caller: GuestDep) -> dict[str, Any]:
    engine = chosen_engine(house, caller)
    return {
        "sd_model_checkpoint": engine,
        "sd_checkpoint_hash": _hash(engine),
        "sd_vae": "Automatic",
        "CLIP_stop_at_last_layers": 1,
        "samples_format": "png",
        "samples_save": False,
        "grid_save": False,
        "enable_pnginfo": False,
        "return_grid": False,
        "show_progress_every_n_steps": -1,
    }


@router.post("/options", summary="Choose an engine")
def set_options(asked: Options, house: HouseDep, caller: DrawerDep) -> None:
    """A checkpoint that isn't there changes nothing: clients send the one they had elsewhere."""
    engine = engine_named(asked.sd_model_checkpoint)
    if engine is not None:
        house.present.choose(caller.person.id, engine)


@router.get("/sd-models", summary="The engines")
def sd_models(house: HouseDep, caller: GuestDep) -> list[SdModel]:  # noqa: ARG001 - to be let in
    default = house.settings.engine
    names = sorted((e.name for e in list_engines()), key=lambda name: name != default)
    return [
        SdModel(
            title=name, model_name=name, hash=_hash(name)[:10], sha256=_hash(name), filename=name
        )
        for name in names
    ]


@router.get("/samplers", summary="There is one")
def samplers(caller: GuestDep) -> list[Sampler]:  # noqa: ARG001
    return [Sampler(name=SAMPLER, aliases=["Euler", "Euler a"], options={})]


@router.get("/schedulers", summary="There is one")
def schedulers(caller: GuestDep) -> list[Scheduler]:  # noqa: ARG001
    return [Scheduler(name="automatic", label=SCHEDULER)]


@router.get("/upscalers", summary="There is one")
def upscalers(caller: GuestDep) -> list[Upscaler]:  # noqa: ARG001
    return [Upscaler(name="None"), Upscaler(name="Lanczos")]


@router.get("/prompt-styles", summary="The styles an engine draws in")
def prompt_styles(house: HouseDep, caller: GuestDep) -> list[Style]:
    engine = house.services.load_engine(chosen_engine(house, caller))
    return [Style(name=name, prompt=name) for name in engine.capabilities.styles]


def _hash(name: str) -> str:
    """Clients tell models apart by a hash; an engine has a name."""
    return hashlib.sha256(f"danqing engine {name}".encode()).hexdigest()
