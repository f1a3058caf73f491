"""POST /v1/images/edits: a picture and a sentence, perhaps a mask, become other pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, Response, UploadFile

from danqing.server.asking import MOST_PICTURES, Asked, Wish, ask, bring, known_engine
from danqing.server.caller import DrawerDep
from danqing.server.declaring import DeclaredDep
from danqing.server.house import HouseDep
from danqing.server.masks import white_where_clear
from danqing.server.openai.finishing import finish
from danqing.server.openai.generations import IdempotencyKey
from danqing.server.openai.shapes import (
    ALIASES,
    Background,
    ImagesAnswer,
    OutputFormat,
    ResponseFormat,
    Task,
)
from danqing.server.sizes import read_size

router = APIRouter()


@dataclass(frozen=True, slots=True)
class FormManner:
    """How an answer to a form is wanted."""

    stream: bool | None
    asynchronous: bool
    response_format: ResponseFormat | None
    model: str | None
    previews: int = 0


@router.post(
    "/images/edits",
    response_model=ImagesAnswer,
    summary="Change a picture",
    responses={
        200: {"content": {"text/event-stream": {}}},
        202: {"model": Task, "description": "A task, asked for with `async`."},
    },
)
async def edit(
    request: Request,
    house: HouseDep,
    caller: DrawerDep,
    declared: DeclaredDep,
    prompt: Annotated[str, Form(max_length=100_000, examples=["一只戴帽子的熊猫"])],
    image: Annotated[list[UploadFile] | None, File(description="PNG, JPEG, WebP or GIF.")] = None,
    images: Annotated[list[UploadFile] | None, File(alias="image[]")] = None,
    mask: Annotated[
        UploadFile | None, File(description="Of the picture's size; where it is clear is redrawn.")
    ] = None,
    model: Annotated[str | None, Form(max_length=64)] = None,
    n: Annotated[int, Form(ge=1, le=MOST_PICTURES)] = 1,
    size: Annotated[str | None, Form(max_length=32)] = None,
    response_format: Annotated[ResponseFormat, Form()] = "b64_json",
    background: Annotated[Background, Form()] = "auto",
    output_format: Annotated[OutputFormat, Form()] = "png",
    strength: Annotated[float | None, Form(ge=0, le=1)] = None,
    seed: Annotated[int | None, Form(ge=0, lt=2**63)] = None,
    stream: Annotated[bool, Form()] = False,
    partial_images: Annotated[int, Form(ge=0, le=3)] = 0,
    asynchronous: Annotated[bool, Form(alias="async")] = False,
    i_may_use_this: Annotated[bool, Form()] = False,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """A picture that wasn't drawn here needs the declaration that you may use it: the form field
    `i_may_use_this`, or the header `X-I-May-Use-This: yes`. It is logged."""
    brought = [await picture.read() for picture in (*(image or ()), *(images or ()))]
    painted = None if mask is None else await mask.read()
    previews = partial_images if stream else 0
    manner = FormManner(stream, asynchronous, response_format, model, previews)

    def put_in_line() -> Asked:
        data = only_one(brought)
        stated = declared.or_in_form(i_may_use_this)
        white = None
        if painted is not None:
            house.decoder.look(painted)
            white = white_where_clear(painted)
        start = bring(house, caller, data, declared=stated, mask=white)
        wish = Wish(
            prompt=prompt,
            n=n,
            size=read_size(size),
            engine=known_engine(model, ALIASES),
            transparent=background == "transparent",
            format=output_format,
            seed=seed,
            strength=strength,
            start=start,
            previews=manner.previews,
        )
        return ask(house, caller, wish, idempotency_key=idempotency_key)

    return await finish(
        request, house, caller, manner, "image_edit", put_in_line, house.upload_threads
    )


def only_one(brought: list[bytes]) -> bytes:
    """Raises InputError unless there is exactly one picture."""
    from danqing.errors import InputError
    from danqing.request.types import MAX_SOURCES

    if not brought:
        raise InputError("server.picture_missing")
    if len(brought) > MAX_SOURCES:
        raise InputError("server.one_picture", count=len(brought))
    return brought[0]
