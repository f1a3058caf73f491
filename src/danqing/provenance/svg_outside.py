"""SVG another tool made: the mark laid over it, the label put in. Text is only put in or taken out;
nothing else of the document is written anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from danqing.errors import ProvenanceError

if TYPE_CHECKING:
    from danqing.provenance.mark import Mark

MARK_CANVAS_PX = 512
"""The shortest side of what the mark is drawn for, before it is scaled to the document."""
_MAX_RATIO = 8
_ROOT = re.compile(
    rb"<((?:[A-Za-z][\w.-]{0,19}:)?)svg((?:\s+[\w:.-]{1,99}\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*>"
)
_RDF = re.compile(rb"<rdf:RDF\b.*?</rdf:RDF\s*>", re.DOTALL)
_PACKET = re.compile(rb"<\?xpacket\b[^>]*\?>|<x:xmpmeta\b[^>]*>|</x:xmpmeta\s*>")
_BARE = re.compile(rb"<((?:[A-Za-z][\w.-]{0,19}:)?)metadata\b[^>]*(?:/>|>\s*</\1metadata\s*>)")
_ATTRIBUTE = re.compile(rb"\s(viewBox|width|height)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_LENGTH = re.compile(r"\s*([0-9.]+)\s*(?:px|pt|mm|cm|in)?\s*")


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The document with this XMP packet first in its root, and no other RDF. Raises ProvenanceError
    for one whose root can't be told."""
    left = _BARE.sub(b"", _PACKET.sub(b"", _RDF.sub(b"", data)))
    if b"rdf:RDF" in left:
        raise ProvenanceError("provenance.container", format="SVG")
    root = _root(left)
    element = root[1] + b"metadata"
    put_in = b"<" + element + b">" + packet + b"</" + element + b">"
    return left[: root.end()] + put_in + left[root.end() :]


def with_mark(data: bytes, group: tuple[str, ...], mark_canvas: tuple[int, int]) -> bytes:
    """The document with this group above everything, scaled from the canvas it was drawn for."""
    left, top, width, height = extent(data)
    scale = width / mark_canvas[0]
    end = data.rfind(b"</" + _root(data)[1] + b"svg")
    if end < 0 or height <= 0:
        raise ProvenanceError("provenance.container", format="SVG")
    moved = f'transform="translate({left:g},{top:g}) scale({scale:g})"'
    drawn = f'<g xmlns="http://www.w3.org/2000/svg" {moved}>{"".join(group)}</g>'
    return data[:end] + drawn.encode() + data[end:]


def canvas(data: bytes) -> tuple[int, int]:
    """(width, height) of what the mark is drawn for: the document's shape, MARK_CANVAS_PX across."""
    _, _, width, height = extent(data)
    scale = MARK_CANVAS_PX / min(width, height)
    return round(width * scale), round(height * scale)


def extent(data: bytes) -> tuple[float, float, float, float]:
    """(left, top, width, height) in user units, by viewBox, else by width and height. Raises
    ProvenanceError when neither says it, or one side is more than eight times the other."""
    found = {
        m[1].decode(): (m[2] or m[3] or b"").decode() for m in _ATTRIBUTE.finditer(_root(data)[2])
    }
    try:
        if "viewBox" in found:
            left, top, width, height = map(float, re.split(r"[\s,]+", found["viewBox"].strip()))
        else:
            left = top = 0.0
            width, height = (_length(found.get(side, "")) for side in ("width", "height"))
    except ValueError as error:
        raise ProvenanceError("provenance.container", format="SVG") from error
    if not (width > 0 and height > 0 and 1 / _MAX_RATIO <= width / height <= _MAX_RATIO):
        raise ProvenanceError("provenance.container", format="SVG")
    return left, top, width, height


def _length(text: str) -> float:
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return float(found[1])


def _root(data: bytes) -> re.Match[bytes]:
    found = _ROOT.search(data)
    if found is None:
        raise ProvenanceError("provenance.container", format="SVG")
    return found


def mark_for(data: bytes) -> tuple[Mark, tuple[int, int]]:
    """The mark as it is drawn in the document's corner, and the canvas it was drawn for."""
    from danqing.provenance.mark import draw_mark

    width, height = canvas(data)
    _, mark = draw_mark(np.zeros((height, width, 4), np.uint8))
    return mark, (width, height)
