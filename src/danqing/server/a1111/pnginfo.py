"""POST /sdapi/v1/png-info and interrogate: what a picture says of how it was made.

Our files don't carry their sentence: it belongs to whoever wrote it. To them, and to them alone, the
store tells it. Other makers' files are read for their own `parameters` text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from pydantic import BaseModel

from danqing.provenance import verify
from danqing.server.a1111.infotext import parameters_text
from danqing.server.a1111.shapes import PictureIn, PngInfo
from danqing.server.caller import GuestDep
from danqing.server.house import HouseDep
from danqing.server.uploads import from_base64
from danqing.store import Stored

if TYPE_CHECKING:
    from danqing.server.caller import Caller
    from danqing.server.house import House

router = APIRouter()
LONGEST_TEXT = 16_000


class Caption(BaseModel):
    caption: str


@router.post("/png-info", summary="How a picture was made")
def png_info(asked: PictureIn, house: HouseDep, caller: GuestDep) -> PngInfo:
    data = from_base64(asked.image)
    artwork = _own(house, caller, data)
    text = _foreign_text(data) if artwork is None else parameters_text(artwork)
    items = {"parameters": text} if text else {}
    findings = verify(data, house.services.signing_keys.anchors)
    for label in findings.labels[:1]:
        items |= {f"AIGC.{name}": value for name, value in label.fields}
    parameters: dict[str, Any] = {"ai_generated": findings.claims_ai}
    return PngInfo(info=text, items=items, parameters=parameters)


@router.post(
    "/interrogate",
    summary="Nothing describes pictures here",
)
def interrogate(asked: PictureIn, house: HouseDep, caller: GuestDep) -> Caption:
    """The sentence of a picture of one's own; nothing for any other."""
    artwork = _own(house, caller, from_base64(asked.image))
    return Caption(caption="" if artwork is None else artwork.prompt)


def _own(house: House, caller: Caller, data: bytes) -> Stored | None:
    """The caller's own artwork that a file is, by its bytes or its label's number."""
    store = house.services.store
    findings = verify(data, None)
    candidates = [store.find_by_sha256(findings.sha256)]
    candidates += [store.find_by_produce_id(number) for number in findings.produce_ids]
    for found in candidates:
        if isinstance(found, Stored) and caller.reach in (None, found.person_id):
            return found
    return None


def _foreign_text(data: bytes) -> str:
    """The `parameters` text of a file, as A1111 writes it; empty when it has none."""
    from danqing.provenance.containers import blocks

    for block in blocks(data):
        if block.kind == "text" and block.keyword.lower() == "parameters":
            return block.payload.decode("utf-8", "replace")[:LONGEST_TEXT]
    return ""
