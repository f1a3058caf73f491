"""/api/keys: one's own API keys. A key is shown once, when it is made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from danqing.errors import Forbidden, NotFound
from danqing.identity import Role
from danqing.server.caller import CallerDep
from danqing.server.house import HouseDep
from danqing.server.moments import Moment
from danqing.server.parts import Part

if TYPE_CHECKING:
    from danqing.identity import ApiKey

router = Part(prefix="/keys", tags=["People"])


class KeyDocument(BaseModel):
    id: str
    prefix: str = Field(examples=["k7f3m2qa"])
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class NewKeyDocument(KeyDocument):
    token: str = Field(description="The whole key, shown this once.")


class KeysDocument(BaseModel):
    keys: list[KeyDocument]


class KeyRequest(BaseModel):
    """role: what it may do at most; one's own role bounds it further."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "bot"}]})

    name: str = Field(min_length=1, max_length=100)
    role: Role = "user"
    expires_at: Moment | None = None


@router.get("", summary="Your keys")
def keys(house: HouseDep, caller: CallerDep) -> KeysDocument:
    found = house.keys.of(caller.person.id, by=caller.person)
    return KeysDocument(keys=[KeyDocument(**_fields(key)) for key in found])


@router.post("", status_code=201, summary="Make a key")
def add(asked: KeyRequest, house: HouseDep, caller: CallerDep) -> NewKeyDocument:
    """Not with a key: whoever has one could make it immortal."""
    made = house.keys.add(
        caller.person.id, asked.name, by=caller.person, role=asked.role,
        expires_at=asked.expires_at,
    )  # fmt: skip
    return NewKeyDocument(token=made.token, **_fields(made.key))


@router.delete("/{prefix}", summary="End a key")
def revoke(
    prefix: Annotated[str, Path(pattern=r"^[a-z2-7]{8}$", examples=["k7f3m2qa"])],
    house: HouseDep,
    caller: CallerDep,
) -> KeyDocument:
    try:
        key = house.keys.revoke(prefix, by=caller.person)
    except Forbidden as problem:  # somebody else's key isn't there
        raise NotFound("identity.no_such_key", prefix=prefix) from problem
    return KeyDocument(**_fields(key))


def _fields(key: ApiKey) -> dict[str, object]:
    return {name: getattr(key, name) for name in KeyDocument.model_fields}
