"""GET /sdapi/v1/progress, and POST interrupt and skip: of what the caller is waiting for."""

from __future__ import annotations

import math
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from danqing.errors import NotFound
from danqing.jobs.types import MOST_PREVIEWS, Job, View
from danqing.server.caller import Caller, GuestDep
from danqing.server.house import House, HouseDep

router = APIRouter()
_STEPS = 100
"""Progress is told as so many of these, since engines count in steps of their own."""


class State(BaseModel):
    skipped: bool = False
    interrupted: bool = False
    stopping_generation: bool = False
    job: str = ""
    job_count: int = 0
    job_timestamp: str = "0"
    job_no: int = 0
    sampling_step: int = 0
    sampling_steps: int = 0


class Progress(BaseModel):
    """progress: 0 to 1; 0 with `job_count` 0 when nothing is being drawn. current_image: the newest
    preview, labelled as a finished picture is; null before there is one."""

    progress: float
    eta_relative: float
    state: State
    current_image: str | None = None
    textinfo: str | None = None


@router.get("/progress", summary="How far the caller's drawing is")
def progress(house: HouseDep, caller: GuestDep, skip_current_image: bool = False) -> Progress:
    views = _views(house, caller)
    if not views:
        return Progress(progress=0.0, eta_relative=0.0, state=State())
    job, standing = views[0].job, views[0].standing
    left_s = None if standing is None else standing.remaining_s
    done = job.progress * _STEPS
    state = State(
        job=job.id,
        job_count=len(views),
        job_timestamp=f"{job.submitted_at:%Y%m%d%H%M%S}",
        job_no=job.drawn,
        sampling_step=math.floor(done),
        sampling_steps=_STEPS,
        interrupted=job.cancel_asked,
        stopping_generation=job.cancel_asked,
    )
    return Progress(
        progress=max(job.progress, 0.01),
        eta_relative=left_s or 0.0,
        state=state,
        current_image=None if skip_current_image else _current_image(house, job),
    )


def _current_image(house: House, job: Job) -> str | None:
    """The newest preview; from the first time somebody asks for one on, there are some."""
    if job.previews < MOST_PREVIEWS:
        house.queue.show_previews(job.id, MOST_PREVIEWS)
    shown = house.services.store.previews_of(job.id)
    return shown[-1].base64 if shown else None


@router.post("/interrupt", summary="Call off what the caller is waiting for")
def interrupt(house: HouseDep, caller: GuestDep) -> dict[str, Any]:
    for view in _views(house, caller):
        house.queue.cancel(view.job.id, person_id=caller.person.id)
    return {}


@router.post("/skip", summary="Call off the first of what the caller is waiting for")
def skip(house: HouseDep, caller: GuestDep) -> dict[str, Any]:
    for view in _views(house, caller)[:1]:
        house.queue.cancel(view.job.id, person_id=caller.person.id)
    return {}


def _views(house: House, caller: Caller) -> list[View]:
    """Jobs that go on, of requests of theirs that are open here."""
    found: list[View] = []
    for job_id in house.present.jobs_of(caller.person.id):
        try:
            view = house.queue.look(job_id, person_id=caller.person.id)
        except NotFound:
            continue
        if view.job.goes_on:
            found.append(view)
    return found
