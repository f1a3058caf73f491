"""/api/artworks: what was drawn, found again."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from danqing.server.caller import GuestDep
from danqing.server.documents import ArtworkDocument, artwork_document
from danqing.server.files import FILE_RESPONSES, file_response
from danqing.server.house import HouseDep
from danqing.server.parts import Part
from danqing.server.reaching import ULID_PATTERN, own_artwork

router = Part(prefix="/artworks", tags=["Artworks"])
ArtworkId = Annotated[str, Path(pattern=ULID_PATTERN, examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])]
Before = Annotated[
    str | None, Query(pattern=ULID_PATTERN, description="Only what is older, for the next page.")
]


class Artworks(BaseModel):
    """A page, newest first. before: what to ask for the next one with; absent on the last."""

    artworks: list[ArtworkDocument]
    before: str | None = None


class Link(BaseModel):
    url: str = Field(description="Serves whoever has it, until it runs out.")
    life_s: int


@router.get("", summary="Your artworks, newest first")
def artworks(
    house: HouseDep,
    caller: GuestDep,
    q: Annotated[
        str | None,
        Query(max_length=200, description="Words of the sentence, in either script.",
              examples=["熊猫"]),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    before: Before = None,
) -> Artworks:  # fmt: skip
    found = house.services.store.history(q, limit=limit, before=before, person_id=caller.person.id)
    more = found[-1].id if len(found) == limit else None
    return Artworks(
        artworks=[artwork_document(house, caller, artwork) for artwork in found], before=more
    )


@router.get("/{artwork_id}", summary="One artwork")
def artwork(artwork_id: ArtworkId, house: HouseDep, caller: GuestDep) -> ArtworkDocument:
    return artwork_document(house, caller, own_artwork(house, caller, artwork_id))


@router.get(
    "/{artwork_id}/file",
    summary="The labelled file",
    response_class=Response,
    responses=FILE_RESPONSES,
)
def artwork_file(artwork_id: ArtworkId, house: HouseDep, caller: GuestDep) -> Response:
    return file_response(house, own_artwork(house, caller, artwork_id))


@router.post("/{artwork_id}/link", summary="A link to the file that needs no login")
def artwork_link(artwork_id: ArtworkId, house: HouseDep, caller: GuestDep) -> Link:
    found = own_artwork(house, caller, artwork_id)
    return Link(
        url=house.links.to_file(found.id, caller.base_url),
        life_s=house.settings.server.link_life_s,
    )
