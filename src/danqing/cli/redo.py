"""`danqing redo`: draws a picture again and compares it with its sealed master."""

from __future__ import annotations

from typing import Annotated

import typer

from danqing.cli.desk import desk_of
from danqing.cli.exits import Exit
from danqing.cli.progress import Bar


def redo(context: typer.Context, artwork_id: Annotated[str, typer.Argument(metavar="ID")]) -> Exit:
    from danqing.flow import redo as draw_again

    desk = desk_of(context)
    with desk.services() as services, Bar(desk.say("cli.drawing"), shown=not desk.json) as bar:
        redone = draw_again(services, artwork_id, bar)
    verdict = ("same" if redone.same else "differs") + ("_changed" if redone.engine_changed else "")
    desk.show(
        {
            "id": redone.artwork.id,
            "same": redone.same,
            "engine_changed": redone.engine_changed,
            "engine_version_then": redone.artwork.engine_version,
            "engine_version_now": redone.engine_version,
            "largest_difference": redone.largest_difference,
        }
    )
    desk.print(
        f"cli.redo_{verdict}",
        id=redone.artwork.id,
        then=redone.artwork.engine_version,
        now=redone.engine_version,
        difference=redone.largest_difference,
    )
    if redone.same:
        return Exit.DONE
    return Exit.REDO_ENGINE_CHANGED if redone.engine_changed else Exit.REDO_DIFFERS
