"""/api/groups, and the group and limits of an account or key: all of it for operators."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from danqing.billing import Group, Quota
from danqing.server.api.accounts import AccountId
from danqing.server.caller import MoneyManagerDep
from danqing.server.house import HouseDep
from danqing.server.reaching import somebody

router = APIRouter(tags=["Money"])
GroupName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$", examples=["studio"])]
KeyPrefix = Annotated[str, Path(pattern=r"^[a-z2-7]{8}$", examples=["k7f3m2qa"])]
Limit = Annotated[int | None, Field(ge=0, le=10**9, description="Absent: none.", examples=[500])]


class GroupSettings(BaseModel):
    """A plan, a tier, a team. weight: how large their share of a busy queue is. price_percent: of the
    listed prices. highest_priority: they may ask for. Limits count pictures."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"weight": 4, "price_percent": 80, "person_pictures_per_day": 500}]
    })  # fmt: skip

    weight: int = Field(1, ge=1, le=1_000)
    price_percent: int = Field(100, ge=0, le=10_000)
    highest_priority: int = Field(0, ge=-1, le=1)
    person_pictures_per_day: Limit = None
    person_pictures_waiting: Limit = None
    group_pictures_per_day: Limit = None


class GroupDocument(GroupSettings):
    model_config = ConfigDict(extra="ignore")

    name: str = Field(examples=["studio"])


class Groups(BaseModel):
    groups: list[GroupDocument]


class Membership(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"group": "studio"}]})

    group: str = Field(max_length=32)


class Limits(BaseModel):
    """Of one account, in place of its group's, or of one key, besides. Absent: as its group."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"pictures_per_day": 500}]}
    )

    pictures_per_day: Limit = None
    pictures_waiting: Limit = None


class KeyLimits(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"pictures_per_day": 100}]}
    )

    pictures_per_day: Limit = None


@router.get("/groups", summary="All groups")
def groups(house: HouseDep, caller: MoneyManagerDep) -> Groups:  # noqa: ARG001 - to be let in
    return Groups(groups=[_document(group) for group in house.billing.groups()])


@router.put("/groups/{name}", summary="Add a group or change it")
def save_group(
    name: GroupName, asked: GroupSettings, house: HouseDep, caller: MoneyManagerDep  # noqa: ARG001
) -> GroupDocument:  # fmt: skip
    """What is left out is as in a new group. `local`, `member` and `guest` are always there."""
    house.billing.save_group(Group(name, **asked.model_dump()))
    return _document(house.billing.group(name))


@router.put("/accounts/{account_id}/group", summary="Put an account into a group")
def join(
    account_id: AccountId, asked: Membership, house: HouseDep, caller: MoneyManagerDep  # noqa: ARG001
) -> GroupDocument:  # fmt: skip
    who = somebody(house, account_id)
    house.billing.join(who.id, asked.group)
    return _document(house.billing.group_of(who))


@router.get("/accounts/{account_id}/limits", summary="An account's own limits")
def limits(account_id: AccountId, house: HouseDep, caller: MoneyManagerDep) -> Limits:  # noqa: ARG001
    quota = house.billing.quota("person", somebody(house, account_id).id)
    return Limits(pictures_per_day=quota.pictures_per_day, pictures_waiting=quota.pictures_waiting)


@router.put("/accounts/{account_id}/limits", summary="Limit an account")
def set_limits(
    account_id: AccountId, asked: Limits, house: HouseDep, caller: MoneyManagerDep  # noqa: ARG001
) -> Limits:  # fmt: skip
    """None of them: as its group again."""
    who = somebody(house, account_id)
    house.billing.set_quota(Quota("person", who.id, asked.pictures_per_day, asked.pictures_waiting))
    return asked


@router.get("/keys/{prefix}/limits", summary="A key's own limit")
def key_limits(prefix: KeyPrefix, house: HouseDep, caller: MoneyManagerDep) -> KeyLimits:
    key = house.keys.find(prefix, by=caller.person)
    return KeyLimits(pictures_per_day=house.billing.quota("key", key.id).pictures_per_day)


@router.put("/keys/{prefix}/limits", summary="Limit a key")
def set_key_limits(
    prefix: KeyPrefix, asked: KeyLimits, house: HouseDep, caller: MoneyManagerDep
) -> KeyLimits:
    key = house.keys.find(prefix, by=caller.person)
    house.billing.set_quota(Quota("key", key.id, asked.pictures_per_day))
    return asked


def _document(group: Group) -> GroupDocument:
    return GroupDocument(**asdict(group))
