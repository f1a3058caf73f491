"""What leaves the provenance stage."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Parent:
    """The file an edited picture was made from, as it was before. data: the whole of it.

    For an artwork of ours that is the released file, whose manifest says how it came to be; the
    pixels that were worked on are those of its unmarked master.
    """

    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """A finished file: visible mark, AIGC label, IPTC source type, C2PA manifest, all read back.

    Built only by `provenance.label`, only from a Cleared picture. data: the whole file.
    master: the same picture unmarked, as lossless PNG bytes; the store seals it.
    """

    cleared: Cleared
    artwork_id: str
    media_type: str
    data: bytes
    sha256: str
    aigc: AigcLabel
    master: bytes
    master_pixels_sha256: str


@dataclass(frozen=True, slots=True)
class LabelledSheet:
    """A finished contact sheet, labelled and read back as a Labelled is. pictures: in the
    sheet's order.

    There is no master: it can be composed again from the masters of its pictures.
    """

    pictures: tuple[Cleared, ...]
    artwork_id: str
    media_type: str
    data: bytes
    sha256: str
    aigc: AigcLabel
