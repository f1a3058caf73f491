"""`danqing vary`: further pictures near an artwork."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from danqing.cli import starting, values
from danqing.cli.desk import desk_of
from danqing.cli.draw import draw_and_show, format_for, picture_count, seed_of
from danqing.cli.exits import Exit


def vary(
    context: typer.Context,
    artwork_id: Annotated[str, typer.Argument(metavar="ID")],
    n: Annotated[str, typer.Option("--n", metavar="N")] = "4",
    strength: Annotated[str | None, typer.Option("--strength", metavar="0..1")] = None,
    seed: Annotated[str | None, typer.Option("--seed", metavar="N")] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="W[xH]")] = None,
    format: Annotated[str | None, typer.Option("--format", metavar="png|webp|jpeg|svg")] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="DIR|FILE")] = None,
    engine: Annotated[str | None, typer.Option("--engine", metavar="NAME")] = None,
) -> Exit:
    from danqing.editing import variation_of
    from danqing.flow import seeds_for

    desk = desk_of(context)
    began = time.perf_counter(), time.process_time()
    seeds = seeds_for(picture_count(n), seed_of(seed))
    with desk.services() as services:
        artwork = services.store.show(artwork_id)
    request = variation_of(
        artwork,
        seeds=seeds,
        strength=starting.strength(strength),
        size=None if size is None else values.size(size),
        engine=engine,
        format=format_for(format, out, artwork.request.format),
    )
    desk.speak(request.reading.prompt.language)
    return draw_and_show([request], out, began, desk)
