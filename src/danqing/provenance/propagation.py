"""What a platform that spreads a file must tell its readers (Labelling Measures, Art. 6).

confirmed   its metadata says that AI made it                      (1)   Label 1
possible    nothing says so, but whoever uploads it declares it    (2)   Label 2
suspected   neither, but there are traces of generation            (3)   Label 3
none        nothing was found; which does not mean that no AI made it

A watermark is an implicit label too (Art. 5), but (1) goes by what stands in the metadata, so one in
the pixels alone is a trace. Of others' watermarks nothing is known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from danqing.provenance.findings import AI_SOURCE_TYPES, Findings, Remark

Verdict = Literal["confirmed", "possible", "suspected", "none"]
LABEL_OF: dict[Verdict, str] = {"confirmed": "1", "possible": "2", "suspected": "3"}
_BY_LABEL: dict[str, Verdict] = {value: verdict for verdict, value in LABEL_OF.items()}
_ORDER: tuple[Verdict, ...] = ("confirmed", "possible", "suspected", "none")


@dataclass(frozen=True, slots=True)
class Classified:
    """The verdict and what it rests on, strongest first."""

    verdict: Verdict
    evidence: tuple[tuple[Verdict, Remark], ...]


def classify(findings: Findings, *, declared: bool, watermarked: bool = False) -> Classified:
    """The verdict on a file. declared: whoever brings it says that AI made it (Art. 10 asks them).
    watermarked: its pixels carry this installation's watermark.

    A label an earlier platform wrote counts for what it says: 2 is possible, 3 suspected. A C2PA
    claim counts where its signature holds; one that no longer does is a trace.
    """
    found = [*_stated(findings), *_traces(findings)]
    if watermarked:
        found.append(("suspected", Remark.of("provenance.evidence_watermark")))
    if declared:
        found.append(("possible", Remark.of("provenance.evidence_declared")))
    found.sort(key=lambda one: _ORDER.index(one[0]))
    return Classified(found[0][0] if found else "none", tuple(found))


def _stated(findings: Findings) -> Iterator[tuple[Verdict, Remark]]:
    for label in findings.labels:
        value = dict(label.fields).get("Label", "")
        # A label that says nothing we understand was still put there by a generator.
        verdict = _BY_LABEL.get(value, "suspected")
        yield verdict, Remark.of("provenance.evidence_label", place=label.place, value=value[:40])
    for source in findings.source_types:
        if _says_ai(source):
            name = source.rsplit("/", 1)[-1]
            yield "confirmed", Remark.of("provenance.evidence_source_type", value=name)
    credential = findings.credential
    if any(action.source_type and _says_ai(action.source_type) for action in credential.actions):
        if credential.state in ("trusted", "valid"):
            yield "confirmed", Remark.of("provenance.evidence_c2pa")
        else:
            yield "suspected", Remark.of("provenance.evidence_c2pa_broken")


def _traces(findings: Findings) -> Iterator[tuple[Verdict, Remark]]:
    for place in findings.text_marks:
        yield "suspected", Remark.of("provenance.evidence_text_mark", place=place)
    for place in findings.generation_texts:
        yield "suspected", Remark.of("provenance.evidence_generation_text", place=place)


def _says_ai(source_type: str) -> bool:
    return source_type.rsplit("/", 1)[-1] in AI_SOURCE_TYPES
