"""`danqing queue …` and `danqing worker`: what waits, what an operator shuts, and who draws."""

from __future__ import annotations

import signal
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

from danqing.cli.desk import Desk, desk_of, tell
from danqing.cli.exits import Exit
from danqing.cli.values import whole_number
from danqing.errors import DanqingError, InputError
from danqing.jobs.types import EVERYTHING, JOB_STATES, Gate, GateKind, Job, ShutState, View

if TYPE_CHECKING:
    from danqing.jobs import Overview, Queue
    from danqing.services import Services

JobId = Annotated[str, typer.Argument(metavar="JOB")]
EngineName = Annotated[str, typer.Argument(metavar="ENGINE")]
Kind = Annotated[str, typer.Argument(metavar="engine|group|region")]
Name = Annotated[str, typer.Argument(metavar="NAME")]
Minutes = Annotated[str | None, typer.Option("--for", metavar="MINUTES")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT")]
MAX_LINES = 1_000


def list_jobs(
    context: typer.Context,
    state: Annotated[list[str] | None, typer.Option("--state", metavar="STATE")] = None,
    limit: Annotated[str, typer.Option("--limit", metavar="N")] = "20",
    before: Annotated[str | None, typer.Option("--before", metavar="JOB")] = None,
) -> Exit:
    desk = desk_of(context)
    states: Any = tuple(state or ("queued", "running"))
    for name in states:
        if name not in JOB_STATES:
            raise InputError("queue.no_such_state", name=name, known=", ".join(JOB_STATES))
    lines = whole_number(limit, "--limit")
    if not 1 <= lines <= MAX_LINES:
        raise InputError("cli.limit", value=lines, largest=MAX_LINES)
    with desk.services() as services:
        queue = queue_of(services)
        overview = queue.overview()
        found = queue.find(states=states, limit=lines, before=before)
    desk.show(overview_document(overview) | {"jobs": [job_document(job) for job in found]})
    _tell_overview(overview, desk)
    for job in found:
        _tell_job(job, desk)
    if not found:
        desk.print("queue.none")
    return Exit.DONE


def show(context: typer.Context, job_id: JobId) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        view = queue_of(services).look(job_id.strip().upper())
    desk.show(view_document(view))
    _tell_job(view.job, desk)
    standing = view.standing
    if standing is not None and standing.place is not None:
        desk.print("queue.place", place=standing.place)
    if standing is not None and standing.remaining_s is not None:
        desk.print("queue.remaining", seconds=round(standing.remaining_s))
    if view.job.problem is not None:
        desk.write(tell(DanqingError(view.job.problem), desk.language))
    return Exit.DONE


def cancel(context: typer.Context, job_id: JobId) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        job = queue_of(services).cancel(job_id.strip().upper())
    desk.show(job_document(job))
    if job.goes_on:
        desk.print("queue.will_stop", id=job.id)
    else:
        _tell_job(job, desk)
    return Exit.DONE


def pause(
    context: typer.Context, engine: EngineName = EVERYTHING, minutes: Minutes = None,
    note: Note = None,
) -> Exit:  # fmt: skip
    return _shut(context, "engine", engine, "paused", None, minutes, note)


def resume(context: typer.Context, engine: EngineName = EVERYTHING) -> Exit:
    return _open(context, "engine", engine)


def slow(
    context: typer.Context,
    gate_kind: Kind,
    gate_name: Name,
    per_minute: Annotated[str, typer.Option("--per-minute", metavar="N")],
    minutes: Minutes = None,
    note: Note = None,
) -> Exit:
    number = whole_number(per_minute, "--per-minute")
    return _shut(context, gate_kind, gate_name, "slowed", number, minutes, note)


def close(
    context: typer.Context, gate_kind: Kind, gate_name: Name, minutes: Minutes = None,
    note: Note = None,
) -> Exit:  # fmt: skip
    return _shut(context, gate_kind, gate_name, "closed", None, minutes, note)


def reopen(context: typer.Context, gate_kind: Kind, gate_name: Name) -> Exit:
    return _open(context, gate_kind, gate_name)


def worker(
    context: typer.Context,
    engine: Annotated[list[str] | None, typer.Option("--engine", metavar="NAME")] = None,
) -> Exit:
    """Works until Ctrl-C or SIGTERM."""
    from danqing.jobs import Worker

    desk = desk_of(context)
    with desk.services() as services:
        for name in engine or ():
            services.load_engine(name)  # one that isn't there is said now, not job by job
        at_work = Worker(services, queue_of(services), engines=tuple(engine) if engine else None)
        previous = signal.signal(signal.SIGTERM, lambda *_: at_work.stop())
        desk.show({"worker": at_work.id, "engines": list(at_work.engines)})
        desk.note("queue.worker_ready", id=at_work.id, engines=", ".join(at_work.engines))
        try:
            at_work.run()
        finally:
            signal.signal(signal.SIGTERM, previous)
    return Exit.DONE


def queue_of(services: Services) -> Queue:
    from danqing.jobs import Queue

    return Queue(services)


def job_document(job: Job) -> dict[str, Any]:
    """A job for programs."""
    return {
        "id": job.id,
        "state": job.state,
        "person_id": job.person_id,
        "key_id": job.key_id,
        "group": job.group,
        "region": job.region,
        "engine": job.engine,
        "priority": job.priority,
        "pictures": job.pictures,
        "drawn": job.drawn,
        "progress": job.progress,
        "attempts": job.attempts,
        "cancel_asked": job.cancel_asked,
        "problem": job.problem,
        "core_s": job.core_s,
        "quoted_minor": job.quoted_minor,
        "charged_minor": job.charged_minor,
        "submitted_at": job.submitted_at.isoformat(),
        "started_at": None if job.started_at is None else job.started_at.isoformat(),
        "ended_at": None if job.ended_at is None else job.ended_at.isoformat(),
    }


def view_document(view: View) -> dict[str, Any]:
    standing = view.standing
    return job_document(view.job) | {
        "place": None if standing is None else standing.place,
        "wait_s": None if standing is None else standing.wait_s,
        "remaining_s": None if standing is None else standing.remaining_s,
    }


def gate_document(gate: Gate) -> dict[str, Any]:
    return {
        "kind": gate.kind,
        "name": gate.name,
        "state": gate.state,
        "per_minute": gate.per_minute,
        "since": gate.since.isoformat(),
        "until": None if gate.until is None else gate.until.isoformat(),
        "note": gate.note,
    }


def overview_document(overview: Overview) -> dict[str, Any]:
    return {
        "engines": [
            {
                "engine": line.engine,
                "waiting": line.waiting,
                "running": line.running,
                "waiting_pictures": line.waiting_pictures,
                "workers": line.workers,
                "s_per_picture": line.s_per_picture,
            }
            for line in overview.lines
        ],
        "gates": [gate_document(gate) for gate in overview.gates],
        "workers": [
            {"id": w.id, "engines": list(w.engines), "seen_at": w.seen_at.isoformat(),
             "working_on": w.working_on}
            for w in overview.workers
        ],
    }  # fmt: skip


def _shut(
    context: typer.Context, kind: str, name: str, state: ShutState, per_minute: int | None,
    minutes: str | None, note: str | None,
) -> Exit:  # fmt: skip
    desk = desk_of(context)
    with desk.services() as services:
        until = None
        if minutes is not None:
            until = services.clock() + timedelta(minutes=whole_number(minutes, "--for"))
        gate = queue_of(services).shut(
            _kind(kind), name, state, per_minute=per_minute, until=until, note=note
        )
    desk.show(gate_document(gate))
    _tell_gate(gate, desk)
    return Exit.DONE


def _open(context: typer.Context, kind: str, name: str) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        opened = queue_of(services).open(_kind(kind), name)
    desk.show({"kind": kind, "name": name, "was_shut": opened})
    desk.print("queue.opened" if opened else "queue.was_open", kind=kind, name=name)
    return Exit.DONE


def _kind(text: str) -> GateKind:
    for kind in get_args(GateKind):
        if kind == text:
            return kind  # type: ignore[no-any-return]  # get_args knows no literals
    raise InputError("queue.gate", kind=text, name="", state="")


def _tell_overview(overview: Overview, desk: Desk) -> None:
    for line in overview.lines:
        desk.print(
            "queue.line", engine=line.engine, waiting=line.waiting, running=line.running,
            workers=line.workers,
        )  # fmt: skip
    for gate in overview.gates:
        _tell_gate(gate, desk)


def _tell_gate(gate: Gate, desk: Desk) -> None:
    until = desk.say("queue.until_opened")
    if gate.until is not None:
        until = desk.say("queue.until_time", time=f"{gate.until.astimezone():%Y-%m-%d %H:%M}")
    desk.print(
        f"queue.gate_{gate.state}", kind=gate.kind, name=gate.name, until=until,
        per_minute=gate.per_minute,
    )  # fmt: skip


def _tell_job(job: Job, desk: Desk) -> None:
    desk.print(
        "queue.job", id=job.id, state=desk.say(f"queue.state_{job.state}"), engine=job.engine,
        drawn=job.drawn, pictures=job.pictures, percent=int(job.progress * 100),
        submitted_at=f"{job.submitted_at.astimezone():%Y-%m-%d %H:%M:%S}",
    )  # fmt: skip
