"""`danqing backup` and `danqing restore`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from danqing.cli.desk import desk_of
from danqing.cli.exits import Exit


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
    from danqing.services import utc_now
    from danqing.store import restore

    desk = desk_of(context)
    settings = desk.settings()
    home = settings.home
    restored = restore(
        file,
        home,
        utc_now,
        replace=replace,
        database_url=settings.database_url,
        blobs_url=settings.blobs_url,
    )
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
