"""`danqing verify`: what a file says of itself, and what our ledger says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
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
    from danqing.store import Stored, StoredSheet

MAX_FILE_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class _Known:
    """What our ledger has on a file. release: by its bytes, else by its label's number.

    altered: the number is ours, the bytes are not what was released.
    """

    release: Stored | StoredSheet | None = None
    altered: bool = False


def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    who: Annotated[bool, typer.Option("--who", "--出自")] = False,
    as_login: As = None,
) -> Exit:
    from danqing.provenance import verify as find
    from danqing.provenance.keys import timestamp_roots, trust_anchors

    desk = desk_of(context)
    data = read_file(file, MAX_FILE_BYTES)
    settings = desk.settings()
    home = settings.home
    stampers = timestamp_roots(settings.labels.timestamp_roots)
    findings = find(data, trust_anchors(home / "keys" / "signing"), stampers)
    known = _look_up(findings, desk) if (home / "danqing.db").is_file() else _Known()
    code = _verdict(findings, known)
    found = search(data, findings, as_login, desk) if who else None
    shown = _document(file, findings, known, code)
    desk.show(shown if found is None else shown | {"who": document(found)})
    for line in _sentences(findings, known, code, desk):
        desk.write(line)
    if found is None:
        return code
    for line in sentences(found, desk):
        desk.write(line)
    return Exit.DONE if found.origins else Exit.NOT_FOUND


def _look_up(findings: Findings, desk: Desk) -> _Known:
    with desk.services() as services:
        release = services.store.find_by_sha256(findings.sha256)
        if release is not None:
            return _Known(release)
        for produce_id in findings.produce_ids:
            release = services.store.find_by_produce_id(produce_id)
            if release is not None:
                return _Known(release, altered=True)
    return _Known()


def _verdict(findings: Findings, known: _Known) -> Exit:
    broken = findings.credential.state in ("invalid", "unreadable")
    half = any(label.aigc is None for label in findings.labels)
    if broken or half or known.altered:
        return Exit.NOT_INTACT
    return Exit.DONE if findings.claims_ai else Exit.NO_LABEL


def _sentences(findings: Findings, known: _Known, code: Exit, desk: Desk) -> Iterator[str]:
    verdicts = {Exit.DONE: "intact", Exit.NO_LABEL: "no_label", Exit.NOT_INTACT: "not_intact"}
    yield desk.say(f"cli.verify_{verdicts[code]}")
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


def _document(file: Path, findings: Findings, known: _Known, code: Exit) -> dict[str, Any]:
    release = known.release
    return {
        "file": str(file),
        "verdict": code.name.lower() if code else "intact",
        "ledger": None
        if release is None
        else {"id": release.id, "batch_id": release.batch_id, "altered": known.altered},
        **asdict(findings),
    }
