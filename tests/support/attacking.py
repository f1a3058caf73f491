"""What tests that attack a server have in common."""

from __future__ import annotations

from typing import Any

import httpx

from danqing.flow import draw
from danqing.request import make_prompt, make_request, read
from danqing.store import Stored
from support.serving import Served

ONES_OWN = (
    ("GET", "/api/artworks/{id}"),
    ("GET", "/api/artworks/{id}/file"),
    ("POST", "/api/artworks/{id}/link"),
    ("GET", "/api/packs/{batch}"),
    ("GET", "/api/packs/{batch}/file"),
    ("GET", "/api/jobs/{batch}"),
    ("GET", "/api/jobs/{batch}/events"),
    ("POST", "/api/jobs/{batch}/cancel"),
    ("GET", "/v1/images/generations/{batch}"),
    ("POST", "/v1/images/generations/{batch}/cancel"),
)
"""Routes to what is somebody's own, by an artwork's id or its batch's."""


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
