"""/api/accounts: people's accounts, for themselves and for those who manage them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from danqing.errors import NotFound
from danqing.identity import Role, may, require
from danqing.server.caller import CallerDep
from danqing.server.house import HouseDep
from danqing.server.parts import Part
from danqing.server.reaching import ULID_PATTERN

if TYPE_CHECKING:
    from danqing.identity import Account
    from danqing.server.caller import Caller

router = Part(prefix="/accounts", tags=["People"])
AccountId = Annotated[str, Path(pattern=ULID_PATTERN, examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])]


class AccountDocument(BaseModel):
    """No password, no real name: those never leave by this door."""

    id: str
    login: str | None
    role: Role
    status: str
    created_at: datetime
    verified_by: str | None
    has_password: bool


class AccountsDocument(BaseModel):
    accounts: list[AccountDocument]


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"login": "小王", "password": "三只熊猫过了桥又回来", "role": "user"}]
    })  # fmt: skip

    login: str = Field(max_length=200)
    password: str | None = Field(None, max_length=1_000)
    role: Role = "user"


class PasswordChange(BaseModel):
    model_config = ConfigDict(extra="forbid")

    password: str = Field(max_length=1_000, examples=["三只熊猫过了桥又回来"])
    current: str | None = Field(None, max_length=1_000, description="Of one's own account.")


class RoleChange(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"role": "reviewer"}]}
    )

    role: Role


@router.get("", summary="All accounts")
def accounts(
    house: HouseDep,
    caller: CallerDep,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(pattern=ULID_PATTERN)] = None,
) -> AccountsDocument:
    require(caller.person, "account.read")
    found = house.accounts.all(limit=limit, after=after)
    return AccountsDocument(accounts=[_document(account) for account in found])


@router.post("", status_code=201, summary="Make an account")
def add(asked: NewAccount, house: HouseDep, caller: CallerDep) -> AccountDocument:
    account = house.accounts.add(
        asked.login, by=caller.person, role=asked.role, password=asked.password
    )
    return _document(account)


@router.get("/{account_id}", summary="One account")
def account(account_id: AccountId, house: HouseDep, caller: CallerDep) -> AccountDocument:
    _require_mine_or_read(account_id, caller)
    return _document(house.accounts.find(account_id))


@router.put("/{account_id}/role", summary="Give a role")
def set_role(
    account_id: AccountId, asked: RoleChange, house: HouseDep, caller: CallerDep
) -> AccountDocument:
    require(caller.person, "account.manage")
    return _document(house.accounts.set_role(account_id, asked.role, by=caller.person))


@router.put("/{account_id}/password", status_code=204, summary="Set a password")
def set_password(
    account_id: AccountId, asked: PasswordChange, house: HouseDep, caller: CallerDep
) -> None:
    """Every session of the account ends. One's own needs the current one."""
    _require_mine_or_read(account_id, caller)
    house.accounts.set_password(
        account_id, asked.password, by=caller.person, current=asked.current,
        address=caller.visitor.address,
    )  # fmt: skip


@router.post("/{account_id}/suspend", summary="Suspend an account")
def suspend(account_id: AccountId, house: HouseDep, caller: CallerDep) -> AccountDocument:
    require(caller.person, "account.manage")
    return _document(house.accounts.suspend(account_id, by=caller.person))


@router.post("/{account_id}/resume", summary="End a suspension")
def resume(account_id: AccountId, house: HouseDep, caller: CallerDep) -> AccountDocument:
    require(caller.person, "account.manage")
    return _document(house.accounts.resume(account_id, by=caller.person))


def _require_mine_or_read(account_id: str, caller: Caller) -> None:
    """Whose account isn't yours isn't there, unless your role lets you look."""
    if account_id != caller.person.id and not may(caller.person, "account.read"):
        raise NotFound("identity.no_such_account", account=account_id)


def _document(account: Account) -> AccountDocument:
    return AccountDocument(
        id=account.id, login=account.login, role=account.role, status=account.status,
        created_at=account.created_at, verified_by=account.verified_by,
        has_password=account.has_password,
    )  # fmt: skip
