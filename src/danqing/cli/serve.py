"""`danqing serve`: the studio for browsers and programs."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from danqing.cli.desk import desk_of
from danqing.cli.exits import Exit
from danqing.cli.values import whole_number
from danqing.errors import InputError

MOST_PORTS, MOST_DRAWING = 65_535, 64


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", metavar="ADDRESS")] = None,
    port: Annotated[str | None, typer.Option("--port", metavar="N")] = None,
    drawing: Annotated[str | None, typer.Option("--drawing", metavar="N")] = None,
) -> Exit:
    """Serves until Ctrl-C. --drawing: threads of this process that draw."""
    from danqing.server import serve as serve_studio

    desk = desk_of(context)
    settings = desk.settings()
    server = settings.server
    server = replace(
        server,
        host=host or server.host,
        port=_bounded(port, "--port", server.port, MOST_PORTS),
        drawing_workers=_bounded(drawing, "--drawing", server.drawing_workers, MOST_DRAWING),
    )

    def tell(url: str) -> None:
        desk.show({"url": url})
        desk.note("server.ready", url=url)

    serve_studio(replace(settings, server=server), tell)
    return Exit.DONE


def _bounded(text: str | None, option: str, otherwise: int, most: int) -> int:
    """Raises InputError for what is no whole number from 0 to `most`."""
    value = otherwise if text is None else whole_number(text, option)
    if not 0 <= value <= most:
        raise InputError("cli.not_a_number", option=option, value=value)
    return value
