"""/oidc: signing in through the operator's OpenID Connect provider."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from danqing.errors import Forbidden, InputError, NotAuthenticated, NotFound
from danqing.server.caller import CallerDep, VisitorDep, caller
from danqing.server.house import HouseDep
from danqing.server.parts import Part
from danqing.server.responses import PROBLEMS
from danqing.server.sessions import cookie_name, require_safe_line, set_cookie

if TYPE_CHECKING:
    from danqing.identity import OidcClient, OidcIdentity, OidcLogin, Person
    from danqing.server.house import House
    from danqing.server.proxies import Visitor

router = Part(prefix="/oidc", tags=["People"], responses=PROBLEMS)
PURPOSE, GOOD_FOR_S = "oidc", 600
_REDIRECT: dict[int | str, dict[str, Any]] = {
    303: {"description": "On to the provider, or back to the studio."},
}


@router.get(
    "/start", summary="Sign in elsewhere", response_class=RedirectResponse, status_code=303,
    responses=_REDIRECT,
)  # fmt: skip
def start(house: HouseDep, visitor: VisitorDep) -> Response:
    require_safe_line(visitor)
    house.open_doors.take(visitor.network)
    login = _client(house).begin()
    response = RedirectResponse(login.url, 303)
    _remember(response, house, visitor, login)
    return response


class Elsewhere(BaseModel):
    url: str = Field(description="Where the browser goes next.")


@router.post("/link", summary="Link your account to a sign-in elsewhere")
def link(response: Response, house: HouseDep, caller: CallerDep) -> Elsewhere:
    """Another way into the account of this session. It takes a session and its CSRF token: a page
    that merely sent somebody's browser to sign in could otherwise link its own login to theirs."""
    if caller.session is None:
        raise Forbidden("server.link_by_session")
    house.open_doors.take(caller.visitor.network)
    login = _client(house).begin()
    _remember(response, house, caller.visitor, login, linking=caller.person.id)
    return Elsewhere(url=login.url)


@router.get(
    "/callback", summary="Back from the provider", response_class=RedirectResponse,
    status_code=303, responses=_REDIRECT,
)  # fmt: skip
def callback(request: Request, house: HouseDep, visitor: VisitorDep) -> Response:
    """Whoever is new gets an account where the operator lets people sign up this way."""
    require_safe_line(visitor)
    client = _client(house)
    login, linking = _opened(house, request.cookies.get(_cookie(visitor), ""))
    identity = client.finish(login, dict(request.query_params))
    links = house.services.register.links
    if linking is None:
        person = links.person(identity) or _new_person(house, identity)
    else:
        person = caller(request, house).person
        if person.id != linking:
            raise Forbidden("server.link_by_session")
        links.add(identity, by=person)
    _verify_real_name(house, person, identity)
    response = RedirectResponse("/", 303)
    # As it was set: a browser ignores a cookie of a __Host- name that isn't Secure.
    response.delete_cookie(
        _cookie(visitor), path="/", secure=visitor.scheme == "https", httponly=True, samesite="lax"
    )
    session = house.sessions.begin(person.id)
    set_cookie(response, session, visitor, house.settings.server.session_life_s)
    return response


def _verify_real_name(house: House, person: Person, identity: OidcIdentity) -> None:
    """Where the operator trusts the provider for real names (Deep Synthesis Provisions, Art. 9): what
    it claims is kept, once. Claims that don't say enough let somebody in all the same, unverified."""
    from danqing.identity.oidc import OidcClaim

    if house.settings.service.real_name != "oidc" or person.verified:
        return
    with suppress(InputError):
        proof = OidcClaim(identity, house.settings.oidc, house.clock).begin(person, None)
        house.services.register.real_names.record(person.id, proof, by=person)


def _new_person(house: House, identity: OidcIdentity) -> Person:
    """Raises Forbidden where nobody may sign up this way."""
    if house.settings.server.sign_up == "invitation" or not house.has_accounts():
        raise Forbidden("server.no_sign_up")
    return house.services.register.links.sign_up(identity)


def _client(house: House) -> OidcClient:
    """Raises NotFound where the operator has set no provider up."""
    settings = house.settings
    if not settings.oidc.issuer or settings.server.public_url is None:
        raise NotFound("server.no_oidc")
    return house.oidc_client


def _cookie(visitor: Visitor) -> str:
    return f"{cookie_name(visitor)}-oidc"


def _remember(
    response: Response,
    house: House,
    visitor: Visitor,
    login: OidcLogin,
    *,
    linking: str | None = None,
) -> None:
    """Puts the sign-in under way into the browser's own keeping. linking: the account it is for."""
    response.set_cookie(
        _cookie(visitor), _sealed(house, login, linking), max_age=GOOD_FOR_S, path="/",
        secure=visitor.scheme == "https", httponly=True, samesite="lax",
    )  # fmt: skip


def _sealed(house: House, login: OidcLogin, linking: str | None) -> str:
    started_at = login.started_at.isoformat()
    told = json.dumps([login.state, login.nonce, login.verifier, started_at, linking])
    said = urlsafe_b64encode(told.encode()).rstrip(b"=").decode()
    return f"{said}.{house.signer.sign(PURPOSE, said)}"


def _opened(house: House, cookie: str) -> tuple[OidcLogin, str | None]:
    """The sign-in under way, and the account it is to be linked to, if any."""
    from danqing.identity import OidcLogin

    said, _, signature = cookie.partition(".")
    if not house.signer.is_signed(PURPOSE, said, signature):
        raise NotAuthenticated("identity.oidc_refused", reason="state")
    told = json.loads(urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    state, nonce, verifier, started_at, linking = told
    return OidcLogin("", state, nonce, verifier, datetime.fromisoformat(started_at)), linking
