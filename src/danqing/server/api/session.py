"""/api/session: signing in at a browser, signing up, and signing out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from danqing.errors import Forbidden, NotAuthenticated, NotFound
from danqing.identity import Role, permissions_of, require
from danqing.server.caller import CallerDep, Door, GuestDep, VisitorDep
from danqing.server.house import HouseDep
from danqing.server.parts import Part
from danqing.server.sessions import (
    GUEST,
    SESSION,
    Session,
    clear_cookie,
    cookie_name,
    require_safe_line,
    set_cookie,
)

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
    role: Role | Literal["guest"]
    door: Door
    may: list[str]
    csrf: str | None = None


@router.get("", summary="Who you are here")
async def who(caller: GuestDep) -> SessionDocument:
    return _document(caller.person, caller.door, caller.session)


@router.post("", summary="Sign in")
def sign_in(
    asked: Credentials, response: Response, house: HouseDep, visitor: VisitorDep
) -> SessionDocument:
    """Too many failures, of an account or from an address, and there is a wait between two."""
    require_safe_line(visitor)
    person = house.accounts.authenticate(asked.login, asked.password, address=visitor.address)
    return begin(house, person, visitor, response)


@router.delete("", status_code=204, summary="Sign out")
def sign_out(response: Response, caller: GuestDep) -> None:
    """At this browser. `POST /api/session/end-all` signs out everywhere. What a guest drew is nobody's
    from then on."""
    clear_cookie(response, caller.visitor, GUEST if caller.person.guest else SESSION)


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


@router.post("/guest", status_code=201, summary="Come in as a guest")
def come_in(
    request: Request, response: Response, house: HouseDep, visitor: VisitorDep
) -> SessionDocument:
    """Without an account, where the operator lets guests in: to draw, and to see what one drew at this
    browser. Whoever is a guest already stays the same."""
    require_safe_line(visitor)
    if not house.lets_guests_in():
        raise Forbidden("server.no_guests")
    house.open_doors.take(visitor.network)
    session = _earlier(house, request.cookies.get(cookie_name(visitor, GUEST), ""))
    if session is None:
        session = house.guest_sessions.begin(house.guests.begin().id)
        set_cookie(response, session, visitor, house.settings.server.session_life_s, GUEST)
    return _document(house.guests.person_of(session.account_id), "guest", session)


def _earlier(house: House, cookie: str) -> Session | None:
    try:
        session = house.guest_sessions.read(cookie)
        house.guests.person_of(session.account_id)
    except (NotAuthenticated, NotFound):
        return None
    return session


@router.post("/invitations", status_code=201, summary="Invite somebody")
def invite(asked: Invite, house: HouseDep, caller: CallerDep) -> InvitationDocument:
    require(caller.person, "account.manage")
    made = house.invitations.make(asked.login, asked.days)
    return InvitationDocument(invitation=made.text, login=made.login, until=made.until)


def begin(house: House, person: Person, visitor: Visitor, response: Response) -> SessionDocument:
    """A new session: its cookie, and what goes with it."""
    session = house.sessions.begin(person.id)
    set_cookie(response, session, visitor, house.settings.server.session_life_s)
    return _document(person, "session", session)


def _document(person: Person, door: Door, session: Session | None) -> SessionDocument:
    return SessionDocument(
        id=person.id,
        role="guest" if person.guest else person.role,
        door=door,
        may=sorted(permissions_of(person)),
        csrf=None if session is None else session.csrf,
    )
