"""`danqing draw`: one sentence, or a file of them, becomes pictures."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danqing.cli import starting, values, verdicts
from danqing.cli.artworks import artwork_document, tell_reading, tell_source
from danqing.cli.desk import Desk, desk_of, tell
from danqing.cli.exits import Exit
from danqing.cli.progress import Bar
from danqing.cli.sentences import Sentence, from_file, from_stdin
from danqing.errors import InputError
from danqing.outputs import format_of, plan_outputs
from danqing.request import MAX_PICTURES, Prompt, Request, make_prompt, make_request, read
from danqing.request.types import PictureFormat

if TYPE_CHECKING:
    from danqing.identity import Grant
    from danqing.policy import Held, Refusal, Withheld
    from danqing.store import Stored, StoredSheet


DEFAULT_SIZE = (512, 512)


@dataclass
class _Drawn:
    """What came of a command's requests. not_drawn: verdicts, also on single pictures."""

    pictures: list[Stored] = field(default_factory=list)
    sheets: list[StoredSheet] = field(default_factory=list)
    grant: Grant | None = None
    not_drawn: list[Refusal | Held | Withheld] = field(default_factory=list)


def draw(
    context: typer.Context,
    prompt: Annotated[str | None, typer.Argument(metavar="PROMPT")] = None,
    size: Annotated[str | None, typer.Option("--size", metavar="W[xH]")] = None,
    format: Annotated[str | None, typer.Option("--format", metavar="png|webp|jpeg|svg")] = None,
    transparent: Annotated[bool, typer.Option("--transparent")] = False,
    n: Annotated[str, typer.Option("--n", metavar="N")] = "1",
    seed: Annotated[str | None, typer.Option("--seed", metavar="N")] = None,
    out: Annotated[str | None, typer.Option("--out", metavar="DIR|FILE")] = None,
    engine: Annotated[str | None, typer.Option("--engine", metavar="NAME")] = None,
    style: Annotated[str | None, typer.Option("--style", metavar="NAME")] = None,
    file: Annotated[str | None, typer.Option("--file", metavar="TXT|CSV")] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="FILE|ID")] = None,
    mask: Annotated[str | None, typer.Option("--mask", metavar="FILE")] = None,
    strength: Annotated[str | None, typer.Option("--strength", metavar="0..1")] = None,
    declared: Annotated[bool, typer.Option("--i-may-use-this", "--我有权使用")] = False,
    grant: Annotated[str | None, typer.Option("--grant", metavar="ID")] = None,
) -> Exit:
    from danqing.flow import seeds_for

    desk = desk_of(context)
    began = time.perf_counter(), time.process_time()
    sentences = _sentences(prompt, file)
    first = seed_of(seed)
    prompts = [_checked(sentence, desk) for sentence in sentences]
    asked_size = None if size is None else values.size(size)
    count = picture_count(n)
    share = starting.strength(strength)
    if mask is not None and start is None:
        raise InputError("input.mask_alone")
    chosen, mask_sha256 = (
        (None, None) if start is None else starting.choose(start, mask, declared, desk)
    )
    width_px, height_px = asked_size or (
        DEFAULT_SIZE if chosen is None else starting.size_like(chosen)
    )
    words = desk.words()
    requests = [
        make_request(
            read(checked, words),
            seeds=seeds_for(count, first),
            width_px=width_px,
            height_px=height_px,
            engine=engine or desk.settings().engine,
            style=values.style(style),
            transparent=transparent,
            format=format_for(format, out),
            sources=() if chosen is None else (chosen.source,),
            mask=mask_sha256,
            strength=share,
        )
        for checked in prompts
    ]
    return draw_and_show(requests, out, began, desk, many=file is not None, grant=grant)


def seed_of(text: str | None) -> int | None:
    """The first seed, if one was asked for. Raises InputError."""
    if text is None:
        return None
    seed = values.whole_number(text, "--seed")
    if not 0 <= seed < 2**63:
        raise InputError("input.seed", seed=seed)
    return seed


def picture_count(text: str) -> int:
    """How many pictures were asked for. Raises InputError."""
    count = values.whole_number(text, "--n")
    if not 1 <= count <= MAX_PICTURES:
        raise InputError("input.count", count=count, limit=MAX_PICTURES)
    return count


