"""POST /sdapi/v1/txt2img and img2img: drawing, as A1111's clients ask for it."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from danqing.errors import InputError
from danqing.server.a1111 import infotext
from danqing.server.a1111.choosing import chosen_engine
from danqing.server.a1111.shapes import DrawingRequest, Drawn, ImageToImage, TextToImage
from danqing.server.asking import Asked, Wish, ask, bring
from danqing.server.caller import DrawerDep
from danqing.server.declaring import DeclaredDep
from danqing.server.house import HouseDep
from danqing.server.masks import inverted
from danqing.server.outcomes import Outcome, outcome_at, sentence_of, status_of
from danqing.server.problems import respond
from danqing.server.uploads import from_base64

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyio import CapacityLimiter

    from danqing.server.caller import Caller
    from danqing.server.house import House

router = APIRouter()
DEFAULT_STRENGTH = 0.75
"""A1111's own for img2img, where a client says none."""


@router.post("/txt2img", response_model=Drawn, summary="Draw a sentence")
async def txt2img(
    asked: TextToImage, request: Request, house: HouseDep, caller: DrawerDep
) -> Response:
    """Waits until the pictures are finished; `progress` tells how far they are meanwhile."""

    def put_in_line() -> Asked:
        return ask(house, caller, _wish(asked, house, caller, asked.size))

    return await _finish(asked, request, house, caller, put_in_line)


@router.post(
    "/img2img",
    response_model=Drawn,
    summary="Change a picture",
)
async def img2img(
    asked: ImageToImage,
    request: Request,
    house: HouseDep,
    caller: DrawerDep,
    declared: DeclaredDep,
) -> Response:
    """`init_images[0]`, and `mask`, white where it is redrawn. A picture that wasn't drawn here needs
    the declaration that you may use it: `i_may_use_this`, or the header `X-I-May-Use-This: yes`."""

    def put_in_line() -> Asked:
        if not asked.init_images:
            raise InputError("server.picture_missing")
        mask = None if not asked.mask else from_base64(asked.mask)
        if mask is not None and asked.inpainting_mask_invert:
            house.decoder.look(mask)
            mask = inverted(mask)
        data = from_base64(asked.init_images[0])
        stated = declared.or_in_form(asked.i_may_use_this or _in_scripts(asked))
        start = bring(house, caller, data, declared=stated, mask=mask)
        size = (asked.width or 512, asked.height or 512)
        strength = asked.denoising_strength
        wish = replace(
            _wish(asked, house, caller, size),
            start=start,
            strength=DEFAULT_STRENGTH if strength is None else strength,
        )
        return ask(house, caller, wish)

    return await _finish(asked, request, house, caller, put_in_line, house.upload_threads)


async def _finish(
    asked: DrawingRequest,
    request: Request,
    house: House,
    caller: Caller,
    put_in_line: Callable[[], Asked],
    limiter: CapacityLimiter | None = None,
) -> Response:
    put = await to_thread.run_sync(put_in_line, limiter=limiter)
    with house.present.at_work(caller.person.id, put.job.id):
        await house.waiting.until_end(put.job)
    outcome = await to_thread.run_sync(outcome_at, house, put.job.id, caller.language)
    if outcome.verdict is not None:
        return no_picture(request, caller, outcome)
    notes = put.size.notes(caller.language)
    return JSONResponse(
        await to_thread.run_sync(lambda: _drawn(asked, house, outcome, notes).model_dump())
    )


def no_picture(request: Request, caller: Caller, outcome: Outcome) -> JSONResponse:
    """The error for a job that came to nothing."""
    verdict = outcome.verdict or "unfinished"
    code = outcome.job.problem if verdict == "failed" and outcome.job.problem else verdict
    return respond(
        request, status_of(outcome), code, sentence_of(outcome, caller.language),
        reasons=list(outcome.reasons),
    )  # fmt: skip


def _drawn(asked: DrawingRequest, house: House, outcome: Outcome, notes: list[str]) -> Drawn:
    store = house.services.store
    images: list[str] = []
    if asked.send_images is not False:
        images = [base64.b64encode(store.file_of(artwork)).decode() for artwork in outcome.pictures]
    info = infotext.info(asked, outcome, notes)
    said = asked.model_dump(exclude={"init_images", "mask", "alwayson_scripts"})
    return Drawn(images=images, parameters=said, info=info)


def _wish(asked: DrawingRequest, house: House, caller: Caller, size: tuple[int, int]) -> Wish:
    seed = None if asked.seed is None or asked.seed < 0 else asked.seed
    override = asked.override_settings or {}
    return Wish(
        prompt=asked.prompt,
        n=asked.pictures,
        size=size,
        engine=chosen_engine(house, caller, override.get("sd_model_checkpoint")),
        style=asked.styles[0] if asked.styles else None,
        seed=seed,
    )


def _in_scripts(asked: DrawingRequest) -> bool:
    """Some clients can add nothing but an entry to `alwayson_scripts`."""
    ours = (asked.alwayson_scripts or {}).get("danqing")
    return isinstance(ours, dict) and ours.get("i_may_use_this") is True
