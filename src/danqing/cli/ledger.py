"""`danqing ledger verify | checkpoint | export | prune`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.db import Fault, LedgerCheck
from danqing.db.checkpoints import (
    Checkpoint,
    CheckpointKey,
    make_checkpoint,
    public_key_of,
    read_checkpoint,
)
from danqing.db.exporting import export_lines
from danqing.db.faults import file_errors
from danqing.db.retention import forget
from danqing.errors import InputError
from danqing.profiles import minimum_log_days
from danqing.services import Services
from danqing.store import StoreCheck

NewFile = Annotated[Path, typer.Argument(metavar="FILE")]


def verify_ledger(
    context: typer.Context,
    quick: Annotated[bool, typer.Option("--quick")] = False,
    checkpoint: Annotated[Path | None, typer.Option("--checkpoint", metavar="FILE")] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE")] = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        kept = None if checkpoint is None else _checkpoint(services, checkpoint, key)
        store = services.store
        checked = store.verify_ledger(kept) if quick else store.check(kept)
    ledger = checked if isinstance(checked, LedgerCheck) else checked.ledger
    problems = () if isinstance(checked, LedgerCheck) else checked.problems
    sound = ledger.fault is None and not problems
    desk.show(
        {
            "sound": sound,
            "lines": ledger.lines,
            "head": ledger.head_hash,
            "fault": None if ledger.fault is None else _fault(ledger.fault),
            "problems": [{"code": p.code, "subject": p.subject} for p in problems],
            "checkpoint": None if kept is None else {"line": kept.seq, "at": kept.at},
        }
    )
    if ledger.fault is not None:
        desk.print(ledger.fault.what, seq=ledger.fault.seq, last=ledger.fault.last_seq)
    else:
        desk.print("ledger.sound", lines=ledger.lines)
        if kept is not None:
            desk.print("ledger.checkpoint_agrees", at=kept.at, seq=kept.seq)
    if isinstance(checked, StoreCheck):
        _tell_files(checked, desk)
    return Exit.DONE if sound else Exit.STORE


def _checkpoint(services: Services, file: Path, key: Path | None) -> Checkpoint:
    """The checkpoint, if it is signed by the key that was given, or by this home's own."""
    kept = read_checkpoint(file)
    expected = public_key_of(key or _key_of(services).public_file)
    if kept.key != expected:
        raise InputError("ledger.checkpoint_foreign", file=file)
    return kept


def _key_of(services: Services) -> CheckpointKey:
    return CheckpointKey(services.settings.home / "keys")


def _fault(fault: Fault) -> dict[str, object]:
    return {"line": fault.seq, "last_line": fault.last_seq, "code": fault.what}


def _tell_files(checked: StoreCheck, desk: Desk) -> None:
    for problem in checked.problems:
        desk.print(problem.code, subject=problem.subject)
    if not checked.problems:
        desk.print("cli.files_sound", releases=checked.releases, blobs=checked.blobs)


def checkpoint_ledger(context: typer.Context, file: NewFile) -> Exit:
    from danqing.request.canonical import canonical_json

    desk = desk_of(context)
    with desk.services() as services:
        signer = _key_of(services)
        key, now = signer.load_or_create(), services.clock()
        with services.store.database.read() as connection:
            made = make_checkpoint(connection, services.store.database.ledger, key, now)
    _write_new(file, [canonical_json(made.as_json())])
    desk.show({"file": str(file), "key_file": str(signer.public_file), **made.as_json()})
    desk.print("ledger.checkpoint_made", seq=made.seq, file=file, key=signer.public_file)
    return Exit.DONE


def export_ledger(
    context: typer.Context,
    file: NewFile,
    without_contents: Annotated[bool, typer.Option("--without-contents")] = False,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        key, now = _key_of(services).load_or_create(), services.clock()
        book = services.store.database.ledger
        with services.store.database.read() as connection:
            made = make_checkpoint(connection, book, key, now)
            _write_new(file, export_lines(connection, book, made, contents=not without_contents))
    desk.show({"file": str(file), "lines": made.seq, "head": made.hash,
               "contents": not without_contents})  # fmt: skip
    desk.print("ledger.exported", lines=made.seq, file=file)
    return Exit.DONE


def _write_new(file: Path, lines: Iterable[str]) -> None:
    """A new file, readable by its owner alone; a file that exists is never replaced."""
    with file_errors(file):
        try:
            with file.open("x", encoding="utf-8", newline="\n") as out:
                file.chmod(0o600)
                out.writelines(f"{line}\n" for line in lines)
        except FileExistsError as error:
            raise InputError("ledger.file_exists", file=file) from error


def prune_ledger(
    context: typer.Context,
    older_than: Annotated[int | None, typer.Option("--older-than", metavar="DAYS", min=1)] = None,
) -> Exit:
    desk = desk_of(context)
    settings = desk.settings()
    days = settings.ledger.keep_days if older_than is None else older_than
    if days is None:
        raise InputError("ledger.prune_when")
    least = minimum_log_days(settings.profile)
    if days < least:
        raise InputError(
            "ledger.prune_too_soon", profile=settings.profile, minimum=least, days=days
        )
    with desk.services() as services:
        book, now = services.store.database.ledger, services.clock()
        person_id = services.person.id
        with services.store.database.write() as connection:
            gone = forget(
                connection, book, before=now - timedelta(days=days), now=now, person_id=person_id
            )
    desk.show({"lines": gone.lines, "prompts": gone.prompts, "through_line": gone.through_seq,
               "older_than_days": days})  # fmt: skip
    if gone.lines or gone.prompts:
        desk.print("ledger.pruned", lines=gone.lines, seq=gone.through_seq, prompts=gone.prompts)
    else:
        desk.print("ledger.pruned_nothing", days=days)
    return Exit.DONE
