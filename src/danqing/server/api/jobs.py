"""/api/jobs: asking for pictures, and following how it goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from anyio import to_thread
from fastapi import Depends, Path, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from danqing.jobs.types import MOST_PREVIEWS, JobState, View
from danqing.request.types import MAX_PROMPT_CHARACTERS, PictureFormat
from danqing.server.api.artworks import ArtworkId
from danqing.server.asking import MOST_PICTURES, Wish, ask, known_engine, start_from, vary
from danqing.server.caller import DrawerDep, GuestDep
from danqing.server.documents import JobDocument, job_as_came, job_document
from danqing.server.house import HouseDep
from danqing.server.openai.generations import IdempotencyKey
from danqing.server.outcomes import outcomes_of
from danqing.server.parts import Part
from danqing.server.reaching import ULID_PATTERN, own_artwork, own_job

if TYPE_CHECKING:
    from danqing.server.caller import Caller
    from danqing.server.house import House
    from danqing.store.previews import Preview

router = Part(prefix="/jobs", tags=["Jobs"])
JobId = Annotated[str, Path(pattern=ULID_PATTERN, examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])]


class JobRequest(BaseModel):
    """What is to be drawn. Sources from outside are brought through /v1/images/edits."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"prompt": "纽约唐人街小孩吃烧卖", "n": 4, "seed": 7},
                {"prompt": "一只戴帽子的熊猫", "source": "01KB9N3V6W4G0C5Q2T8XJ7RM1H"},
            ]
        },
    )

    prompt: str = Field(
        max_length=100_000,
        description=f"Chinese or English, at most {MAX_PROMPT_CHARACTERS} characters.",
    )
    n: int = Field(1, ge=1, le=MOST_PICTURES)
    width_px: int = Field(512, ge=1, le=1_000_000, description="The nearest there is is drawn.")
    height_px: int = Field(512, ge=1, le=1_000_000)
    seed: int | None = Field(None, ge=0, lt=2**63)
    engine: str | None = Field(None, max_length=64, examples=["mini"])
    style: str | None = Field(None, max_length=64)
    transparent: bool = False
    format: PictureFormat = "png"
    source: str | None = Field(
        None, pattern=ULID_PATTERN, description="One of your artworks to start from."
    )
    strength: float | None = Field(
        None, ge=0, le=1, description="How far to move from the source: 0 keeps it."
    )
    previews: int = Field(
        0,
        ge=0,
        le=MOST_PREVIEWS,
        description="Of each picture on its way, for whoever follows the job with `previews`.",
    )
    grant: str | None = Field(
        None, pattern=ULID_PATTERN,
        description="By which the pictures leave without their visible mark.",
    )  # fmt: skip
    priority: Literal[-1, 0] = Field(0, description="-1: when nobody else is waiting.")


class VariationRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"n": 4}]})

    n: int = Field(4, ge=1, le=MOST_PICTURES)
    strength: float | None = Field(None, ge=0, le=1)
    seed: int | None = Field(None, ge=0, lt=2**63)


class Jobs(BaseModel):
    """A page, newest first. before: what to ask for the next one with; absent on the last."""

    jobs: list[JobDocument]
    before: str | None = None


@router.post("", status_code=202, summary="Ask for pictures")
def submit(
    asked: JobRequest,
    house: HouseDep,
    caller: DrawerDep,
    idempotency_key: IdempotencyKey = None,
) -> JobDocument:
    """Answers at once. What the rules refuse comes back as a job too, `refused`, with reasons."""
    start = None if asked.source is None else start_from(house, caller, asked.source)
    wish = Wish(
        prompt=asked.prompt,
        n=asked.n,
        size=(asked.width_px, asked.height_px),
        engine=known_engine(asked.engine),
        style=asked.style,
        transparent=asked.transparent,
        format=asked.format,
        seed=asked.seed,
        strength=asked.strength,
        start=start,
        previews=asked.previews,
        grant=asked.grant,
    )
    put = ask(house, caller, wish, idempotency_key=idempotency_key, priority=asked.priority)
    view = house.queue.look(put.job.id)
    return job_document(house, caller, view, notes=put.size.notes(caller.language))


