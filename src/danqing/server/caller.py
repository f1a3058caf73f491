"""Who calls a route: by key, by password, by session, or as whoever sits at this machine.

Without a single account the studio is one person's own: it answers at this machine alone, and everyone
there is that person, who owns it. With the first account that is over; then nobody is anybody without
a key or a login. Where guests are let in, whoever has neither may draw, known by a cookie alone; a
route says itself that it is for them too (GuestDep), all others are shut to them.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

from anyio import to_thread
from fastapi import Depends, Request

from danqing.errors import Forbidden, NotAuthenticated, NotFound
from danqing.identity.roles import Permission, may, require
from danqing.server.frame import PERSON, VISITOR
from danqing.server.house import HouseDep
from danqing.server.languages import language_of
from danqing.server.proxies import Visitor
from danqing.server.sessions import CSRF_HEADER, GUEST, Session, cookie_name, require_safe_line

if TYPE_CHECKING:
    from danqing.identity.types import Person
    from danqing.jobs import Origin
    from danqing.request.types import Language
    from danqing.server.house import House

Door = Literal["local", "key", "password", "session", "guest"]
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Caller:
    """person: as they may act in this call. door: how they came in. session: theirs, if by that.
    network: of a guest, as `jobs.Origin` has it."""

    person: Person
    door: Door
    visitor: Visitor
    language: Language
    base_url: str
    session: Session | None = None
    network: str | None = None

    @property
    def origin(self) -> Origin:
        """What the queue goes by, beside the person and their key."""
        from danqing.jobs import Origin

        return Origin(region=self.visitor.region, network=self.network)

    @property
    def reach(self) -> str | None:
        """Whose jobs they may see: an id, or None for everybody's."""
        return None if may(self.person, "artwork.any") else self.person.id


def visitor_of(request: Request) -> Visitor:
    """Who is at the other end of the line, whatever they may do."""
    visitor: Visitor = request.scope[VISITOR]
    return visitor


def caller(request: Request, house: House) -> Caller:
    """Raises NotAuthenticated, TooManyAttempts, Forbidden (a guest, or a change without its CSRF
    token)."""
    found = caller_or_guest(request, house)
    if found.person.guest:
        raise Forbidden("identity.not_for_guests")
    return found


def caller_or_guest(request: Request, house: House) -> Caller:
    """Raises NotAuthenticated, TooManyAttempts, Forbidden (a change without its CSRF token)."""
    visitor = visitor_of(request)
    person, door, session = _recognise(request, house, visitor)
    request.scope[PERSON] = person.id
    base_url = f"{visitor.scheme}://{visitor.authority}"
    network = house.signer.sign("network", visitor.network) if person.guest else None
    return Caller(person, door, visitor, language_of(request), base_url, session, network)


def _recognise(
    request: Request, house: House, visitor: Visitor
) -> tuple[Person, Door, Session | None]:
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and house.has_accounts():
        key = credentials.strip()
        return house.keys.authenticate(key, address=visitor.address), "key", None
    if scheme.lower() == "basic" and house.has_accounts():
        return *_basic(credentials, house, visitor), None
    cookie = request.cookies.get(cookie_name(visitor))
    if cookie is not None and house.has_accounts():
        session = house.sessions.read(cookie)
        if request.method not in _SAFE:
            house.sessions.check_csrf(session, request.headers.get(CSRF_HEADER, ""))
        try:
            return house.sessions.person(session, house.accounts), "session", session
        except NotFound:
            raise NotAuthenticated("server.session_over") from None
    if house.lets_guests_in():
        return _guest(request, house, visitor)
    if house.has_accounts():
        raise NotAuthenticated("server.sign_in")
    if not visitor.loopback and visitor.address != "?":
        raise Forbidden("server.not_from_outside")
    # Whoever has no accounts yet is alone with their own machine.
    return replace(house.services.person, role="owner"), "local", None


def _guest(request: Request, house: House, visitor: Visitor) -> tuple[Person, Door, Session]:
    """Raises NotAuthenticated for whoever isn't one yet, or any more."""
    cookie = request.cookies.get(cookie_name(visitor, GUEST))
    if cookie is None:
        raise NotAuthenticated("server.sign_in_or_be_guest")
    try:
        session = house.guest_sessions.read(cookie)
        guest = house.guests.person_of(session.account_id)
    except (NotAuthenticated, NotFound):
        raise NotAuthenticated("server.guest_over") from None
    if request.method not in _SAFE:
        house.guest_sessions.check_csrf(session, request.headers.get(CSRF_HEADER, ""))
    return guest, "guest", session


def _basic(credentials: str, house: House, visitor: Visitor) -> tuple[Person, Door]:
    """Login and password, or any login with a key in place of the password: that is all some
    programs can send."""
    try:
        login, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise NotAuthenticated("server.sign_in") from None
    if password.startswith("dq_"):
        return house.keys.authenticate(password, address=visitor.address), "key"
    require_safe_line(visitor)
    return house.accounts.authenticate(login, password, address=visitor.address), "password"


async def _caller(request: Request, house: HouseDep) -> Caller:
    """While nobody has an account there is next to nothing to look up: that takes less time than handing
    it to a thread."""
    if house.has_accounts():
        return await to_thread.run_sync(caller, request, house)
    return caller(request, house)


async def _caller_or_guest(request: Request, house: HouseDep) -> Caller:
    if house.has_accounts():
        return await to_thread.run_sync(caller_or_guest, request, house)
    return caller_or_guest(request, house)


CallerDep = Annotated[Caller, Depends(_caller)]
GuestDep = Annotated[Caller, Depends(_caller_or_guest)]
"""Whoever may come in, a guest too: for drawing, and for looking at what is one's own."""
VisitorDep = Annotated[Visitor, Depends(visitor_of)]


def needs(permission: Permission) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency: the caller, who may do this. Raises Forbidden."""

    async def allowed(caller: CallerDep) -> Caller:
        require(caller.person, permission)
        return caller

    return allowed


async def _drawer(caller: GuestDep) -> Caller:
    require(caller.person, "draw")
    return caller


DrawerDep = Annotated[Caller, Depends(_drawer)]
ReviewerDep = Annotated[Caller, Depends(needs("review"))]
LedgerReaderDep = Annotated[Caller, Depends(needs("ledger.read"))]
JobsManagerDep = Annotated[Caller, Depends(needs("jobs.manage"))]
MoneyManagerDep = Annotated[Caller, Depends(needs("money.manage"))]
