"""What `verify` says of a file, as frozen values. Nothing here decides; doors show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from danqing.messages import say
from danqing.provenance.types import AigcLabel

AI_SOURCE_TYPES = (
    "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic",
)  # fmt: skip
"""IPTC's values for what was made, or partly made, by generative AI."""
CredentialState = Literal["trusted", "valid", "invalid", "none", "unreadable"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a reader should know. code: a message id; facts: what fills it."""

    code: str
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, **facts: str) -> Remark:
        return cls(code, tuple(facts.items()))

    def say(self, language: str) -> str:
        """The sentence in a language (BCP 47)."""
        return say(self.code, language, **dict(self.facts))


@dataclass(frozen=True, slots=True)
class FoundLabel:
    """One AIGC object as it stands in the file.

    place: container and slot, e.g. `xmp:element`, `xmp:attribute`, `exif:UserComment`,
    `png:tEXt:AIGC`, `jpeg:COM`. namespace: the XMP namespace, None outside XMP. wrapped: inside
    `{"AIGC": …}`. fields: as read, values shown as text. aigc: the label when it has all seven
    strings, else None.
    """

    place: str
    namespace: str | None
    wrapped: bool
    fields: tuple[tuple[str, str], ...]
    aigc: AigcLabel | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """One C2PA action. when: RFC 3339 as written in the file. agent: `name version`."""

    name: str
    when: str | None
    source_type: str | None
    agent: str | None


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A file this one was made from. relationship: `parentOf`, `componentOf` or `inputTo`.

    has_manifest: its own C2PA manifest is carried along.
    """

    relationship: str
    media_type: str | None
    has_manifest: bool


@dataclass(frozen=True, slots=True)
class Stamp:
    """When an RFC 3161 authority saw the signature. at: RFC 3339, by the authority's clock. trusted:
    under one of the roots given; else anybody may have made it up."""

    at: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class Credential:
    """The C2PA manifest. trusted: signed under a given anchor. valid: intact, signer not known
    here.

    invalid: file or manifest was changed after signing. none: no manifest. unreadable: there is
    something, but it can't be parsed. Only in `trusted` and `valid` may the other fields be
    believed. problems: C2PA failure codes, e.g. `assertion.dataHash.mismatch`. stamp: None for a
    signature without one, or with one that doesn't fit it.
    """

    state: CredentialState
    claim_generator: str | None = None
    signer: str | None = None
    actions: tuple[Action, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    problems: tuple[str, ...] = ()
    stamp: Stamp | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that was found in a file. media_type: None for a format that is not read here.

    source_types: IPTC digital source type URIs in XMP. ai_systems: IPTC AISystemUsed values.
    generation_texts: places of prompt or parameter text, e.g. `png:tEXt:parameters`; the text
    itself is not repeated. text_marks: `prefix`, `suffix`: where a text says that AI wrote it.
    """

    media_type: str | None
    size_bytes: int
    sha256: str
    labels: tuple[FoundLabel, ...] = ()
    source_types: tuple[str, ...] = ()
    ai_systems: tuple[str, ...] = ()
    credential: Credential = Credential("none")
    generation_texts: tuple[str, ...] = ()
    text_marks: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @property
    def produce_ids(self) -> tuple[str, ...]:
        """ProduceID of every label, to look up in the ledger; without repeats, in order."""
        found = (dict(label.fields).get("ProduceID") for label in self.labels)
        return tuple(dict.fromkeys(value for value in found if value))

    @property
    def claims_ai(self) -> bool:
        """Whether the file says, in any form that holds, that AI made it or part of it."""
        believed = self.credential.state in ("trusted", "valid")
        claimed = [a.source_type for a in self.credential.actions if believed and a.source_type]
        return any(label.aigc is not None for label in self.labels) or any(
            source.rsplit("/", 1)[-1] in AI_SOURCE_TYPES
            for source in (*self.source_types, *claimed)
        )

    @property
    def aigc(self) -> AigcLabel | None:
        """The label, when the file has exactly one and it conforms (GB 45438-2025, 6.1 c)."""
        return self.labels[0].aigc if len(self.labels) == 1 else None
