"""`danqing label` and `danqing classify`: files another tool made."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of, tell
from danqing.cli.exits import Exit
from danqing.cli.verify import MAX_FILE_BYTES
from danqing.errors import InputError, ProvenanceError
from danqing.inputs import read_file

if TYPE_CHECKING:
    from danqing.provenance import Classified, LabelledFile

_MARKDOWN = (".md", ".markdown", ".mdown")


def label(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE")] = None,
) -> Exit:
    from danqing.store.outside import record_labelled

    desk = desk_of(context)
    data = read_file(file, MAX_FILE_BYTES)
    with desk.services() as services:
        content_id = services.new_id()
        labeller = services.file_labeller
        made = labeller.label(data, content_id=content_id, media_type=_said_by_name(file))
        record_labelled(
            services.store.database,
            services.person,
            data,
            made,
            content_id=content_id,
            now=services.clock(),
        )
        written = _write(file, out, made, "labelled")
    desk.show({"file": str(file), **_document(made, written)})
    desk.print("labelling.labelled", file=written)
    _tell_label(made, desk)
    return Exit.DONE


def classify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    declared: Annotated[str, typer.Option("--declared", metavar="yes|no")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE")] = None,
) -> Exit:
    from danqing.provenance import WatermarkKey, verify
    from danqing.provenance import classify as judge
    from danqing.store.origin import mark_in
    from danqing.store.outside import record_classified

    desk = desk_of(context)
    if declared not in ("yes", "no"):
        raise InputError("labelling.declared", value=declared)
    data = read_file(file, MAX_FILE_BYTES)
    made, fault = None, None
    with desk.services() as services:
        content_id = services.new_id()
        labeller = services.file_labeller
        mark = mark_in(data, WatermarkKey.load(services.settings.home / "keys"))
        judged = judge(
            verify(data, labeller.keys.anchors, labeller.keys.stampers),
            declared=declared == "yes",
            watermarked=mark is not None,
        )
        if judged.verdict != "none":
            try:
                made = labeller.propagate(
                    data, judged.verdict, content_id=content_id, media_type=_said_by_name(file)
                )
            except ProvenanceError as problem:
                fault = problem  # the verdict holds; where it can't be written, that is said too
        record_classified(
            services.store.database,
            services.person,
            data,
            judged,
            made,
            declared=declared == "yes",
            content_id=content_id,
            now=services.clock(),
        )
        written = None if made is None else _write(file, out, made, "classified")
    _tell_verdict(file, judged, made, written, fault, desk)
    return Exit.DONE if fault is None else Exit.LABEL


def _said_by_name(file: Path) -> str | None:
    """Markdown can't be told from plain text by its bytes alone."""
    return "text/markdown" if file.suffix.lower() in _MARKDOWN else None


def _write(file: Path, out: Path | None, made: LabelledFile, what: str) -> Path:
    """Beside the original unless `out` says where; nothing is ever overwritten."""
    from danqing.store.exports import write_new

    return write_new(out or file.with_name(f"{file.stem}-{what}{file.suffix}"), made.data)


def _document(made: LabelledFile, written: Path) -> dict[str, Any]:
    return {
        "out": str(written),
        "media_type": made.media_type,
        "sha256": made.sha256,
        "aigc": None if made.aigc is None else asdict(made.aigc),
        "explicit": made.explicit,
        "signed": made.signed,
    }


def _tell_label(made: LabelledFile, desk: Desk) -> None:
    if made.aigc is None:
        desk.print("labelling.plain_text")
    else:
        desk.print(
            "labelling.says",
            producer=made.aigc.content_producer or "?",
            produce_id=made.aigc.produce_id or "?",
        )
    if made.explicit == "missing":
        medium = "film" if made.media_type.startswith("video/") else "sound"
        desk.print(f"labelling.mark_missing_{medium}")
    else:
        desk.print(f"labelling.mark_{made.explicit}")
    if not made.signed:
        desk.print("labelling.not_signed")


def _tell_verdict(
    file: Path,
    judged: Classified,
    made: LabelledFile | None,
    written: Path | None,
    fault: ProvenanceError | None,
    desk: Desk,
) -> None:
    evidence = [(verdict, remark.say(desk.language)) for verdict, remark in judged.evidence]
    desk.show(
        {
            "file": str(file),
            "verdict": judged.verdict,
            "evidence": [{"verdict": verdict, "what": said} for verdict, said in evidence],
            "written": None if made is None or written is None else _document(made, written),
            "not_written": None if fault is None else tell(fault, desk.language),
        }
    )
    desk.print(f"labelling.verdict_{judged.verdict}")
    for _, said in evidence:
        desk.write(f"  {said}")
    if written is not None:
        desk.print("labelling.propagated", file=written)
    if fault is not None:
        desk.print("labelling.not_propagated")
        if not desk.json:
            desk.complain(tell(fault, desk.language))
