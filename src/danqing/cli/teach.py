"""`danqing teach`: a new concept from a few pictures; what was taught; and forgetting it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of, error_document
from danqing.cli.exits import Exit
from danqing.cli.verdicts import reason_document
from danqing.errors import InputError
from danqing.inputs import read_file

if TYPE_CHECKING:
    from danqing.teaching import Declined, PictureFile, TaughtConcept


def teach(
    context: typer.Context,
    pictures: Annotated[list[Path] | None, typer.Argument(metavar="PICTURE...")] = None,
    zh: Annotated[str | None, typer.Option("--zh", metavar="NAME")] = None,
    en: Annotated[str | None, typer.Option("--en", metavar="NAME")] = None,
    replace: Annotated[bool, typer.Option("--replace")] = False,
    list_taught: Annotated[bool, typer.Option("--list")] = False,
    forget: Annotated[str | None, typer.Option("--forget", metavar="NAME")] = None,
) -> Exit:
    desk = desk_of(context)
    teaching = bool(pictures or zh or en or replace)
    if teaching + list_taught + (forget is not None) > 1:
        raise InputError("teaching.one_at_a_time")
    if list_taught:
        return _list(desk)
    if forget is not None:
        return _forget(forget, desk)
    if not (pictures and zh and en):
        raise InputError("teaching.names_needed")
    return _teach(pictures, zh, en, replace, desk)


def _teach(pictures: list[Path], zh: str, en: str, replace: bool, desk: Desk) -> Exit:
    from danqing.teaching import MAX_PICTURES, Declined, teach

    if len(pictures) > MAX_PICTURES:  # before any is read
        raise InputError("teaching.too_many_pictures", count=len(pictures), limit=MAX_PICTURES)
    files = [_file(picture) for picture in pictures]
    with desk.services() as services:
        taught = teach(
            services.shelf, services.teacher, chinese=zh, english=en, pictures=files,
            replace=replace,
        )  # fmt: skip
    if isinstance(taught, Declined):
        return _decline(taught, desk)
    desk.show(_document(taught))
    desk.print("teaching.done", **_facts(taught, desk))
    return Exit.DONE


def _file(picture: Path) -> PictureFile:
    from danqing.sources import MAX_FILE_BYTES

    return str(picture), read_file(picture, MAX_FILE_BYTES)


def _list(desk: Desk) -> Exit:
    from danqing.teaching import Shelf

    taught = Shelf(desk.settings().home).concepts()
    desk.show({"taught": [_document(concept) for concept in taught]})
    for concept in taught:
        desk.print("teaching.item", **_facts(concept, desk))
    if not taught:
        desk.print("teaching.list_empty")
    return Exit.DONE


def _forget(name: str, desk: Desk) -> Exit:
    from danqing.teaching import forget

    with desk.services() as services:
        forgotten = forget(services.shelf, services.teacher, name)
    desk.show(_document(forgotten))
    desk.print("teaching.gone", **_facts(forgotten, desk))
    return Exit.DONE


def _decline(declined: Declined, desk: Desk) -> Exit:
    reasons = [reason_document(reason, desk.language) for reason in declined.reasons]
    desk.show(error_document("declined", desk.say("teaching.declined"), reasons=reasons))
    desk.print("teaching.declined")
    for reason in declined.reasons:
        desk.write(f"\n{reason.explain(desk.language)}")
        desk.print("cli.by_rule", rule=reason.rule, pack=reason.pack, article=reason.article)
    return Exit.REFUSED


def _facts(concept: TaughtConcept, desk: Desk) -> dict[str, Any]:
    script = "zh-Hant" if desk.language == "zh-Hant" else "zh-Hans"
    return {
        "id": concept.id,
        "chinese": concept.names[script],
        "english": concept.names["en"],
        "count": len(concept.sketches),
        "when": f"{concept.taught_at:%Y-%m-%d %H:%M}",
    }


def _document(concept: TaughtConcept) -> dict[str, Any]:
    return {
        "id": concept.id,
        "names": dict(concept.names),
        "sketches": len(concept.sketches),
        "taught_at": concept.taught_at.isoformat(),
    }
