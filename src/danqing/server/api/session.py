"""/api/session: signing in at a browser, signing up, and signing out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from danqing.errors import Forbidden
from danqing.identity import MAY, Role, require
from danqing.server.caller import CallerDep, VisitorDep
from danqing.server.house import HouseDep
from danqing.server.parts import Part
from danqing.server.sessions import clear_cookie, require_safe_line, set_cookie

if TYPE_CHECKING:
    from danqing.identity import Person
    from danqing.server.house import House
    from danqing.server.proxies import Visitor

router = Part(prefix="/session", tags=["People"])
Login = Annotated[str, Field(max_length=200, examples=["小王"])]
Password = Annotated[str, Field(max_length=1_000)]


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"login": "小王", "password": "三只熊猫过了桥又回来"}]
    })  # fmt: skip

    login: Login
    password: Password


class SignUp(Credentials):
    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"login": "小王", "password": "三只熊猫过了桥又回来", "invitation": "eyJsb2…"}]
    })  # fmt: skip

    invitation: str | None = Field(None, max_length=2_000)


class Invite(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"login": "小王"}]})

    login: Login
    days: int = Field(7, ge=1, le=90)


class InvitationDocument(BaseModel):
    invitation: str = Field(description="To be sent along when signing up.")
    login: str
    until: datetime


class SessionDocument(BaseModel):
    """csrf: goes into the header `X-CSRF-Token` of every change, absent without a session."""

    id: str
    role: Role
    door: str = Field(description="`local`, `key`, `password` or `session`.")
    may: list[str]
    csrf: str | None = None


@router.get("", summary="Who you are here")
async def who(caller: CallerDep) -> SessionDocument:
    person = caller.person
    return SessionDocument(
        id=person.id,
        role=person.role,
        door=caller.door,
        may=sorted(MAY[person.role]),
        csrf=None if caller.session is None else caller.session.csrf,
    )


@router.post("", summary="Sign in")
def sign_in(
    asked: Credentials, response: Response, house: HouseDep, visitor: VisitorDep
) -> SessionDocument:
    """Too many failures, of an account or from an address, and there is a wait between two."""
    require_safe_line(visitor)
    person = house.accounts.authenticate(asked.login, asked.password, address=visitor.address)
    return begin(house, person, visitor, response)


@router.delete("", status_code=204, summary="Sign out")
def sign_out(response: Response, caller: CallerDep) -> None:
    """At this browser. `POST /api/session/end-all` signs out everywhere."""
    clear_cookie(response, caller.visitor)


@router.post("/end-all", status_code=204, summary="Sign out everywhere")
def end_all(response: Response, house: HouseDep, caller: CallerDep) -> None:
    house.accounts.end_sessions(caller.person.id, by=caller.person)
    clear_cookie(response, caller.visitor)


@router.post("/sign-up", status_code=201, summary="Make an account")
def sign_up(
    asked: SignUp, response: Response, house: HouseDep, visitor: VisitorDep
) -> SessionDocument:
    """Where the operator lets anybody, or with an invitation that names the login."""
    require_safe_line(visitor)
    house.open_doors.take(visitor.network)
    way = house.settings.server.sign_up
    if not house.has_accounts() or way == "oidc":
        raise Forbidden("server.no_sign_up")
    if way == "invitation":
        house.invitations.check(asked.invitation or "", asked.login)
    account = house.accounts.add(asked.login, by=None, password=asked.password)
    return begin(house, house.accounts.person_of(account.id), visitor, response)


@router.post("/invitations", status_code=201, summary="Invite somebody")
def invite(asked: Invite, house: HouseDep, caller: CallerDep) -> InvitationDocument:
    require(caller.person, "account.manage")
    made = house.invitations.make(asked.login, asked.days)
    return InvitationDocument(invitation=made.text, login=made.login, until=made.until)


def begin(house: House, person: Person, visitor: Visitor, response: Response) -> SessionDocument:
    """A new session: its cookie, and what goes with it."""
    session = house.sessions.begin(person.id)
    set_cookie(response, session, visitor, house.settings.server.session_life_s)
    return SessionDocument(
        id=person.id, role=person.role, door="session", may=sorted(MAY[person.role]),
        csrf=session.csrf,
    )  # fmt: skip
