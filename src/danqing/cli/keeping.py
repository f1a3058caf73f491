"""`danqing ledger verify`, `danqing backup` and `danqing restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.db import LedgerCheck
from danqing.store import StoreCheck


def verify_ledger(
    context: typer.Context, quick: Annotated[bool, typer.Option("--quick")] = False
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        checked = services.store.verify_ledger() if quick else services.store.check()
    ledger = checked if isinstance(checked, LedgerCheck) else checked.ledger
    problems = () if isinstance(checked, LedgerCheck) else checked.problems
    sound = ledger.fault is None and not problems
    desk.show(
        {
            "sound": sound,
            "lines": ledger.lines,
            "head": ledger.head_hash,
            "fault": None
            if ledger.fault is None
            else {"line": ledger.fault.seq, "code": ledger.fault.what},
            "problems": [{"code": p.code, "subject": p.subject} for p in problems],
        }
    )
    if ledger.fault is None:
        desk.print("ledger.sound", lines=ledger.lines)
    else:
        desk.print(ledger.fault.what, seq=ledger.fault.seq)
    if isinstance(checked, StoreCheck):
        _tell_files(checked, desk)
    return Exit.DONE if sound else Exit.STORE


def _tell_files(checked: StoreCheck, desk: Desk) -> None:
    for problem in checked.problems:
        desk.print(problem.code, subject=problem.subject)
    if not checked.problems:
        desk.print("cli.files_sound", releases=checked.releases, blobs=checked.blobs)


def backup(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> Exit:
    from danqing.store import back_up

    desk = desk_of(context)
    with desk.services() as services:
        made = back_up(services.store, file, services.clock)
    desk.show({"file": str(file), "artworks": made.artworks, "ledger_lines": made.ledger_lines,
               "files": made.files, "size_bytes": made.size_bytes})  # fmt: skip
    desk.print(
        "cli.backup_made",
        file=file,
        artworks=made.artworks,
        lines=made.ledger_lines,
        size_mib=f"{made.size_bytes / 2**20:.1f}",
    )
    return Exit.DONE


def restore_home(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    replace: Annotated[bool, typer.Option("--replace")] = False,
) -> Exit:
    from danqing.flow import utc_now
    from danqing.store import restore

    desk = desk_of(context)
    home = desk.settings().home
    restored = restore(file, home, utc_now, replace=replace)
    desk.show({"home": str(home), "artworks": restored.backup.artworks,
               "ledger_lines": restored.backup.ledger_lines,
               "previous_home": restored.previous})  # fmt: skip
    desk.print(
        "cli.restored",
        home=home,
        artworks=restored.backup.artworks,
        lines=restored.backup.ledger_lines,
    )
    if restored.previous is not None:
        desk.print("cli.previous_home", path=restored.previous)
    return Exit.DONE
