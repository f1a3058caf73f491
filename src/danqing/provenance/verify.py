"""What a file says of itself: labels in every known form, C2PA, generation text. Nothing is
decoded.

Works on our own files and on other makers'. Bytes from outside are only walked: pixels stay
packed, XML entities are refused, text is bounded, and whatever the bytes are, the answer is a
Findings.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from danqing.provenance import aigc, exif
from danqing.provenance.blocks import Block
from danqing.provenance.containers import READ_FORMATS, blocks, media_type_of
from danqing.provenance.findings import Credential, Findings, FoundLabel, Remark
from danqing.provenance.signing import read_credential
from danqing.provenance.text import MARKDOWN, PLAIN, marks_in_file
from danqing.provenance.xmp import TC260, PacketFacts, read_packet

MAX_LABELS = 64
MAX_FIELD_CHARACTERS = 2_048  # per field, as the widest known writer allows
_GENERATION_KEYWORDS = frozenset(
    (
        "parameters",
        "prompt",
        "workflow",
        "generation_data",
        "invokeai_metadata",
        "sd-metadata",
        "dream",
    )
)
_GENERATION_TEXT = re.compile(r"\bSteps: \d+.*\bSampler: ", re.DOTALL)


def verify(data: bytes, anchors: bytes | None, stampers: bytes = b"") -> Findings:
    """Everything found in a file. anchors: trusted C2PA roots in PEM, or None. stampers: roots of
    time-stamp authorities. Never raises."""
    media_type = media_type_of(data)
    labels: list[FoundLabel] = []
    packets: list[PacketFacts] = []
    generation_texts: list[str] = []
    for block in blocks(data):
        if block.kind == "xmp":
            facts = read_packet(block.payload)
            packets.append(facts)
            for found in facts.aigc:
                place = f"xmp:{found.form}"
                labels += _labels(
                    found.text, place, found.namespace, remarkable=found.form == "raw"
                )
            continue
        for place, keyword, text in _texts(block):
            if "AIGC" in keyword.upper() or "AIGC" in text:
                labels += _labels(text, place, None, remarkable=not block.proper)
            if keyword.lower() in _GENERATION_KEYWORDS or _GENERATION_TEXT.search(text[:65_536]):
                generation_texts.append(place)
    credential = Credential("none")
    if media_type:
        credential = read_credential(data, media_type, anchors, stampers)
    source_types = tuple(dict.fromkeys(t for p in packets for t in p.source_types))
    return Findings(
        media_type=media_type,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        labels=tuple(labels[:MAX_LABELS]),
        source_types=source_types,
        ai_systems=tuple(dict.fromkeys(s for p in packets for s in p.ai_systems)),
        credential=credential,
        generation_texts=tuple(dict.fromkeys(generation_texts)),
        text_marks=marks_in_file(data) if media_type in (PLAIN, MARKDOWN) else (),
        remarks=tuple(remarks_on_file(media_type, labels, packets, source_types, credential)),
    )


def _texts(block: Block) -> Iterator[tuple[str, str, str]]:
    """(place, keyword, text) of a text or EXIF block."""
    if block.kind == "exif":
        for tag, text in exif.texts(block.payload):
            yield f"exif:{tag}", tag, text
    else:
        yield block.place, block.keyword, block.payload.decode("utf-8", "replace")


def _labels(
    text: str, place: str, namespace: str | None, *, remarkable: bool
) -> Iterator[FoundLabel]:
    """The labels in one slot, judged; where a slot is named AIGC but holds none, one without
    fields. remarkable: this is not a place for a label."""
    empty = True
    for raw in aigc.labels_in_text(text):
        empty = False
        remarks = list(aigc.remarks_on(raw.fields))
        if remarkable:
            remarks.append(Remark.of("provenance.remark_not_in_xmp", place=place))
        elif namespace is not None and namespace != TC260:
            remarks.append(Remark.of("provenance.remark_namespace", namespace=namespace[:200]))
        yield FoundLabel(
            place=place,
            namespace=namespace,
            wrapped=raw.wrapped,
            fields=tuple(
                (str(name)[:80], str(value)[:MAX_FIELD_CHARACTERS])
                for name, value in list(raw.fields.items())[:32]
            ),
            aigc=aigc.conforming(raw.fields),
            remarks=tuple(remarks),
        )
    if empty and (namespace is not None or place.upper().endswith("AIGC")):
        unreadable = Remark.of("provenance.remark_label_unreadable", place=place)
        yield FoundLabel(place, namespace, False, (), None, (unreadable,))


def remarks_on_file(
    media_type: str | None,
    labels: list[FoundLabel],
    packets: list[PacketFacts],
    source_types: tuple[str, ...],
    credential: Credential,
) -> Iterator[Remark]:
    """What concerns the file as a whole rather than one label."""
    if media_type is None:
        yield Remark.of("provenance.remark_unknown_format", formats=READ_FORMATS)
    for packet in packets:
        if packet.problem:
            yield Remark.of(packet.problem)
    if len(labels) > 1:
        yield Remark.of("provenance.remark_several_labels", count=str(len(labels)))
    claimed = {a.source_type for a in credential.actions if a.source_type}
    believed = credential.state in ("trusted", "valid")
    if believed and source_types and claimed and not claimed & set(source_types):
        yield Remark.of("provenance.remark_source_types_differ")
