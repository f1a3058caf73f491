"""What a session's cookie tells a browser, and the lines a password may travel on."""

from __future__ import annotations

from datetime import UTC, datetime
from http.cookies import Morsel, SimpleCookie

import pytest
from fastapi import Response

from danqing.errors import Forbidden, NotAuthenticated
from danqing.server.proxies import Visitor
from danqing.server.secrets import Signer
from danqing.server.sessions import GUEST, Sessions, clear_cookie, require_safe_line, set_cookie

NOON = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
HERE = Visitor("127.0.0.1", "http", "localhost", "localhost:8765")
BY_TLS = Visitor("203.0.113.7", "https", "draw.example", "draw.example", proxied=True)
ACCOUNT = "01KB9N3V6W4G0C5Q2T8XJ7RM1H"


def cookie_in(response: Response) -> Morsel[str]:
    (morsel,) = SimpleCookie(response.headers["set-cookie"]).values()
    return morsel


@pytest.mark.parametrize(
    ("visitor", "name", "secure"), [(HERE, "danqing", ""), (BY_TLS, "__Host-danqing", True)]
)
def test_a_cookie_is_for_this_host_and_no_script(
    visitor: Visitor, name: str, secure: bool | str
) -> None:
    """Over TLS it is for TLS alone, and no subdomain can set another in its place."""
    session = Sessions(Signer(b"k" * 32), 60, lambda: NOON).begin(ACCOUNT)
    begun, ended = Response(), Response()
    set_cookie(begun, session, visitor, 60)
    clear_cookie(ended, visitor)
    for cookie in (cookie_in(begun), cookie_in(ended)):
        assert (cookie.key, cookie["path"], cookie["domain"]) == (name, "/", "")
        assert (cookie["secure"], cookie["httponly"]) == (secure, True)
        assert cookie["samesite"] == "lax"
    assert cookie_in(begun).value == session.text
    assert (cookie_in(begun)["max-age"], cookie_in(ended)["max-age"]) == ("60", "0")


def test_a_password_travels_over_tls_or_not_at_all() -> None:
    require_safe_line(HERE)
    require_safe_line(BY_TLS)
    unencrypted = Visitor("203.0.113.7", "http", "draw.example", "draw.example")
    passed_on = Visitor("127.0.0.1", "http", "localhost", "localhost", passed_on=True)
    for visitor in (unencrypted, passed_on):
        with pytest.raises(Forbidden) as refused:
            require_safe_line(visitor)
        assert refused.value.code == "server.https_needed"


def test_a_guests_cookie_is_none_of_a_session() -> None:
    signer = Signer(b"k" * 32)
    sessions = Sessions(signer, 60, lambda: NOON)
    guests = Sessions(signer, 60, lambda: NOON, purpose=GUEST)
    for given, read in ((sessions, guests), (guests, sessions)):
        text = given.begin(ACCOUNT).text
        assert given.read(text).account_id == ACCOUNT
        with pytest.raises(NotAuthenticated):
            read.read(text)
    begun = Response()
    set_cookie(begun, guests.begin(ACCOUNT), BY_TLS, 60, GUEST)
    assert cookie_in(begun).key == "__Host-danqing-guest"
