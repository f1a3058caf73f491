"""/api/real-name: whether one's real identity is verified, and being verified by SMS."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from danqing.errors import Forbidden
from danqing.identity import RealName, require
from danqing.identity.records import require_own_hands
from danqing.server.caller import CallerDep
from danqing.server.house import HouseDep
from danqing.server.parts import Part

if TYPE_CHECKING:
    from danqing.identity.sms import SmsCode
    from danqing.server.caller import Caller
    from danqing.server.house import House

router = Part(prefix="/real-name", tags=["People"])


class RealNameState(BaseModel):
    needed: bool = Field(description="Nobody draws here without.")
    verified: bool
    how: str = Field(
        description="`oidc` (by signing in), `sms`, `attestation` (an operator), `none`."
    )


class Phone(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"phone": "+8613800138000"}]}
    )

    phone: str = Field(max_length=32)
    name: str | None = Field(None, max_length=100, description="As on one's papers.")


class CodeSent(BaseModel):
    expires_at: datetime


class Code(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"code": "042137"}]})

    code: str = Field(max_length=16)


@router.get("", summary="Whether your real name is verified")
def state(house: HouseDep, caller: CallerDep) -> RealNameState:
    settings = house.settings
    return RealNameState(
        needed=settings.needs_real_names,
        verified=house.services.register.real_names.is_verified(caller.person.id),
        how=settings.service.real_name,
    )


@router.post("/phone", status_code=202, summary="Have a code sent to your phone")
def send_code(asked: Phone, house: HouseDep, caller: CallerDep) -> CodeSent:
    """Once a minute, and five a day. A code is good for ten minutes and five tries."""
    stated = RealName("phone", asked.phone, asked.name)
    challenge = _by_sms(house, caller).begin(caller.person, stated)
    return CodeSent(expires_at=challenge.expires_at)


@router.post("/code", summary="Be verified by the code that came")
def answer(asked: Code, house: HouseDep, caller: CallerDep) -> RealNameState:
    proof = _by_sms(house, caller).answer(caller.person, asked.code)
    house.services.register.real_names.record(caller.person.id, proof, by=caller.person)
    return state(house, caller)


def _by_sms(house: House, caller: Caller) -> SmsCode:
    """Raises Forbidden for a key, and where names are verified in another way."""
    require(caller.person, "self")
    require_own_hands(caller.person)
    how = house.settings.service.real_name
    if how != "sms":
        raise Forbidden("identity.not_by_sms", how=how)
    return house.services.register.sms_codes(caller.language)
