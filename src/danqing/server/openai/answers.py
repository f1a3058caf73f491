"""From a job to an answer: pictures as data or links, a task, or an error with its reasons."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Literal

from danqing.messages import say
from danqing.request import describe
from danqing.server.openai.shapes import (
    ImageData,
    ImagesAnswer,
    OutputFormat,
    ResponseFormat,
    Task,
    TaskError,
    Usage,
)
from danqing.server.outcomes import Outcome, sentence_of, status_of
from danqing.server.problems import respond
from danqing.wording import left_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request
    from fastapi.responses import JSONResponse

    from danqing.jobs import View
    from danqing.server.caller import Caller
    from danqing.server.house import House
    from danqing.store import Stored

CONTENT_POLICY = "content_policy_violation"
"""The code those clients know for a prompt, or a picture, that the rules don't let through."""
_STATUS: Mapping[str, Literal["queued", "in_progress", "completed", "failed", "cancelled"]] = {
    "queued": "queued",
    "running": "in_progress",
    "done": "completed",
    "refused": "failed",
    "held": "failed",
    "failed": "failed",
    "cancelled": "cancelled",
}
_FORMATS: Mapping[str, OutputFormat] = {
    "image/png": "png", "image/webp": "webp", "image/jpeg": "jpeg", "image/svg+xml": "svg",
}  # fmt: skip


def images(
    house: House,
    caller: Caller,
    outcome: Outcome,
    response_format: ResponseFormat | None,
    notes: list[str],
) -> ImagesAnswer:
    """The finished pictures of a job; there is at least one."""
    first = outcome.pictures[0]
    left = outcome.job.pictures - len(outcome.pictures)
    if left:
        notes = [*notes, say("server.some_withheld", caller.language, count=left)]
    return ImagesAnswer(
        created=int(first.created_at.timestamp()),
        data=[_data(house, caller, artwork, response_format) for artwork in outcome.pictures],
        background="transparent" if first.request.transparent else "opaque",
        output_format=_FORMATS[first.media_type],
        size=f"{first.width_px}x{first.height_px}",
        usage=Usage(core_s=round(outcome.job.core_s, 3)),
        id=outcome.job.id,
        notes=[*notes, *_ignored(first, caller.language)],
    )


def task(
    house: House, caller: Caller, view: View, outcome: Outcome | None, notes: list[str]
) -> Task:
    """A job as a task; outcome: once it has ended."""
    job, standing = view.job, view.standing
    answer = Task(
        id=job.id,
        status=_STATUS[job.state],
        progress=100 if job.state == "done" else int(job.progress * 100),
        created=int(job.submitted_at.timestamp()),
        model=job.engine,
        place=None if standing is None else standing.place,
        remaining_s=None if standing is None else standing.remaining_s,
        notes=notes,
    )
    if outcome is None:
        return answer
    if outcome.pictures:
        answer.result = images(house, caller, outcome, "url", notes)
    elif outcome.verdict != "cancelled":
        answer.status = "failed"
        answer.error = TaskError(
            code=code_of(outcome),
            message=sentence_of(outcome, caller.language),
            reasons=list(outcome.reasons),
        )
    return answer


def no_picture(request: Request, caller: Caller, outcome: Outcome) -> JSONResponse:
    """The error for a job that came to nothing, or isn't finished yet."""
    verdict = outcome.verdict
    by_rule = verdict in ("refused", "held", "withheld")
    return respond(
        request,
        400 if by_rule else status_of(outcome),
        code_of(outcome),
        sentence_of(outcome, caller.language),
        param="prompt" if by_rule else None,
        type="invalid_request_error" if by_rule else None,
        verdict=verdict,
        task_id=outcome.job.id,
        reasons=list(outcome.reasons),
    )


def code_of(outcome: Outcome) -> str:
    verdict = outcome.verdict or ""
    if verdict in ("refused", "held", "withheld"):
        return CONTENT_POLICY
    if verdict == "failed":
        return outcome.job.problem or "errors.unknown"
    return f"server.verdict_{verdict}"


def _data(
    house: House, caller: Caller, artwork: Stored, response_format: ResponseFormat | None
) -> ImageData:
    url = encoded = None
    if response_format == "url":
        url = house.links.to_file(artwork.id, caller.base_url)
    else:
        encoded = base64.b64encode(house.services.store.file_of(artwork)).decode()
    reading = artwork.request.reading
    understood = say("cli.list_separator", reading.prompt.language).join(describe(reading))
    return ImageData(
        url=url, b64_json=encoded, id=artwork.id, seed=artwork.seed,
        revised_prompt=understood or None,
    )  # fmt: skip


def _ignored(artwork: Stored, language: str) -> list[str]:
    """One sentence for all that was asked and is not in the picture."""
    phrases = left_out(artwork.ignored, artwork.request.reading, language)
    if not phrases:
        return []
    separator = say("cli.list_separator", language)
    return [say("cli.ignored", language, phrases=separator.join(phrases))]
