"""What every request passes first and every answer last: who asks, its id, headers, time, and log.

Refuses here, before any route: a Host that isn't ours (DNS rebinding), and a change asked for by
another site's page on the strength of a cookie or of sitting at this machine.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders

from danqing.messages import say
from danqing.server import bodies, proxies
from danqing.server.languages import language_of
from danqing.server.logs import network_of
from danqing.server.problems import REQUEST_ID, respond, unexpected

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from danqing.server.metrics import Metrics

VISITOR, PERSON = "danqing.visitor", "danqing.person"
"""Where the ASGI scope keeps a `proxies.Visitor`, and the pseudonymous id of who was let in."""
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
_CSP = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "content-security-policy": _CSP,
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}
"""For answers that set none of their own."""
log = logging.getLogger("danqing.server")


class Frame:
    """hosts: names we answer to, lower case, without a port; None: any."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        origins: proxies.Origins,
        hosts: frozenset[str] | None,
        metrics: Metrics,
        new_id: Callable[[], str],
    ) -> None:
        self._app = app
        self._origins = origins
        self._hosts = hosts
        self._metrics = metrics
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def send_framed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(scope, message)
            await send(message)

        self._metrics.open_requests.inc()
        try:
            refusal = self._look(scope, receive)
            bounded = bodies.bounded(scope, receive)
            await (refusal or self._app)(scope, bounded, send_framed)
        except Exception as problem:
            log.error("unexpected", exc_info=problem, extra={"request_id": scope[REQUEST_ID]})
            if not status:
                await unexpected(Request(scope, receive))(scope, receive, send_framed)
        finally:
            self._metrics.open_requests.dec()
            self._note(scope, status, time.perf_counter() - began)

    def _look(self, scope: Scope, receive: Receive) -> JSONResponse | None:
        """Sets what routes go by; an answer when there will be no route."""
        headers = Headers(scope=scope)
        visitor = proxies.visitor(scope, self._origins)
        scope[REQUEST_ID] = self._request_id(headers, visitor)
        scope[VISITOR] = visitor
        request = Request(scope, receive)
        language = language_of(request)
        if visitor is None:
            code = "server.bad_host"
            return respond(request, 400, code, say(code, language))
        if self._hosts is not None and visitor.host not in self._hosts:
            code = "server.unknown_host"
            return respond(request, 421, code, say(code, language))
        if scope["method"] not in _SAFE and not _same_site(headers, visitor):
            code = "server.other_site"
            return respond(request, 403, code, say(code, language))
        return None

    def _request_id(self, headers: Headers, visitor: proxies.Visitor | None) -> str:
        """A trusted proxy's own id, so that its log and ours can be laid side by side; else a new
        one."""
        given = headers.get("x-request-id", "")
        if visitor is not None and visitor.proxied and _REQUEST_ID.fullmatch(given):
            return given
        return self._new_id()

    def _add_headers(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        headers["x-request-id"] = scope[REQUEST_ID]
        visitor: proxies.Visitor | None = scope.get(VISITOR)
        if visitor is not None and visitor.scheme == "https":
            headers.setdefault("strict-transport-security", "max-age=31536000")

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = _template(scope)
        self._metrics.requests.labels(_method(scope["method"]), route, str(status)).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        if status in (429, 503, 507):
            self._metrics.shed.labels(str(status)).inc()
        visitor: proxies.Visitor | None = scope.get(VISITOR)
        facts = {
            "request_id": scope[REQUEST_ID],
            "method": _method(scope["method"]),
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "person": scope.get(PERSON),
            "network": None if visitor is None else network_of(visitor.address),
        }
        log.info("answered", extra=facts)


def _template(scope: Scope) -> str:
    """The route's path with its parameters unfilled; of an included router, with its prefix."""
    included = scope.get("fastapi", {}).get("effective_route_context")
    route = included or scope.get("route")
    return getattr(route, "path_format", None) or getattr(route, "path", None) or "(none)"


def _method(method: str) -> str:
    """Bounded: a method is whatever a client writes, and each would be another series."""
    return method if method in (*_SAFE, "POST", "PUT", "PATCH", "DELETE") else "OTHER"


def _same_site(headers: Headers, visitor: proxies.Visitor) -> bool:
    """Whether no other site's page is behind this.

    Browsers say so (Sec-Fetch-Site, Origin); programs say neither, and have no cookies to abuse.
    A key isn't sent on anybody's behalf; a password is: browsers keep what was typed for Basic, and
    add it to what another site's form sends here.
    """
    if headers.get("authorization", "").lower().startswith("bearer "):
        return True
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == visitor.authority
