"""`danqing verify`: what a file says of itself, and what our ledger says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.people import As
from danqing.cli.who import document, search, sentences
from danqing.inputs import read_file

if TYPE_CHECKING:
    from danqing.provenance import Findings
    from danqing.store.checking import FileVerdict, Known

MAX_FILE_BYTES = 256 * 2**20
_EXITS: dict[FileVerdict, Exit] = {
    "intact": Exit.DONE,
    "not_intact": Exit.NOT_INTACT,
    "no_label": Exit.NO_LABEL,
}


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    who: Annotated[bool, typer.Option("--who", "--出自")] = False,
    as_login: As = None,
) -> Exit:
    from danqing.provenance import verify as find
    from danqing.provenance.keys import timestamp_roots, trust_anchors
    from danqing.store.checking import Known, verdict_on

    desk = desk_of(context)
    data = read_file(file, MAX_FILE_BYTES)
    settings = desk.settings()
    home = settings.home
    stampers = timestamp_roots(settings.labels.timestamp_roots)
    findings = find(data, trust_anchors(home / "keys" / "signing"), stampers)
    known = _look_up(findings, desk) if (home / "danqing.db").is_file() else Known()
    verdict = verdict_on(findings, known)
    code = _EXITS[verdict]
    found = search(data, findings, as_login, desk) if who else None
    shown = _document(file, findings, known, verdict)
    desk.show(shown if found is None else shown | {"who": document(found)})
    for line in _sentences(findings, known, verdict, desk):
        desk.write(line)
    if found is None:
        return code
    for line in sentences(found, desk):
        desk.write(line)
    return Exit.DONE if found.origins else Exit.NOT_FOUND


def _look_up(findings: Findings, desk: Desk) -> Known:
    from danqing.store.checking import look_up

    with desk.services() as services:
        return look_up(services.store, findings)


def _sentences(findings: Findings, known: Known, verdict: FileVerdict, desk: Desk) -> Iterator[str]:
    yield desk.say(f"cli.verify_{verdict}")
    yield ""
    for label in findings.labels:
        if label.aigc is not None:
            kind = label.aigc.label if label.aigc.label in ("1", "2", "3") else "other"
            yield desk.say(
                "cli.verify_aigc",
                place=label.place,
                meaning=desk.say(f"cli.verify_label_{kind}"),
                producer=label.aigc.content_producer,
                produce_id=label.aigc.produce_id,
            )
        for remark in label.remarks:
            yield remark.say(desk.language)
    for source in findings.source_types:
        yield desk.say("cli.verify_source_type", value=source.rsplit("/", 1)[-1])
    credential = findings.credential
    yield desk.say(
        f"cli.verify_c2pa_{credential.state}",
        signer=credential.signer or "?",
        generator=credential.claim_generator or "?",
        problems=", ".join(credential.problems),
    )
    if credential.stamp is not None:
        known_here = "trusted" if credential.stamp.trusted else "untrusted"
        yield desk.say(f"cli.verify_stamp_{known_here}", at=credential.stamp.at)
    for ingredient in credential.ingredients:
        kept = "with" if ingredient.has_manifest else "without"
        yield desk.say(
            f"cli.verify_parent_{kept}_manifest", media_type=ingredient.media_type or "?"
        )
    for place in findings.text_marks:
        yield desk.say("provenance.evidence_text_mark", place=place)
    for place in findings.generation_texts:
        yield desk.say("cli.verify_generation_text", place=place)
    for remark in findings.remarks:
        yield remark.say(desk.language)
    if known.release is None:
        yield desk.say("cli.verify_unknown")
    else:
        what = "altered" if known.altered else "known"
        when = f"{known.release.created_at.astimezone():%Y-%m-%d %H:%M}"
        yield desk.say(f"cli.verify_{what}", id=known.release.id, when=when)


def _document(file: Path, findings: Findings, known: Known, verdict: FileVerdict) -> dict[str, Any]:
    release = known.release
    return {
        "file": str(file),
        "verdict": verdict,
        "ledger": None
        if release is None
        else {"id": release.id, "batch_id": release.batch_id, "altered": known.altered},
        **asdict(findings),
    }
