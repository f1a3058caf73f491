"""`danqing doctor`: every duty of a profile, and whether this installation meets it."""

from __future__ import annotations

from typing import Annotated, Any, cast, get_args

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.errors import InputError
from danqing.profiles import Finding, check_duties
from danqing.settings import Profile


def doctor(
    context: typer.Context,
    profile: Annotated[str | None, typer.Option("--profile", metavar="NAME")] = None,
) -> Exit:
    desk = desk_of(context)
    settings = desk.settings()
    if profile is not None and profile not in get_args(Profile):
        raise InputError("cli.no_such_profile", name=profile, known=", ".join(get_args(Profile)))
    chosen = cast(Profile, profile or settings.profile)
    findings = check_duties(settings, chosen)
    counts = {
        status: sum(finding.status == status for finding in findings)
        for status in ("met", "not-met", "not-ours")
    }
    desk.show({"profile": chosen, **counts, "duties": [_document(f, desk) for f in findings]})
    for finding in findings:
        _tell(finding, desk)
    gaps, not_ours = counts["not-met"], counts["not-ours"]
    code = "duty.gaps" if gaps else "duty.all_met"
    desk.print(code, profile=chosen, gaps=gaps, not_ours=not_ours)
    return Exit.DUTIES if gaps else Exit.DONE


def _title(finding: Finding, desk: Desk) -> str:
    return desk.say(f"duty.{finding.duty.id}", **finding.facts)


def _todo(finding: Finding, desk: Desk) -> str | None:
    if finding.status != "not-met":
        return None
    return desk.say(f"duty.{finding.duty.id}_todo", **finding.facts)


def _tell(finding: Finding, desk: Desk) -> None:
    desk.print(
        "duty.line_start" if finding.duty.start else "duty.line",
        status=desk.say(f"duty.status_{finding.status}"),
        title=_title(finding, desk),
        article=finding.duty.article,
    )
    todo = _todo(finding, desk)
    if todo is not None:
        desk.print("duty.todo", todo=todo)


def _document(finding: Finding, desk: Desk) -> dict[str, Any]:
    duty = finding.duty
    return {
        "id": duty.id,
        "status": finding.status,
        "needed_to_start": duty.start,
        "article": duty.article,
        "confidence": duty.tag,
        "title": _title(finding, desk),
        "todo": _todo(finding, desk),
        "found": dict(finding.facts),
    }
