"""The AIGC metadata object: seven strings (GB 45438-2025, Annex E) and the provider code they
may name.

Writing is strict, reading is lenient: `to_json` refuses what Annex E does not allow,
`labels_in_text` finds whatever other makers have written and leaves the judging to
`remarks_on`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from danqing.errors import ProvenanceError
from danqing.identity.formats import uscc_format_ok
from danqing.provenance.findings import Remark
from danqing.provenance.types import AigcLabel

FIELDS = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)
# Other makers' fields that still show an object to be an AIGC label.
FOREIGN_FIELDS = ("ServiceProvider", "ServiceUser", "ServiceName", "Propagator")
MAX_TEXT_CHARACTERS = 65_536
MAX_LABELS_PER_TEXT = 16

# Annex E: values use 0x21, 0x23–0x5B and 0x5D–0x7E, so no space, double quote, backslash or
# non-ASCII.
_VALUE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]*")
_MARKER = re.compile(r"AIGC", re.IGNORECASE)
# TC260-PG-20252A: 00, organisation, by USCC, the USCC, then service and model, or five zeros.
_PROVIDER_CODE = re.compile(r"0011[0-9A-Z]{18}(?:[12][0-9A-Z]{4}|00000)")
_LOOKS_LIKE_CODE = re.compile(r"[0-9A-Z]{27}")


def provider_code_valid(code: str) -> bool:
    """Whether `code` is a well-formed 27-character provider code (TC260-PG-20252A, by
    网安秘字〔2025〕29号).

    The unified social credit code inside (characters 5 to 22) must pass its check digit (GB
    32100-2015). Whether such a provider exists is not looked up.
    """
    return _PROVIDER_CODE.fullmatch(code) is not None and uscc_format_ok(code[4:22])


def check_producer(content_producer: str) -> str:
    """The value itself, when it may stand in ContentProducer: a provider code or a short ASCII
    name.

    Raises ProvenanceError for other characters and for something that has a provider code's shape
    without being one: a code is never invented.
    """
    if not 1 <= len(content_producer) <= 64 or not _VALUE.fullmatch(content_producer):
        raise ProvenanceError("provenance.producer_characters", value=content_producer)
    if _LOOKS_LIKE_CODE.fullmatch(content_producer) and not provider_code_valid(content_producer):
        raise ProvenanceError("provenance.producer_code", value=content_producer)
    return content_producer


def first_label(content_producer: str, artwork_id: str) -> AigcLabel:
    """The label of a picture made here. At the first writing the propagator is the producer
    (Annex E, note 1). The reserved codes stay empty: the C2PA signature already covers the
    label."""
    return AigcLabel(
        label="1",
        content_producer=content_producer,
        produce_id=artwork_id,
        reserved_code_1="",
        content_propagator=content_producer,
        propagate_id=artwork_id,
        reserved_code_2="",
    )


def to_json(label: AigcLabel, *, kept: bool = False) -> str:
    """The inner object as it stands in a file: ASCII, no spaces, fields in the order of Annex E.

    kept: some values are another maker's and stay whatever they are. Otherwise raises
    ProvenanceError for a value outside Annex E's characters.
    """
    values = (
        label.label,
        label.content_producer,
        label.produce_id,
        label.reserved_code_1,
        label.content_propagator,
        label.propagate_id,
        label.reserved_code_2,
    )
    for field, value in zip(FIELDS, values, strict=True):
        if not kept and not _VALUE.fullmatch(value):
            raise ProvenanceError("provenance.value_characters", field=field, value=value)
    return json.dumps(dict(zip(FIELDS, values, strict=True)), separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class RawLabel:
    """An AIGC object as met, before judging. wrapped: it stood inside `{"AIGC": …}`."""

    fields: Mapping[str, object]
    wrapped: bool


def labels_in_text(text: str) -> Iterator[RawLabel]:
    """Every AIGC object in a piece of metadata text: bare, wrapped, or after the letters AIGC."""
    text = text[:MAX_TEXT_CHARACTERS].strip().strip("\0")
    whole = _load(text)
    if isinstance(whole, dict):
        yield from _labels_in_object(whole)
        return
    # Not JSON as a whole: look for `AIGC` and the first object after it, as some APP segments
    # have it.
    position = 0
    for _ in range(MAX_LABELS_PER_TEXT):
        marker = _MARKER.search(text, position)
        brace = text.find("{", marker.end()) if marker else -1
        if marker is None or brace < 0 or brace - marker.end() > 32:
            return
        try:
            found, position = json.JSONDecoder().raw_decode(text, brace)
        except (ValueError, RecursionError):
            position = brace
            continue
        if isinstance(found, dict):
            yield from _labels_in_object(found)


def holds_label(keyword: str, text: str) -> bool:
    """Whether a piece of metadata is a label, by its name or by what it says."""
    if "AIGC" in keyword.upper():
        return True
    return "AIGC" in text and next(labels_in_text(text), None) is not None


def _load(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _labels_in_object(found: dict[str, object]) -> Iterator[RawLabel]:
    wrapped = False
    for key, value in list(found.items())[:MAX_LABELS_PER_TEXT]:
        inner = _load(value) if isinstance(value, str) else value
        if _MARKER.search(key) and isinstance(inner, dict) and _has_known_field(inner):
            wrapped = True
            yield RawLabel(inner, wrapped=True)
    if not wrapped and _has_known_field(found):
        yield RawLabel(found, wrapped=False)


def _has_known_field(found: Mapping[str, object]) -> bool:
    return any(field in found for field in (*FIELDS, *FOREIGN_FIELDS))


def conforming(fields: Mapping[str, object]) -> AigcLabel | None:
    """The label when all seven fields are there as strings and `Label` is 1, 2 or 3; else None."""
    values = [fields.get(field) for field in FIELDS]
    strings = [value for value in values if isinstance(value, str)]
    if len(strings) != len(FIELDS) or strings[0] not in ("1", "2", "3"):
        return None
    return AigcLabel(*strings)


def completed(fields: Mapping[str, str]) -> AigcLabel:
    """A label as it was read, whatever it lacks: missing fields are empty, words stay as they are."""
    return AigcLabel(*(fields.get(field, "") for field in FIELDS))


def remarks_on(fields: Mapping[str, object]) -> tuple[Remark, ...]:
    """What deviates from Annex E and TC260-PG-20252A in a label that was read."""
    remarks = []
    for field in FIELDS:
        value = fields.get(field)
        if value is None:
            remarks.append(Remark.of("provenance.remark_missing_field", field=field))
        elif not isinstance(value, str):
            remarks.append(Remark.of("provenance.remark_not_a_string", field=field))
        elif not _VALUE.fullmatch(value) and not field.startswith("Reserved"):
            remarks.append(Remark.of("provenance.remark_characters", field=field))
        elif (
            field in ("ContentProducer", "ContentPropagator")
            and _LOOKS_LIKE_CODE.fullmatch(value)
            and not provider_code_valid(value)
        ):
            remarks.append(Remark.of("provenance.remark_code", field=field, value=value))
    if "Label" in fields and fields["Label"] not in ("1", "2", "3"):
        remarks.append(Remark.of("provenance.remark_label_value", value=str(fields["Label"])[:40]))
    return tuple(remarks)
