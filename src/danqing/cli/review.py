"""`danqing review`: what was held or withheld, and a reviewer's ruling on it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.people import As, acting
from danqing.errors import InputError
from danqing.identity import require
from danqing.policy import Pending, Ruling
from danqing.policy.docket import Statement

Because = Annotated[str, typer.Option("--because", metavar="TEXT")]
BatchArgument = Annotated[str, typer.Argument(metavar="BATCH")]


def list_all(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all")] = False,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000)] = 50,
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        require(acting(services, as_login, desk), "review")
        pending = services.docket.pending(limit=limit, everything=everything)
    desk.show({"verdicts": [_document(each) for each in pending]})
    for each in pending:
        _tell(each, desk)
    if not pending:
        desk.print("cli.review_empty")
    return Exit.DONE


def allow(
    context: typer.Context, batch: BatchArgument, because: Because = "", as_login: As = None
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        reviewer = acting(services, as_login, desk)
        final = services.policy.final_rules
        ruling = services.docket.rule(batch, "allow", reviewer, because, final)
    return _ruled(ruling, desk)


def refuse(
    context: typer.Context, batch: BatchArgument, because: Because = "", as_login: As = None
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        reviewer = acting(services, as_login, desk)
        ruling = services.docket.rule(batch, "refuse", reviewer, because)
    return _ruled(ruling, desk)


def pardon(
    context: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON")],
    because: Because = "",
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        reviewer = acting(services, as_login, desk)
        ruling = services.docket.pardon(person.upper(), reviewer, because)
    return _ruled(ruling, desk)


def consent(
    context: typer.Context,
    picture: Annotated[str, typer.Argument(metavar="FILE")],
    everyone: Annotated[bool, typer.Option("--everyone")] = False,
    nobody: Annotated[bool, typer.Option("--nobody")] = False,
    as_login: As = None,
) -> Exit:
    """Logs what is declared of the people in a picture, before it is edited (profile `cn`)."""
    from hashlib import sha256
    from pathlib import Path

    from danqing.inputs import read_file
    from danqing.sources import MAX_FILE_BYTES

    desk = desk_of(context)
    if everyone == nobody:
        raise InputError("policy.face_declaration")
    digest = sha256(read_file(Path(picture), MAX_FILE_BYTES)).hexdigest()
    statement: Statement = "everyone" if everyone else "nobody"
    with desk.services() as services:
        person = acting(services, as_login, desk)
        services.docket.consent(person, digest, statement)
    desk.show({"sha256": digest, "statement": statement})
    desk.print("cli.consent_logged", sha256=digest)
    return Exit.DONE


def _ruled(ruling: Ruling, desk: Desk) -> Exit:
    desk.show(_ruling(ruling))
    desk.print(f"cli.ruled_{ruling.decision}", id=ruling.id)
    return Exit.DONE


def _tell(each: Pending, desk: Desk) -> None:
    when = f"{each.at.astimezone():%Y-%m-%d %H:%M}"
    rules = ", ".join(rule for rule, _, _ in each.reasons) or "-"
    desk.print(
        "cli.review_item", id=each.batch_id, kind=desk.say(f"cli.kind_{each.kind}"), when=when,
        prompt=each.prompt, rules=rules, person=each.person_id,
    )  # fmt: skip


def _document(each: Pending) -> dict[str, Any]:
    return {
        "batch_id": each.batch_id,
        "person_id": each.person_id,
        "kind": each.kind,
        "prompt": each.prompt,
        "reasons": [
            {"rule": rule, "pack": pack, "category": category}
            for rule, pack, category in each.reasons
        ],
        "at": each.at.isoformat(),
        "ruling": None if each.ruling is None else _ruling(each.ruling),
    }


def _ruling(ruling: Ruling) -> dict[str, Any]:
    return {
        "id": ruling.id,
        "decision": ruling.decision,
        "batch_id": ruling.batch_id,
        "person_id": ruling.person_id,
        "rules": list(ruling.rules),
        "because": ruling.because,
        "reviewer_id": ruling.reviewer_id,
        "at": ruling.at.isoformat(),
    }
