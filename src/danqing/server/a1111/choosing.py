"""Which engine somebody chose, through `options` or along with a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from danqing.engines.registry import list_engines

if TYPE_CHECKING:
    from danqing.server.caller import Caller
    from danqing.server.house import House


def chosen_engine(house: House, caller: Caller, asked: object = None) -> str:
    """By the request's own setting, else the person's, else the house's."""
    return engine_named(asked) or house.present.engine_of(caller.person.id) or house.settings.engine


def engine_named(name: object) -> str | None:
    """The engine a checkpoint's title stands for (`mini [3f2a91c0]` is `mini`); None for one there
    isn't: clients send whatever they were set up with elsewhere."""
    if not isinstance(name, str):
        return None
    wanted = name.split(" [", 1)[0].strip().lower().removesuffix(".safetensors")
    names = [entry.name for entry in list_engines()]
    return wanted if wanted in names else None
