"""/api/packs: pictures that belong together, as one archive of their labelled files."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Path
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from danqing.errors import InputError, NotFound
from danqing.outputs import SUFFIXES, slug
from danqing.server.asking import MOST_PICTURES
from danqing.server.caller import GuestDep
from danqing.server.documents import ArtworkDocument, artwork_document
from danqing.server.house import HouseDep
from danqing.server.parts import Part
from danqing.server.reaching import ULID_PATTERN, own_artwork

if TYPE_CHECKING:
    from danqing.server.caller import Caller
    from danqing.server.house import House
    from danqing.store import Stored

router = Part(prefix="/packs", tags=["Packs"])
MOST_BYTES = 256 * 2**20
PackId = Annotated[str, Path(pattern=ULID_PATTERN, examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])]
Id = Annotated[str, Field(pattern=ULID_PATTERN, examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])]
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A ZIP archive: the files as they were released, and `contents.json`.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Pack(BaseModel):
    """All pictures of one request."""

    id: str
    prompt: str
    artworks: list[ArtworkDocument]


class Choice(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"artworks": ["01KB9N3V6W4G0C5Q2T8XJ7RM1H"]}]}
    )

    artworks: list[Id] = Field(min_length=1, max_length=MOST_PICTURES)


@router.get("/{pack_id}", summary="The pictures of one request")
def pack(pack_id: PackId, house: HouseDep, caller: GuestDep) -> Pack:
    pictures = _of_pack(house, caller, pack_id)
    return Pack(
        id=pack_id,
        prompt=pictures[0].prompt,
        artworks=[artwork_document(house, caller, artwork) for artwork in pictures],
    )


@router.get(
    "/{pack_id}/file", summary="A pack as one archive", response_class=Response, responses=_ZIP
)
def pack_file(pack_id: PackId, house: HouseDep, caller: GuestDep) -> Response:
    return _archive(house, _of_pack(house, caller, pack_id), f"danqing-{pack_id}")


@router.post("", summary="Chosen artworks as one archive", response_class=Response, responses=_ZIP)
def chosen(asked: Choice, house: HouseDep, caller: GuestDep) -> Response:
    """Nothing is drawn or labelled again: the files are those that were released."""
    ids = dict.fromkeys(asked.artworks)
    return _archive(house, [own_artwork(house, caller, id) for id in ids], "danqing-pack")


def _of_pack(house: House, caller: Caller, pack_id: str) -> list[Stored]:
    pictures = house.services.store.drawn_for(pack_id)
    if not pictures or caller.reach not in (None, pictures[0].person_id):
        raise NotFound("server.no_such_pack", id=pack_id)
    return pictures


def _archive(house: House, pictures: list[Stored], name: str) -> Response:
    if sum(artwork.size_bytes for artwork in pictures) > MOST_BYTES:
        raise InputError("server.pack_too_large", limit_mib=MOST_BYTES // 2**20)
    out = BytesIO()
    contents = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # pictures are packed already
        for number, artwork in enumerate(pictures, start=1):
            suffix = SUFFIXES[artwork.request.format][0]
            file = f"{number:02}-{slug(artwork.prompt)}{suffix}"
            archive.writestr(file, house.services.store.released_bytes(artwork.id))
            contents.append({"file": file, "id": artwork.id, "sha256": artwork.sha256,
                             "seed": artwork.seed, "ai_generated": True})  # fmt: skip
        archive.writestr("contents.json", json.dumps({"files": contents}, indent=2))
    headers = {"content-disposition": f'attachment; filename="{name}.zip"'}
    return Response(out.getvalue(), media_type="application/zip", headers=headers)
