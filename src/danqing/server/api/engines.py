"""/api/engines: what can draw here, and what each can do."""

from __future__ import annotations

from pydantic import BaseModel, Field

from danqing.engines.registry import list_engines
from danqing.errors import EngineUnavailable
from danqing.server.caller import GuestDep
from danqing.server.house import HouseDep
from danqing.server.parts import Part

router = Part(prefix="/engines", tags=["Engines"])


class EngineDocument(BaseModel):
    """available: false for one that is registered and won't load; the rest is then empty."""

    name: str = Field(examples=["mini"])
    package: str
    default: bool
    available: bool
    version: str | None = None
    modes: list[str] = Field(default_factory=list)
    sizes: list[tuple[int, int]] = Field(
        default_factory=list, description="Drawn natively; others are scaled."
    )
    languages: list[str] = Field(default_factory=list)
    styles: list[str] = Field(default_factory=list)
    honours_seed: bool = False
    transparent: bool = False


class Engines(BaseModel):
    engines: list[EngineDocument]


@router.get("", summary="The engines")
def engines(house: HouseDep, caller: GuestDep) -> Engines:  # noqa: ARG001 - to be let in
    return Engines(
        engines=[_document(house, entry.name, entry.package) for entry in list_engines()]
    )


def _document(house: HouseDep, name: str, package: str) -> EngineDocument:
    default = name == house.settings.engine
    try:
        engine = house.services.load_engine(name)
    except EngineUnavailable:
        return EngineDocument(name=name, package=package, default=default, available=False)
    can = engine.capabilities
    return EngineDocument(
        name=name,
        package=package,
        default=default,
        available=True,
        version=engine.version,
        modes=list(can.modes),
        sizes=list(can.sizes),
        languages=list(can.languages),
        styles=list(can.styles),
        honours_seed=can.honours_seed,
        transparent=can.transparent,
    )
