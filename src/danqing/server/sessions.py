"""Sessions of people at a browser: a signed cookie that says who and since when, and nothing else.

    <account id>.<issued at>.<nonce>.<signature>

The server keeps no list. A session is void once it is older than its life, or was issued before the
account's `sessions_from` (a new password, a suspension, "sign me out everywhere"). Whatever changes
something needs the session's CSRF token besides, which only our own pages can read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from danqing.errors import Forbidden, NotAuthenticated
from danqing.server.secrets import Signer

if TYPE_CHECKING:
    from fastapi import Response

    from danqing.identity.accounts import Accounts
    from danqing.identity.types import Person
    from danqing.server.proxies import Visitor

SESSION, GUEST, CSRF = "session", "guest", "csrf"
"""What is signed: a guest's cookie is none of somebody with an account, nor the other way round."""
CSRF_HEADER = "x-csrf-token"
_COOKIE = re.compile(
    r"([0-9A-HJKMNP-TV-Z]{26})\.(\d{13,14})\.([0-9a-f]{32})\.([\w-]{43})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Session:
    """text: the cookie's value. csrf: what has to come with every change."""

    account_id: str
    issued_at: datetime
    text: str
    csrf: str


class Sessions:
    """life_s: after which one has to sign in again. purpose: SESSION or GUEST."""

    def __init__(
        self,
        signer: Signer,
        life_s: int,
        clock: Callable[[], datetime],
        entropy: Callable[[int], bytes] = os.urandom,
        *,
        purpose: str = SESSION,
    ) -> None:
        self._signer = signer
        self._purpose = purpose
        self._life_s = life_s
        self._clock = clock
        self._entropy = entropy

    def begin(self, account_id: str) -> Session:
        """A new session."""
        # In milliseconds, rounded up: `sessions_from` may be of the same moment.
        issued = int(self._clock().timestamp() * 1000) + 1
        said = f"{account_id}.{issued}.{self._entropy(16).hex()}"
        return self._session(f"{said}.{self._signer.sign(self._purpose, said)}")

    def read(self, cookie: str) -> Session:
        """Raises NotAuthenticated for a cookie that isn't ours, or is too old."""
        found = _COOKIE.fullmatch(cookie)
        if found is None:
            raise NotAuthenticated("server.session_over")
        said = cookie.rpartition(".")[0]
        if not self._signer.is_signed(self._purpose, said, found[4]):
            raise NotAuthenticated("server.session_over")
        session = self._session(cookie)
        age_s = (self._clock() - session.issued_at).total_seconds()
        if not -60 <= age_s <= self._life_s:
            raise NotAuthenticated("server.session_over")
        return session

    def person(self, session: Session, accounts: Accounts) -> Person:
        """Who it is, as they may act now. Raises NotAuthenticated, NotFound."""
        if session.issued_at < accounts.find(session.account_id).sessions_from:
            raise NotAuthenticated("server.session_over")
        return accounts.person_of(session.account_id)

    def check_csrf(self, session: Session, given: str) -> None:
        """Raises Forbidden unless it is the session's own token."""
        if not self._signer.is_signed(CSRF, session.text, given):
            raise Forbidden("server.csrf")

    def _session(self, text: str) -> Session:
        account_id, issued, _, _ = text.split(".")
        at = datetime.fromtimestamp(int(issued) / 1000, UTC)
        return Session(account_id, at, text, self._signer.sign(CSRF, text))


def cookie_name(visitor: Visitor, purpose: str = SESSION) -> str:
    """With the __Host- prefix a browser takes it from this very host over TLS only, and no
    subdomain can set another. Without TLS, at this machine alone, there is no such prefix."""
    name = "danqing" if purpose == SESSION else f"danqing-{purpose}"
    return f"__Host-{name}" if visitor.scheme == "https" else name


def require_safe_line(visitor: Visitor) -> None:
    """Raises Forbidden where a password or a cookie would travel unencrypted."""
    if visitor.scheme != "https" and not visitor.loopback:
        raise Forbidden("server.https_needed")


def set_cookie(
    response: Response,
    session: Session,
    visitor: Visitor,
    life_s: int,
    purpose: str = SESSION,
) -> None:
    response.set_cookie(
        cookie_name(visitor, purpose),
        session.text,
        max_age=life_s,
        path="/",
        secure=visitor.scheme == "https",
        httponly=True,
        samesite="lax",
    )


def clear_cookie(response: Response, visitor: Visitor, purpose: str = SESSION) -> None:
    response.delete_cookie(
        cookie_name(visitor, purpose), path="/", secure=visitor.scheme == "https", httponly=True
    )
