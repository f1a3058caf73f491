"""How much a request may carry: enough for a picture where one is sent, little elsewhere."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope

MOST_BYTES = 1 * 2**20
MOST_UPLOAD_BYTES = 48 * 2**20
"""A picture of 32 MiB takes 43 as base64."""
UPLOADS = frozenset({
    "/v1/images/edits", "/v1/images/variations", "/sdapi/v1/img2img",
    "/sdapi/v1/extra-single-image", "/sdapi/v1/extra-batch-images", "/sdapi/v1/png-info",
    "/sdapi/v1/interrogate", "/api/verify", "/api/classify",
})  # fmt: skip
_MOST_DRAINED_BYTES = 64 * 2**20


def bounded(scope: Scope, receive: Receive) -> Receive:
    """`receive`, which raises HTTPException 413 once more comes than is taken at this path.

    What is over is read and dropped, within reason, so that whoever sends it can read the answer.
    """
    most = MOST_UPLOAD_BYTES if scope["path"] in UPLOADS else MOST_BYTES
    announced = Headers(scope=scope).get("content-length", "")
    over = announced.isdigit() and int(announced[:20]) > most
    taken = 0

    async def receive_bounded() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if over or taken > most:
                await _drain(message, receive)
                raise HTTPException(413)
        return message

    return receive_bounded


async def _drain(message: Message, receive: Receive) -> None:
    dropped = 0
    while message.get("more_body") and dropped < _MOST_DRAINED_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return
        dropped += len(message.get("body", b""))
