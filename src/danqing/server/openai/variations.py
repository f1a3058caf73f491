"""POST /v1/images/variations: further pictures near one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from danqing.editing import VARIATION_STRENGTH
from danqing.messages import say
from danqing.server.asking import MOST_PICTURES, Asked, Wish, ask, bring, known_engine, vary
from danqing.server.caller import DrawerDep
from danqing.server.declaring import DeclaredDep
from danqing.server.house import HouseDep
from danqing.server.openai.edits import FormManner, only_one
from danqing.server.openai.finishing import finish
from danqing.server.openai.generations import IdempotencyKey
from danqing.server.openai.shapes import ALIASES, ImagesAnswer, ResponseFormat, Task
from danqing.server.sizes import read_size

router = APIRouter()


@router.post(
    "/images/variations",
    response_model=ImagesAnswer,
    summary="Draw pictures near one",
    responses={202: {"model": Task, "description": "A task, asked for with `async`."}},
)
async def variations(
    request: Request,
    house: HouseDep,
    caller: DrawerDep,
    declared: DeclaredDep,
    image: Annotated[UploadFile, File(description="PNG, JPEG, WebP or GIF.")],
    prompt: Annotated[str | None, Form(max_length=100_000, examples=["一只熊猫"])] = None,
    model: Annotated[str | None, Form(max_length=64)] = None,
    n: Annotated[int, Form(ge=1, le=MOST_PICTURES)] = 1,
    size: Annotated[str | None, Form(max_length=32)] = None,
    response_format: Annotated[ResponseFormat, Form()] = "b64_json",
    strength: Annotated[float | None, Form(ge=0, le=1)] = None,
    seed: Annotated[int | None, Form(ge=0, lt=2**63)] = None,
    asynchronous: Annotated[bool, Form(alias="async")] = False,
    i_may_use_this: Annotated[bool, Form()] = False,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """One of your own pictures is varied in its own sentence's words. For one from outside, `prompt`
    may say what is on it; and it needs the declaration that you may use it."""
    data = await image.read()

    def put_in_line() -> Asked:
        stated = declared.or_in_form(i_may_use_this)
        start = bring(house, caller, only_one([data]), declared=stated)
        engine = known_engine(model, ALIASES)
        artwork = start.chosen.artwork
        if artwork is not None and prompt is None:
            return vary(house, caller, artwork, n=n, size=read_size(size), strength=strength,
                        seed=seed, engine=engine, idempotency_key=idempotency_key)  # fmt: skip
        wish = Wish(
            prompt=prompt or say("server.any_picture", caller.language),
            n=n,
            size=read_size(size),
            engine=engine,
            seed=seed,
            strength=VARIATION_STRENGTH if strength is None else strength,
            start=start,
        )
        return ask(house, caller, wish, idempotency_key=idempotency_key)

    manner = FormManner(False, asynchronous, response_format, model)
    return await finish(
        request, house, caller, manner, "image_variation", put_in_line, house.upload_threads
    )