def draw_and_show(
    requests: list[Request],
    out: str | None,
    began: tuple[float, float],
    desk: Desk,
    *,
    many: bool = False,
    grant: str | None = None,
) -> Exit:
    """Draws the requests, says what came of them, and returns the command's exit code.

    began: perf_counter and process_time when the command was called. many: a list of sentences, so
    that `out` can only be a folder. grant: the id of one for all these pictures.
    """
    drawn = _draw_all(requests, out, many, grant, desk)
    seconds, core_seconds = time.perf_counter() - began[0], time.process_time() - began[1]
    _show(drawn, len(requests), seconds, core_seconds, desk)
    return min(map(verdicts.exit_code, drawn.not_drawn), default=Exit.DONE)


def _sentences(prompt: str | None, file: str | None) -> list[Sentence]:
    template = from_stdin().text if prompt == "-" else prompt
    if file is not None:
        return from_file(Path(file), template)
    if template is None:
        raise InputError("input.empty")
    return [Sentence(template)]


def _checked(sentence: Sentence, desk: Desk) -> Prompt:
    """The prompt; from here on the desk speaks its language. Says which line was wrong."""
    try:
        prompt = make_prompt(sentence.text)
    except InputError as problem:
        if sentence.line is None:
            raise
        what = tell(problem, desk.language)
        raise InputError("cli.in_line", line=sentence.line, problem=what) from problem
    desk.speak(prompt.language)
    return prompt


def format_for(
    asked: str | None, out: str | None, otherwise: PictureFormat = "png"
) -> PictureFormat:
    """What --format says, else what the name of the wanted file says."""
    if asked is not None:
        return values.picture_format(asked)
    return (format_of(out) if out is not None else None) or otherwise


def _draw_all(
    requests: list[Request], out: str | None, many: bool, grant: str | None, desk: Desk
) -> _Drawn:
    from danqing.flow import draw as draw_request
    from danqing.flow import grant_for
    from danqing.store import Stored, StoredSheet

    drawn = _Drawn()
    with desk.services() as services, Bar(desk.say("cli.drawing"), shown=not desk.json) as bar:
        bar.parts = len(requests)
        if grant is not None:
            drawn.grant = grant_for(services, services.person, grant, requests)
        for bar.part, request in enumerate(requests):
            prompt = request.reading.prompt.text
            names = plan_outputs(out, prompt, request.format, len(request.seeds), folder=many)
            for outcome in draw_request(
                services, request, grant=drawn.grant, outputs=names, on_progress=bar
            ):
                match outcome:
                    case Stored():
                        drawn.pictures.append(outcome)
                    case StoredSheet():
                        drawn.sheets.append(outcome)
                    case _:
                        drawn.not_drawn.append(outcome)
    return drawn


def _show(
    drawn: _Drawn, request_count: int, seconds: float, core_seconds: float, desk: Desk
) -> None:
    if desk.json:
        desk.show(_document(drawn, request_count, seconds, core_seconds, desk))
        return
    for _, group in groupby(drawn.pictures, key=lambda picture: picture.batch_id):
        pictures = list(group)
        if request_count > 1:
            desk.write(f"\n{pictures[0].prompt}")
        _tell_pictures(pictures, desk)
    for sheet in drawn.sheets:
        desk.print("cli.sheet_at", path=_short(sheet.path))
    for verdict in drawn.not_drawn:
        verdicts.tell(verdict, desk)
    if drawn.pictures:
        desk.print("cli.took", seconds=f"{seconds:.1f}", core_seconds=f"{core_seconds:.1f}")
        # AI Act, Art. 50(1); Deep Synthesis Provisions, Art. 17: people are told, each time.
        desk.print("cli.ai_generated" if drawn.grant is None else "cli.ai_generated_unmarked")


def _tell_pictures(pictures: list[Stored], desk: Desk) -> None:
    for picture in pictures:
        desk.print("cli.drawn", path=_short(picture.path), seed=picture.seed, id=picture.id)
    tell_reading(pictures[0], desk)
    tell_source(pictures[0], desk)


def _short(path: Path | None) -> str:
    """A path as people write it: relative where that is shorter."""
    if path is None:
        return ""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)


def _document(
    drawn: _Drawn, request_count: int, seconds: float, core_seconds: float, desk: Desk
) -> dict[str, Any]:
    if request_count == 1 and not drawn.pictures and drawn.not_drawn:
        return verdicts.document(drawn.not_drawn[0], desk)
    return {
        "pictures": [artwork_document(picture, desk.language) for picture in drawn.pictures],
        "sheets": [
            {"id": sheet.id, "file": str(sheet.path), "sha256": sheet.sha256}
            for sheet in drawn.sheets
        ],
        "not_drawn": [verdicts.document(verdict, desk)["error"] for verdict in drawn.not_drawn],
        "seconds": round(seconds, 3),
        "core_seconds": round(core_seconds, 3),
    }
