"""What tests that attack a server have in common."""

from __future__ import annotations

from typing import Any

import httpx

from danqing.flow import draw
from danqing.request import make_prompt, make_request, read
from danqing.store import Stored
from support.serving import Served


def drawn_by(team: Served, login: str, text: str, **more: Any) -> Stored:
    request = make_request(
        read(make_prompt(text)), seeds=(7,), width_px=96, height_px=96, engine="test-card", **more
    )
    (stored,) = draw(team.house.services, request, person=team.people[login])
    assert isinstance(stored, Stored)
    return stored


def error(answer: httpx.Response) -> dict[str, Any]:
    """The error, in the one shape."""
    document = answer.json()
    assert list(document) == ["error"]
    assert {"code", "message", "hint", "request_id"} <= set(document["error"])
    assert document["error"]["request_id"] == answer.headers["x-request-id"]
    return dict(document["error"])
