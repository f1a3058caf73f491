"""What the three ways to ask for pictures have in common: wait, stream, or give a task."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any, Protocol

from anyio import to_thread
from fastapi.responses import JSONResponse, StreamingResponse

from danqing.messages import say
from danqing.request.canonical import request_from_json
from danqing.server.openai import answers
from danqing.server.openai.shapes import Usage
from danqing.server.outcomes import Outcome, outcome_at, outcome_of, sentence_of

if TYPE_CHECKING:
    from anyio import CapacityLimiter
    from fastapi import Request, Response

    from danqing.jobs import Job, View
    from danqing.server.asking import Asked
    from danqing.server.caller import Caller
    from danqing.server.house import House
    from danqing.server.openai.shapes import ResponseFormat
    from danqing.store import Stored
    from danqing.store.previews import Preview

LONGEST_WAIT_S = 95.0
"""Proxies in front give up at 100; before that, whoever waits gets the task to ask for instead."""
_STREAM_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


class Manner(Protocol):
    """How an answer is wanted."""

    @property
    def stream(self) -> bool | None: ...

    @property
    def asynchronous(self) -> bool: ...

    @property
    def response_format(self) -> ResponseFormat | None: ...

    @property
    def previews(self) -> int: ...

    @property
    def model(self) -> str | None: ...


async def finish(
    request: Request,
    house: House,
    caller: Caller,
    manner: Manner,
    kind: str,
    put_in_line: Callable[[], Asked],
    limiter: CapacityLimiter | None = None,
) -> Response:
    """Submits, and answers in the manner that was asked for. kind: what stream events begin with.
    limiter: of the threads that submit, where a picture is taken in."""
    asked = await to_thread.run_sync(put_in_line, limiter=limiter)
    notes = asked.size.notes(caller.language)
    if manner.model is not None and manner.model != asked.request.engine:
        notes.append(say("server.model_instead", caller.language, asked=manner.model[:64],
                         got=asked.request.engine))  # fmt: skip
    job = asked.job
    if manner.asynchronous:
        view = await to_thread.run_sync(lambda: house.queue.look(job.id))
        answer = await to_thread.run_sync(lambda: _task(house, caller, view, notes))
        headers = {"location": f"/v1/images/generations/{job.id}"}
        return JSONResponse(answer, 202, headers=headers)
    if manner.stream and job.goes_on:
        events = _events(house, caller, job, kind, manner.previews, notes)
        return StreamingResponse(events, media_type="text/event-stream", headers=_STREAM_HEADERS)
    await house.waiting.until_end(job, timeout_s=LONGEST_WAIT_S)
    return await to_thread.run_sync(_answer, request, house, caller, manner, job.id, notes)


def _answer(
    request: Request, house: House, caller: Caller, manner: Manner, job_id: str, notes: list[str]
) -> Response:
    outcome = outcome_at(house, job_id, caller.language)
    if outcome.verdict is not None:
        return answers.no_picture(request, caller, outcome)
    answer = answers.images(house, caller, outcome, manner.response_format, notes)
    return JSONResponse(answer.model_dump(exclude_none=True))


async def _events(
    house: House, caller: Caller, job: Job, kind: str, previews: int, notes: list[str]
) -> AsyncIterator[bytes]:
    """Each picture whole, as soon as it is finished; then, where some are missing, why. previews: how
    many of each on its way are wanted, which were looked at and labelled as the picture is."""
    store, sent, last = house.services.store, set[str](), ""
    transparent = request_from_json(job.request_json).transparent
    async for view in house.waiting.changes(job.id, each_look=previews > 0):
        if previews:
            for preview in await to_thread.run_sync(store.previews_of, job.id, last):
                last = preview.id
                yield _partial_event(preview, kind, transparent=transparent)
        pictures = await to_thread.run_sync(store.drawn_for, job.id)
        for artwork in pictures:
            if artwork.id not in sent:
                sent.add(artwork.id)
                yield await to_thread.run_sync(_picture_event, house, artwork, kind, notes)
        if not view.job.goes_on and len(sent) < view.job.pictures:
            outcome = await to_thread.run_sync(outcome_of, house, view.job, caller.language)
            yield _problem_event(caller, outcome)


def _partial_event(preview: Preview, kind: str, *, transparent: bool) -> bytes:
    return _event(
        f"{kind}.partial_image",
        {
            "b64_json": preview.base64,
            "created_at": int(preview.created_at.timestamp()),
            "background": "transparent" if transparent else "opaque",
            "output_format": preview.media_type.partition("/")[2],
            "partial_image_index": preview.number,
            "quality": "high",
            "size": f"{preview.width_px}x{preview.height_px}",
            "seed": preview.seed,
        },
    )


def _picture_event(house: House, artwork: Stored, kind: str, notes: list[str]) -> bytes:
    data = house.services.store.file_of(artwork)
    request = artwork.request
    return _event(
        f"{kind}.completed",
        {
            "b64_json": base64.b64encode(data).decode(),
            "created_at": int(artwork.created_at.timestamp()),
            "background": "transparent" if request.transparent else "opaque",
            "output_format": request.format,
            "quality": "high",
            "size": f"{artwork.width_px}x{artwork.height_px}",
            "usage": Usage().model_dump(),
            "id": artwork.id,
            "seed": artwork.seed,
            "notes": notes,
        },
    )


def _problem_event(caller: Caller, outcome: Outcome) -> bytes:
    verdict = "withheld" if outcome.verdict is None else outcome.verdict
    message = say("server.verdict_withheld", caller.language)
    if outcome.verdict is not None:
        message = sentence_of(outcome, caller.language)
    code = answers.CONTENT_POLICY if verdict == "withheld" else answers.code_of(outcome)
    error = {
        "code": code, "message": message, "hint": None, "verdict": verdict,
        "type": "invalid_request_error", "param": None, "task_id": outcome.job.id,
        "reasons": list(outcome.reasons),
    }  # fmt: skip
    return _event("error", {"error": error})


def _event(name: str, document: dict[str, Any]) -> bytes:
    data = json.dumps({"type": name, **document}, ensure_ascii=False)
    return f"event: {name}\ndata: {data}\n\n".encode()


def _task(house: House, caller: Caller, view: View, notes: list[str]) -> dict[str, Any]:
    ended = None if view.job.goes_on else outcome_of(house, view.job, caller.language)
    return answers.task(house, caller, view, ended, notes).model_dump(exclude_none=True)
