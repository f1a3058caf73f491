"""The few requests an OIDC client makes, over TLS, bounded in time and size, following no redirect."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from danqing.errors import IdentityError

TIMEOUT_S, MOST_BYTES = 10.0, 1 << 20
_LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Answer:
    """status_code: of HTTP. body: at most MOST_BYTES."""

    status_code: int
    body: bytes

    def json(self) -> Any:
        """Raises ValueError."""
        return json.loads(self.body)

    def raise_for_status(self) -> None:
        """Raises IdentityError for 400 and above."""
        if self.status_code >= 400:
            raise IdentityError("identity.oidc_unreachable", reason=f"HTTP {self.status_code}")


Fetch = Callable[[str, str, Mapping[str, str], bytes | None], Answer]
"""(method, url, headers, body) → Answer. Raises OSError when nobody answers."""


def fetch(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    """One request. Raises OSError; IdentityError for a URL without TLS that isn't loopback."""
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler, Request, build_opener

    require_tls(url)

    class NoRedirect(HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            """Nowhere: the answer is what the first URL said."""

    request = Request(url, data=body, headers=dict(headers), method=method)
    try:
        with build_opener(NoRedirect).open(request, timeout=TIMEOUT_S) as answer:
            return Answer(answer.status, answer.read(MOST_BYTES + 1)[:MOST_BYTES])
    except HTTPError as answer:
        with answer:
            return Answer(answer.code, answer.read(MOST_BYTES))


def require_tls(url: str) -> None:
    """Raises IdentityError unless the URL is https, or http to this very machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise IdentityError("identity.oidc_insecure", url=url)


class Session:
    """What Authlib's OAuth 2 client talks through."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    def post(
        self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: Any
    ) -> Answer:
        url, prepared, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        return self._fetch("POST", url, prepared, body.encode())
