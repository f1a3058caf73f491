"""What leaves the provenance stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from danqing.identity.types import Grant
from danqing.policy.types import Cleared


@dataclass(frozen=True, slots=True)
class AigcLabel:
    """The AIGC metadata object of GB 45438-2025, Annex E: seven strings.

    label: "1" is, "2" possibly, "3" suspected AI-generated.
    """

    label: str
    content_producer: str
    produce_id: str
    reserved_code_1: str
    content_propagator: str
    propagate_id: str
    reserved_code_2: str


Explicit = Literal["drawn", "sounded", "written", "kept", "missing"]
"""How people are told of a file from outside: a visible mark, an audible one, a sentence; what its
producer had put there; or nothing of ours, and then whoever shows it has to."""


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file another tool made, labelled, signed where such files can be, and read back.

    aigc: None for plain text, which has no place for it.
    """

    data: bytes
    media_type: str
    sha256: str
    aigc: AigcLabel | None
    explicit: Explicit
    signed: bool


@dataclass(frozen=True, slots=True)
class Parent:
    """The file an edited picture was made from, as it was before. data: the whole of it.

    For an artwork of ours that is the released file, whose manifest says how it came to be; the
    pixels that were worked on are those of its unmarked master.
    """

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What leads back from a file's pixels alone. payload: the 32 bits of its invisible watermark;
    None for an SVG, which has no pixels to carry it. pdq, pdq_quality: as `provenance.pdq`."""

    payload: int | None
    pdq: str
    pdq_quality: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A finished file: watermark, visible mark, AIGC label, IPTC source type, C2PA manifest, all read back.

    Built only by `provenance.label`, only from a Cleared picture. data: the whole file.
    master: the same picture unmarked, as lossless PNG bytes; the store seals it. grant: by which
    the file is without its visible mark; None for nearly all, which have it.
    """

    cleared: Cleared
    artwork_id: str
    media_type: str
    data: bytes
    sha256: str
    aigc: AigcLabel
    master: bytes
    master_pixels_sha256: str
    fingerprint: Fingerprint
    grant: Grant | None = None


@dataclass(frozen=True, slots=True)
class LabelledPreview:
    """A picture on its way, labelled and read back as a Labelled is. artwork_id: what it will be.

    Built only by `provenance.label`, only from a Cleared picture. There is no master and no
    fingerprint: it is shown for minutes and not kept.
    """

    cleared: Cleared
    artwork_id: str
    media_type: str
    data: bytes
    sha256: str
    aigc: AigcLabel


@dataclass(frozen=True, slots=True)
class LabelledSheet:
    """A finished contact sheet or animation, labelled and read back as a Labelled is. pictures: in
    the sheet's order, or as they are shown.

    There is no master: it can be composed again from the masters of its pictures.
    """

    pictures: tuple[Cleared, ...]
    artwork_id: str
    media_type: str
    data: bytes
    sha256: str
    aigc: AigcLabel
    fingerprint: Fingerprint
