"""`danqing show` and `danqing history`, and how an artwork is written out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.values import whole_number
from danqing.errors import InputError
from danqing.store import Stored

MAX_LINES = 1_000


def artwork_document(artwork: Stored, language: str) -> dict[str, Any]:
    """An artwork for programs."""
    from danqing.wording import ignored_document, understood_document

    reading = artwork.request.reading
    return {
        "id": artwork.id,
        "batch_id": artwork.batch_id,
        "position": artwork.position,
        "file": None if artwork.path is None else str(artwork.path),
        "prompt": artwork.prompt,
        "language": artwork.language,
        "created_at": artwork.created_at.isoformat(),
        "engine": artwork.engine,
        "engine_version": artwork.engine_version,
        "seed": artwork.seed,
        "width_px": artwork.width_px,
        "height_px": artwork.height_px,
        "style": artwork.request.style,
        "transparent": artwork.request.transparent,
        "sources": [{"kind": s.kind, "id": s.id} for s in artwork.request.sources],
        "mask": artwork.request.mask,
        "strength": artwork.request.strength,
        "media_type": artwork.media_type,
        "size_bytes": artwork.size_bytes,
        "sha256": artwork.sha256,
        "master_pixels_sha256": artwork.master_pixels_sha256,
        "produce_id": artwork.produce_id,
        "ai_generated": True,
        "understood": understood_document(reading, language),
        "unknown": list(reading.unknown),
        "ignored": ignored_document(artwork.ignored, reading, language),
    }


def tell_reading(artwork: Stored, desk: Desk) -> None:
    """What was understood of the sentence, and what of it is not in the picture."""
    from danqing.request import all_asked, describe
    from danqing.wording import left_out

    reading = artwork.request.reading
    separator = desk.say("cli.list_separator")
    understood = separator.join(describe(reading, desk.language))
    ignored = separator.join(left_out(artwork.ignored, reading, desk.language))
    desk.print("cli.understood" if understood else "cli.understood_nothing", phrases=understood)
    if ignored:
        desk.print("cli.ignored", phrases=ignored)
    elif all_asked(reading):
        desk.print("cli.ignored_nothing")


def tell_source(artwork: Stored, desk: Desk) -> None:
    """What it was made from, if it was made from a picture."""
    request = artwork.request
    for source in request.sources:
        desk.print(f"cli.made_from_{source.kind}", id=source.id, strength=request.strength)
    if request.mask is not None:
        desk.print("cli.made_within_mask")


def show(
    context: typer.Context,
    artwork_id: Annotated[str, typer.Argument(metavar="ID")],
    out: Annotated[str | None, typer.Option("--out", metavar="FILE")] = None,
) -> Exit:
    from danqing.outputs import save_copy

    desk = desk_of(context)
    with desk.services() as services:
        artwork = services.store.show(artwork_id)
        copy = None
        if out is not None:
            copy = save_copy(services.store.released_bytes(artwork.id), Path(out))
    desk.show(artwork_document(artwork, desk.language) | {"copy": copy})
    desk.write(artwork.prompt)
    desk.write("")
    tell_reading(artwork, desk)
    tell_source(artwork, desk)
    desk.print(
        "cli.artwork_facts",
        id=artwork.id,
        engine_version=artwork.engine_version,
        seed=artwork.seed,
        width_px=artwork.width_px,
        height_px=artwork.height_px,
        created_at=f"{artwork.created_at.astimezone():%Y-%m-%d %H:%M:%S}",
        sha256=artwork.sha256,
    )
    if artwork.path is not None and artwork.path.exists():
        desk.print("cli.file_at", path=artwork.path)
    elif copy is None:
        desk.print("cli.file_elsewhere", id=artwork.id)
    if copy is not None:
        desk.print("cli.file_at", path=copy)
    desk.print("cli.ai_generated")
    return Exit.DONE


def history(
    context: typer.Context,
    query: Annotated[str | None, typer.Argument(metavar="WORDS")] = None,
    limit: Annotated[str, typer.Option("--limit", metavar="N")] = "20",
    before: Annotated[str | None, typer.Option("--before", metavar="ID")] = None,
) -> Exit:
    desk = desk_of(context)
    lines = whole_number(limit, "--limit")
    if not 1 <= lines <= MAX_LINES:
        raise InputError("cli.limit", value=lines, largest=MAX_LINES)
    with desk.services() as services:
        start = None if before is None else services.store.show(before).id
        found = services.store.history(query, limit=lines, before=start)
    desk.show({"artworks": [artwork_document(artwork, desk.language) for artwork in found]})
    if not desk.json:
        _table(found, desk)
    return Exit.DONE


def _table(found: list[Stored], desk: Desk) -> None:
    if not found:
        desk.print("cli.history_empty")
        return
    from rich.cells import cell_len, set_cell_size

    def row(short_id: str, when: str, seed: str, prompt: str) -> str:
        cells = (set_cell_size(short_id, 12), set_cell_size(when, 18), set_cell_size(seed, 22))
        return "".join(cells) + prompt

    headings = (desk.say(f"cli.column_{name}") for name in ("id", "when", "seed", "prompt"))
    heading = row(*headings)
    desk.write(heading)
    desk.write("-" * cell_len(heading))
    for artwork in found:
        when = f"{artwork.created_at.astimezone():%Y-%m-%d %H:%M}"
        prompt = " ".join([*artwork.prompt.split(), *_origin(artwork)])
        desk.write(row(artwork.id[:10], when, str(artwork.seed), prompt))


def _origin(artwork: Stored) -> list[str]:
    """The beginning of what it was made from, behind an arrow."""
    return [f"← {source.id[:10]}" for source in artwork.request.sources]
