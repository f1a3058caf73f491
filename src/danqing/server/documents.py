"""What our own API hands out, as documents: the shapes OpenAPI describes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from danqing.server.outcomes import Outcome, outcome_of, problem_of
from danqing.wording import ignored_document, understood_document

if TYPE_CHECKING:
    from danqing.jobs import Standing, View
    from danqing.server.caller import Caller
    from danqing.server.house import House
    from danqing.store import Stored

_ID = "01KB9N3V6W4G0C5Q2T8XJ7RM1H"


class Understood(BaseModel):
    """A stretch of the sentence and what it was read as."""

    text: str = Field(examples=["红色"])
    start: int
    end: int
    meaning: str = Field(examples=["colour:red"])
    name: str = Field(examples=["红色"])


class Ignored(BaseModel):
    """Something asked that is not in the picture, and what was drawn in its place."""

    what: str
    name: str
    instead: str | None
    instead_name: str | None


class ArtworkDocument(BaseModel):
    """A finished, labelled picture."""

    id: str = Field(examples=[_ID])
    pack_id: str = Field(examples=[_ID], description="All pictures of one request share it.")
    prompt: str = Field(examples=["一只吃竹子的熊猫"])
    language: str = Field(examples=["zh-Hans"])
    created_at: datetime
    engine: str = Field(examples=["mini"])
    engine_version: str
    seed: int = Field(examples=[7])
    width_px: int = Field(examples=[512])
    height_px: int = Field(examples=[512])
    style: str | None
    transparent: bool
    media_type: str = Field(examples=["image/png"])
    size_bytes: int
    sha256: str
    produce_id: str = Field(description="ProduceID in the file's AIGC label.")
    ai_generated: Literal[True] = True
    sources: list[dict[str, str]]
    understood: list[Understood]
    unknown: list[str]
    ignored: list[Ignored]
    url: str = Field(description="The labelled file, for as long as the link serves.")


class Reason(BaseModel):
    """Why something was refused, held or withheld. start, end: of `text` in the sentence."""

    rule: str
    category: str
    pack: str
    article: str
    start: int
    end: int
    text: str
    explanation: str


class JobProblem(BaseModel):
    code: str
    message: str


class JobDocument(BaseModel):
    """A request in the queue, and what came of it once it has ended."""

    id: str = Field(examples=[_ID])
    object: Literal["job"] = "job"
    state: Literal["queued", "running", "done", "refused", "held", "failed", "cancelled"]
    engine: str = Field(examples=["mini"])
    pictures: int = Field(description="How many were asked for.", examples=[4])
    drawn: int = Field(description="How many are finished.", examples=[1])
    progress: float = Field(ge=0, le=1, examples=[0.25])
    place: int | None = Field(None, description="In line; 1 is next. Absent once it runs.")
    wait_s: float | None = Field(None, description="Until it is likely to begin.")
    remaining_s: float | None = Field(None, description="Until it is likely to be done.")
    cancel_asked: bool = False
    grant: str | None = Field(
        None, description="By which the pictures leave without their visible mark."
    )
    core_s: float
    quoted_minor: int = Field(0, description="What it may cost at most; set aside.", examples=[8])
    charged_minor: int | None = Field(None, description="What it did, once it has ended.")
    submitted_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    problem: JobProblem | None = None
    reasons: list[Reason] = Field(default_factory=list)
    artworks: list[ArtworkDocument] = Field(default_factory=list)
    notes: list[str] = Field(
        default_factory=list, description="Where the answer differs from what was asked."
    )


def artwork_document(house: House, caller: Caller, artwork: Stored) -> ArtworkDocument:
    request, language = artwork.request, caller.language
    return ArtworkDocument(
        id=artwork.id,
        pack_id=artwork.batch_id,
        prompt=artwork.prompt,
        language=artwork.language,
        created_at=artwork.created_at,
        engine=artwork.engine,
        engine_version=artwork.engine_version,
        seed=artwork.seed,
        width_px=artwork.width_px,
        height_px=artwork.height_px,
        style=request.style,
        transparent=request.transparent,
        media_type=artwork.media_type,
        size_bytes=artwork.size_bytes,
        sha256=artwork.sha256,
        produce_id=artwork.produce_id,
        sources=[{"kind": source.kind, "id": source.id} for source in request.sources],
        understood=[Understood(**u) for u in understood_document(request.reading, language)],
        unknown=list(request.reading.unknown),
        ignored=[
            Ignored(**i) for i in ignored_document(artwork.ignored, request.reading, language)
        ],
        url=house.links.to_file(artwork.id, caller.base_url),
    )


def job_document(
    house: House, caller: Caller, view: View, *, notes: list[str] | None = None
) -> JobDocument:
    """A job as it is now; with its pictures and reasons once it has ended."""
    outcome = outcome_of(house, view.job, caller.language)
    return job_as_came(house, caller, outcome, view.standing, notes)


def job_as_came(
    house: House,
    caller: Caller,
    outcome: Outcome,
    standing: Standing | None = None,
    notes: list[str] | None = None,
) -> JobDocument:
    """A job whose outcome was looked up already."""
    job, problem = outcome.job, None
    if job.problem is not None:
        problem = JobProblem(code=job.problem, message=problem_of(job, caller.language))
    return JobDocument(
        id=job.id,
        state=job.state,
        engine=job.engine,
        pictures=job.pictures,
        drawn=job.drawn,
        progress=job.progress,
        place=None if standing is None else standing.place,
        wait_s=None if standing is None else standing.wait_s,
        remaining_s=None if standing is None else standing.remaining_s,
        cancel_asked=job.cancel_asked,
        grant=job.grant_id,
        core_s=job.core_s,
        quoted_minor=job.quoted_minor,
        charged_minor=job.charged_minor,
        submitted_at=job.submitted_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        problem=problem,
        reasons=[_reason(reason) for reason in outcome.reasons],
        artworks=[artwork_document(house, caller, artwork) for artwork in outcome.pictures],
        notes=notes or [],
    )


def _reason(reason: dict[str, Any]) -> Reason:
    return Reason(**{name: reason.get(name, "") for name in Reason.model_fields})
