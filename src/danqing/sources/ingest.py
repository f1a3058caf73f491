"""From a file somebody brings to an Upload: read, looked at for labels, and declared usable."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from danqing.engines.protocol import Pixels
from danqing.errors import NotDeclared
from danqing.provenance import Findings, verify
from danqing.sources.reading import open_picture

DECLARATION = "1"
"""Which wording of `source.declaration` was agreed to; another wording gets another number."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture from outside, taken in. Built only by `sources.ingest`.

    data: the file as it came; sha256 is over it. pixels: as `open_picture` gives them. findings:
    what the file says of itself. declaration: which wording its bringer agreed to.
    """

    data: bytes
    sha256: str
    media_type: str
    width_px: int
    height_px: int
    pixels: Pixels
    findings: Findings
    declaration: str


def ingest(data: bytes, *, declared: bool, anchors: bytes | None) -> Upload:
    """Takes a file in. declared: whoever brings it says they may use it, and that identifiable
    people in it have consented separately (Deep Synthesis Provisions, Art. 14). anchors: our own
    C2PA roots in PEM, or None.

    Raises NotDeclared without that, before anything is kept; InputError as `open_picture` does.
    """
    check_declared(declared)
    opened = open_picture(data)
    return Upload(
        data=data,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=opened.media_type,
        width_px=opened.width_px,
        height_px=opened.height_px,
        pixels=opened.pixels,
        findings=verify(data, anchors),
        declaration=DECLARATION,
    )


def check_declared(declared: bool) -> None:
    """Raises NotDeclared unless the right to use a picture was declared."""
    if not declared:
        raise NotDeclared("source.not_declared", option="--i-may-use-this")
