"""A task asked for with `"async": true`: how it stands, and calling it off."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from danqing.server.caller import GuestDep
from danqing.server.house import HouseDep
from danqing.server.openai import answers
from danqing.server.openai.shapes import Task
from danqing.server.outcomes import outcome_of
from danqing.server.reaching import ULID_PATTERN, own_job

router = APIRouter()
TaskId = Annotated[str, Path(pattern=ULID_PATTERN, examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])]


@router.get(
    "/images/generations/{task_id}",
    response_model=Task,
    response_model_exclude_none=True,
    summary="How a task stands",
)
def task(task_id: TaskId, house: HouseDep, caller: GuestDep) -> Task:
    """Once it is `completed`, `result` has the pictures, as links."""
    view = own_job(house, caller, task_id)
    ended = None if view.job.goes_on else outcome_of(house, view.job, caller.language)
    return answers.task(house, caller, view, ended, [])


@router.post(
    "/images/generations/{task_id}/cancel",
    response_model=Task,
    response_model_exclude_none=True,
    summary="Call a task off",
)
def cancel(task_id: TaskId, house: HouseDep, caller: GuestDep) -> Task:
    """What waits is cancelled when this returns; what is being drawn stops at its next step, and
    what was finished is kept."""
    own_job(house, caller, task_id)
    house.queue.cancel(task_id, person_id=caller.reach)
    return task(task_id, house, caller)
