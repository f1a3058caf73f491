"""POST /sdapi/v1/extra-single-image and extra-batch-images: pictures made larger, labelled anew.

Enlarging is an edit of strength 0: it begins at the sealed master where the picture is one of ours,
and takes the same road, so that the larger file has a whole mark and label of its own.
"""

from __future__ import annotations

import asyncio
import base64
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from danqing.errors import InputError
from danqing.messages import say
from danqing.server.a1111.choosing import chosen_engine
from danqing.server.a1111.drawing import no_picture
from danqing.server.a1111.shapes import ExtraBatch, ExtraMany, ExtraOne, ExtraSettings, ExtraSingle
from danqing.server.asking import Asked, Wish, ask, bring, vary
from danqing.server.caller import DrawerDep
from danqing.server.declaring import Declared, DeclaredDep
from danqing.server.house import HouseDep
from danqing.server.outcomes import Outcome, outcome_at
from danqing.server.uploads import from_base64

if TYPE_CHECKING:
    from danqing.server.asking import Start
    from danqing.server.caller import Caller
    from danqing.server.house import House

router = APIRouter()


@router.post(
    "/extra-single-image",
    response_model=ExtraOne,
    summary="Enlarge a picture",
)
async def extra_single_image(
    asked: ExtraSingle, request: Request, house: HouseDep, caller: DrawerDep, declared: DeclaredDep
) -> Response:
    """To 2048 pixels a side at the most; `html_info` says so where more was asked for."""
    declared = declared.or_in_form(asked.i_may_use_this)
    outcome, note = await _enlarge(house, caller, asked, asked.image, declared)
    if outcome.verdict is not None:
        return no_picture(request, caller, outcome)
    encoded = await to_thread.run_sync(_encoded, house, outcome)
    return JSONResponse(ExtraOne(image=encoded, html_info=note).model_dump())


@router.post(
    "/extra-batch-images",
    response_model=ExtraMany,
    summary="Enlarge pictures",
)
async def extra_batch_images(
    asked: ExtraBatch, request: Request, house: HouseDep, caller: DrawerDep, declared: DeclaredDep
) -> Response:
    declared = declared.or_in_form(asked.i_may_use_this)
    done = await asyncio.gather(
        *(_enlarge(house, caller, asked, image.data, declared) for image in asked.image_list)
    )
    for outcome, _ in done:
        if outcome.verdict is not None:
            return no_picture(request, caller, outcome)
    images = [await to_thread.run_sync(_encoded, house, outcome) for outcome, _ in done]
    notes = " ".join(dict.fromkeys(note for _, note in done if note))
    return JSONResponse(ExtraMany(images=images, html_info=notes).model_dump())


async def _enlarge(
    house: House, caller: Caller, asked: ExtraSettings, image: str, declared: Declared
) -> tuple[Outcome, str]:
    """What it came to, and a sentence where the size isn't the one that was asked for."""
    put = await to_thread.run_sync(
        _put_in_line, house, caller, asked, image, declared, limiter=house.upload_threads
    )
    with house.present.at_work(caller.person.id, put.job.id):
        await house.waiting.until_end(put.job)
    outcome = await to_thread.run_sync(outcome_at, house, put.job.id, caller.language)
    return outcome, " ".join(put.size.notes(caller.language))


def _put_in_line(
    house: House, caller: Caller, asked: ExtraSettings, image: str, declared: Declared
) -> Asked:
    if not image:
        raise InputError("server.picture_missing")
    start = bring(house, caller, from_base64(image), declared=declared)
    size = _wanted(asked, start)
    artwork = start.chosen.artwork
    if artwork is not None:
        return vary(house, caller, artwork, n=1, size=size, strength=0.0, seed=artwork.seed)
    sentence = say("server.any_picture", caller.language)
    engine = chosen_engine(house, caller)
    wish = Wish(sentence, size=size, engine=engine, seed=0, strength=0.0, start=start)
    return ask(house, caller, wish)


def _wanted(asked: ExtraSettings, start: Start) -> tuple[int, int]:
    """(width, height) in pixels. To a size without cropping, the shape is kept and fits inside."""
    width, height = start.chosen.width_px, start.chosen.height_px
    scale = asked.upscaling_resize or 1.0
    if asked.resize_mode == 1:
        wanted = (asked.upscaling_resize_w or width, asked.upscaling_resize_h or height)
        scale = min(wanted[0] / width, wanted[1] / height)
        if asked.upscaling_crop:
            return wanted
    return max(1, round(width * scale)), max(1, round(height * scale))


def _encoded(house: House, outcome: Outcome) -> str:
    artwork = outcome.pictures[0]
    return base64.b64encode(house.services.store.released_bytes(artwork.id)).decode()
