"""Released files on their way out: to their owner, or to whoever has a signed link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from danqing.outputs import SUFFIXES
from danqing.server.house import HouseDep
from danqing.server.reaching import ULID_PATTERN, artwork_by_id
from danqing.server.responses import PROBLEMS

if TYPE_CHECKING:
    from danqing.server.house import House
    from danqing.store import Stored

router = APIRouter(tags=["Artworks"], responses=PROBLEMS)
_TYPES = ("image/png", "image/webp", "image/jpeg", "image/svg+xml")
FILE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, as it was released.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _TYPES},
    }
}
_NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
"""An SVG is a document: opened by itself, it may draw and nothing else."""


def file_response(house: House, artwork: Stored) -> Response:
    """The released bytes, for a browser to show and nothing to run."""
    data = house.services.store.file_of(artwork)
    suffix = SUFFIXES[artwork.request.format][0]
    return Response(
        data,
        media_type=artwork.media_type,
        headers={
            "content-disposition": f'inline; filename="danqing-{artwork.id}{suffix}"',
            "content-security-policy": _NO_SCRIPTS,
            "cross-origin-resource-policy": "cross-origin",
            "cache-control": "private, max-age=300",
            "etag": f'"{artwork.sha256}"',
        },
    )


@router.get(
    "/files/{artwork_id}",
    summary="A labelled file, by a signed link",
    response_class=Response,
    responses=FILE_RESPONSES,
)
def linked_file(
    artwork_id: Annotated[str, Path(pattern=ULID_PATTERN, examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])],
    until: Annotated[int, Query(ge=0, le=2**40)],
    signature: Annotated[str, Query(max_length=64, pattern=r"^[\w-]+$")],
    house: HouseDep,
) -> Response:
    house.links.check(artwork_id, until, signature)
    return file_response(house, artwork_by_id(house, artwork_id))
