"""What the queue speaks of, as frozen values. A job's id is the id of its batch in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

JobState = Literal["queued", "running", "done", "refused", "held", "failed", "cancelled"]
"""queued and running go on; the other five are ends, and an end never changes."""

GateKind = Literal["engine", "group", "region"]
"""What an operator can shut: an engine (its jobs wait), a group (a tier such as `guest`), a region."""

ShutState = Literal["paused", "slowed", "closed"]
"""paused: jobs are taken and wait. slowed: few new ones a minute. closed: no new ones."""
GateState = Literal[ShutState, "open"]
"""open: let past the gate before all of its kind, which is shut."""

JOB_STATES: tuple[str, ...] = get_args(JobState)
GOES_ON = frozenset({"queued", "running"})
LOWEST_PRIORITY, HIGHEST_PRIORITY = -1, 1
MOST_PREVIEWS = 3
"""Of one picture: each is looked at and labelled as the picture itself is, which takes time."""
EVERYTHING = "*"
"""The name of a gate that stands before all engines, groups or regions."""


@dataclass(frozen=True, slots=True)
class Origin:
    """How a request came in: what fair turns, quotas and gates go by, beside the person and their key.

    group: the tier it counts in; None: the person's own (`billing.groups`), `guest` for somebody
    without an account. region: one of `regions.REGIONS`, or None when nobody knows. network: of a
    guest, a keyed hash of the address; all guests from there count as one, since any of them may be
    another after throwing a cookie away.
    """

    group: str | None = None
    region: str | None = None
    network: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A request in the queue, as of one moment. Times are UTC, aware.

    priority: -1, 0 or 1; the higher goes first. pictures: how many were asked for; drawn: how many
    are finished, withheld ones among them. progress: in [0, 1], of the whole job. attempts: how often
    a worker began. cancel_asked: it stops at the next sampling step. problem: a message id, for
    `failed`, or for `queued` after a first attempt went wrong. previews: how many of each picture
    are shown while it is drawn. grant_id: by which the pictures leave without their visible mark.
    core_s: processor seconds so far.
    quoted_minor, charged_minor: money in the smallest unit, what it may cost at most and what it
    did; None until it is known. problem_facts: what fills the problem's sentence.
    """

    id: str
    person_id: str
    key_id: str | None
    group: str
    region: str | None
    state: JobState
    engine: str
    priority: int
    pictures: int
    drawn: int
    progress: float
    attempts: int
    cancel_asked: bool
    problem: str | None
    problem_facts: Mapping[str, str | int | float]
    previews: int
    grant_id: str | None
    core_s: float
    quoted_minor: int
    charged_minor: int | None
    submitted_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    request_json: str

    @property
    def goes_on(self) -> bool:
        return self.state in GOES_ON


@dataclass(frozen=True, slots=True)
class Standing:
    """A job's place in line and what is left of its wait.

    place: 1 is next; None once it runs. wait_s: until it is likely to begin, 0 once it runs.
    remaining_s: until it is likely to be done. The seconds come from measured drawing times; None
    before anything was measured, or while nobody works on its engine, or it is paused.
    """

    place: int | None
    wait_s: float | None
    remaining_s: float | None


@dataclass(frozen=True, slots=True)
class View:
    """A job with its standing (None when it has ended): what people are shown."""

    job: Job
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """Something an operator shut, or opened while all else of its kind is shut.

    per_minute: new jobs let in a minute, for `slowed`. until: when it opens by itself;
    None: when somebody opens it. note: the operator's own reason, for people at the desk, never shown
    to those outside.
    """

    kind: GateKind
    name: str
    state: GateState
    since: datetime
    per_minute: int | None = None
    until: datetime | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker by what it last said of itself. batch_pictures: how many it draws at once."""

    id: str
    engines: tuple[str, ...]
    started_at: datetime
    seen_at: datetime
    working_on: int


@dataclass(frozen=True, slots=True)
class EngineLine:
    """One engine's line. waiting, running: jobs. s_per_picture: measured, None before the first."""

    engine: str
    waiting: int
    running: int
    waiting_pictures: int
    workers: int
    s_per_picture: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole queue, for an operator or a metrics page."""

    lines: tuple[EngineLine, ...]
    gates: tuple[Gate, ...]
    workers: tuple[WorkerSeen, ...]
