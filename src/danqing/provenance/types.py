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
