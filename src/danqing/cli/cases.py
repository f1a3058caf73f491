"""`danqing appeal`, `danqing complaint`, and answering them: `danqing case`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.people import As, acting
from danqing.errors import InputError
from danqing.identity import require
from danqing.policy import Case

Text = Annotated[str, typer.Argument(metavar="TEXT")]
CaseArgument = Annotated[str, typer.Argument(metavar="CASE")]


def appeal(
    context: typer.Context,
    batch: Annotated[str, typer.Argument(metavar="BATCH")],
    text: Text,
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        person = acting(services, as_login, desk)
        case = services.cases.appeal(batch, person, text)
    return _opened(case, desk)


def complain(
    context: typer.Context,
    text: Text,
    about: Annotated[str | None, typer.Option("--about", metavar="WHAT")] = None,
    contact: Annotated[str | None, typer.Option("--contact", metavar="WHERE")] = None,
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        person = (
            None if contact is not None and as_login is None else acting(services, as_login, desk)
        )
        case = services.cases.complain(text, about=about, person=person, contact=contact)
    return _opened(case, desk)


def list_all(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all")] = False,
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        require(acting(services, as_login, desk), "review")
        cases = services.cases.waiting(everything=everything)
        now = services.clock()
    desk.show({"cases": [_document(case, now) for case in cases]})
    for case in cases:
        _tell(case, now, desk)
    if not cases:
        desk.print("cli.cases_empty")
    return Exit.DONE


def show(context: typer.Context, case: CaseArgument, as_login: As = None) -> Exit:
    """A case of one's own, or any for a reviewer."""
    desk = desk_of(context)
    with desk.services() as services:
        person = acting(services, as_login, desk)
        found = services.cases.find(case)
        if found.person_id != person.id:
            require(person, "review")
        now = services.clock()
    desk.show(_document(found, now))
    _tell(found, now, desk)
    desk.write(f"  {found.body}")
    if found.answer is not None:
        desk.write(f"  → {found.answer}")
    return Exit.DONE


def answer(
    context: typer.Context,
    case: CaseArgument,
    text: Text,
    uphold: Annotated[bool, typer.Option("--uphold")] = False,
    reject: Annotated[bool, typer.Option("--reject")] = False,
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    if uphold == reject:
        raise InputError("policy.uphold_or_reject")
    with desk.services() as services:
        reviewer = acting(services, as_login, desk)
        final = services.policy.final_rules
        found = services.cases.answer(case, reviewer, text, upheld=uphold, final=final)
        now = services.clock()
    desk.show(_document(found, now))
    _tell(found, now, desk)
    return Exit.DONE


def _opened(case: Case, desk: Desk) -> Exit:
    desk.show(_document(case, case.opened_at))
    desk.print("cli.case_opened", id=case.id, due=f"{case.due_at.astimezone():%Y-%m-%d}")
    return Exit.DONE


def _tell(case: Case, now: datetime, desk: Desk) -> None:
    state = "overdue" if case.overdue(now) else "open"
    if case.answered_at is not None:
        state = "upheld" if case.upheld else "rejected"
    desk.print(
        "cli.case_item", id=case.id, kind=desk.say(f"cli.kind_{case.kind}"),
        state=desk.say(f"cli.case_{state}"), due=f"{case.due_at.astimezone():%Y-%m-%d}",
        about=case.batch_id or case.about or "-",
    )  # fmt: skip


def _document(case: Case, now: datetime) -> dict[str, Any]:
    times = ("opened_at", "due_at", "answered_at")
    document = asdict(case) | {"overdue": case.overdue(now)}
    return document | {t: None if document[t] is None else document[t].isoformat() for t in times}
