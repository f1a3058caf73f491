"""What comes over the wire and is no HTTP: uvicorn answers that itself, before the application is
asked, and in English. Here it gets the one shape of an error."""

from __future__ import annotations

import json
from collections.abc import Callable

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from danqing.messages import say

CODE = "server.not_http"
_HEAD = (
    "HTTP/1.1 400 Bad Request\r\n"
    "content-type: application/json\r\n"
    "content-length: {length}\r\n"
    "x-request-id: {request_id}\r\n"
    "x-content-type-options: nosniff\r\n"
    "cache-control: no-store\r\n"
    "connection: close\r\n\r\n"
)


def protocol(new_id: Callable[[], str]) -> type[HttpToolsProtocol]:
    """For `uvicorn.Config(http=…)`."""

    class Protocol(HttpToolsProtocol):
        def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own sentence
            self.transport.write(answer(new_id()))
            self.transport.close()

    return Protocol


def answer(request_id: str) -> bytes:
    """In Chinese and English: who asks, and in which language, can't be read."""
    message = " ".join(say(CODE, language) for language in ("zh-Hans", "en"))
    error = {"code": CODE, "message": message, "hint": None, "request_id": request_id}
    body = json.dumps({"error": error}, ensure_ascii=False).encode()
    return _HEAD.format(length=len(body), request_id=request_id).encode("ascii") + body
