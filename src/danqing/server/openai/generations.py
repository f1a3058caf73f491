"""POST /v1/images/generations: a sentence becomes pictures, now, in a stream, or later."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from danqing.server.asking import Asked, Wish, ask, known_engine
from danqing.server.caller import DrawerDep
from danqing.server.house import HouseDep
from danqing.server.openai.finishing import finish
from danqing.server.openai.shapes import ALIASES, ImageRequest, ImagesAnswer, Task
from danqing.server.sizes import read_size

router = APIRouter()
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same key again gives the same task again, and draws nothing.",
    ),
]


@router.post(
    "/images/generations",
    response_model=ImagesAnswer,
    summary="Draw a sentence",
    responses={
        200: {"content": {"text/event-stream": {}}},
        202: {"model": Task, "description": 'A task, asked for with `"async": true`.'},
    },
)
async def generate(
    asked: ImageRequest,
    request: Request,
    house: HouseDep,
    caller: DrawerDep,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Answers when the pictures are finished; with `stream`, as each of them is, and with
    `partial_images` on their way there, too; with `async`, at once."""

    def put_in_line() -> Asked:
        wish = Wish(
            prompt=asked.prompt,
            n=asked.n or 1,
            size=read_size(asked.size),
            engine=known_engine(asked.model, ALIASES),
            style=asked.style,
            transparent=asked.transparent,
            format=asked.format,
            seed=asked.seed,
            previews=asked.previews,
            grant=asked.grant,
        )
        return ask(house, caller, wish, idempotency_key=idempotency_key)

    return await finish(request, house, caller, asked, "image_generation", put_in_line)