@router.post("/variations/{artwork_id}", status_code=202, summary="Ask for pictures near one")
def submit_variations(
    artwork_id: ArtworkId,
    asked: VariationRequest,
    house: HouseDep,
    caller: DrawerDep,
    idempotency_key: IdempotencyKey = None,
) -> JobDocument:
    artwork = own_artwork(house, caller, artwork_id)
    put = vary(
        house, caller, artwork, n=asked.n, strength=asked.strength, seed=asked.seed,
        idempotency_key=idempotency_key,
    )  # fmt: skip
    return job_document(house, caller, house.queue.look(put.job.id))


@router.get("", summary="Your jobs, newest first")
def jobs(
    house: HouseDep,
    caller: GuestDep,
    state: Annotated[list[JobState] | None, Query(max_length=7)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    before: Annotated[str | None, Query(pattern=ULID_PATTERN)] = None,
) -> Jobs:
    found = house.queue.find(
        person_id=caller.person.id, states=tuple(state or ()), limit=limit, before=before
    )
    more = found[-1].id if len(found) == limit else None
    outcomes = outcomes_of(house, found, caller.language)
    return Jobs(jobs=[job_as_came(house, caller, outcome) for outcome in outcomes], before=more)


@router.get("/{job_id}", summary="One job")
def job(job_id: JobId, house: HouseDep, caller: GuestDep) -> JobDocument:
    return job_document(house, caller, own_job(house, caller, job_id))


@router.post("/{job_id}/cancel", summary="Call a job off")
def cancel(job_id: JobId, house: HouseDep, caller: GuestDep) -> JobDocument:
    """What waits is cancelled when this returns; what is being drawn stops at its next step, and
    what was finished is kept."""
    own_job(house, caller, job_id)
    house.queue.cancel(job_id, person_id=caller.reach)
    return job(job_id, house, caller)


def followed(job_id: JobId, house: HouseDep, caller: GuestDep) -> View:
    """Looked up before the stream begins, while an error can still be one."""
    return own_job(house, caller, job_id)


FollowedDep = Annotated[View, Depends(followed)]


@router.get(
    "/{job_id}/events",
    response_class=EventSourceResponse,
    summary="Follow a job",
    responses={
        200: {
            "description": "`progress` events, then one `end`, each with the job; between them, where "
            "they are asked for, `preview` events, each with a picture on its way."
        }
    },
)
async def events(
    followed: FollowedDep,
    house: HouseDep,
    caller: GuestDep,
    previews: Annotated[
        int, Query(ge=0, le=MOST_PREVIEWS, description="Of each picture on its way.")
    ] = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: the job as /api/jobs/{job_id} shows it, now and whenever it changes. A
    preview is labelled as the picture will be."""
    job_id, last, shown = followed.job.id, "", None
    if previews > followed.job.previews:
        await to_thread.run_sync(house.queue.show_previews, job_id, previews)
    async for view in house.waiting.changes(job_id, each_look=previews > 0):
        if previews:
            for preview in await to_thread.run_sync(house.services.store.previews_of, job_id, last):
                last = preview.id
                yield ServerSentEvent(event="preview", data=_preview_document(preview))
        if view == shown:
            continue
        shown = view
        document = await to_thread.run_sync(_document, house, caller, view)
        name = "progress" if view.job.goes_on else "end"
        yield ServerSentEvent(event=name, data=document)


def _preview_document(preview: Preview) -> dict[str, Any]:
    return {
        "seed": preview.seed,
        "number": preview.number,
        "media_type": preview.media_type,
        "width_px": preview.width_px,
        "height_px": preview.height_px,
        "created_at": preview.created_at.isoformat(),
        "b64_json": preview.base64,
    }


def _document(house: House, caller: Caller, view: View) -> dict[str, Any]:
    return job_document(house, caller, view).model_dump(mode="json")
