"""SVG 1.1: the picture as filled paths, the mark as paths above it, the label as XMP in <metadata>.

    <svg> <metadata/> [<clipPath id="outline">] <g id="picture"> <g id="mark"> </svg>

The mark is vector too, so it stays legible at any size. Files of other makers are parsed without
document types or entities and only searched for XMP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.provenance import svg_outside
from danqing.provenance.blocks import MAX_BLOCK_BYTES, Block
from danqing.provenance.mark import (
    INK_COLOUR,
    MARK_TEXT,
    MINIMUM_SHARE,
    PLATE_COLOUR,
    Mark,
    em_px_for,
    glyphs_at,
)
from danqing.provenance.trace import OPAQUE, Outline, trace_colours, trace_mask
from danqing.provenance.xmp import IPTC_EXT, RDF, TC260

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_SVG_BYTES = 16 << 20
MAX_METADATA_BYTES = 8 << 20
MAX_TAGS, MAX_ATTRIBUTES = 400_000, 300_000
SVG = "http://www.w3.org/2000/svg"
_HEAD_BYTES = 4096
_BEGINS = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE[^>]*(?:\[.*?\]\s*)?>\s*)?"
    rb"(?:<!--.*?-->\s*)*<(?:[A-Za-z]{1,20}:)?svg[\s>/]",
    re.DOTALL,
)
_METADATA = re.compile(rb"<metadata>.*?</metadata>", re.DOTALL)
_EMPTY_METADATA = b"<metadata></metadata>"
_SIGNED = 'xmlns:c2pa="http://c2pa.org/manifest"'
"""What signing would add to the root element, so that it finds it there and changes nothing else."""
_GLYPH_SCALE = 8  # the mark's glyphs are traced at eight times their size
_NUMBER = re.compile(r"-?[0-9.]+")


def is_svg(data: bytes) -> bool:
    """Whether these bytes begin as an SVG document does."""
    return _BEGINS.match(data[:_HEAD_BYTES].removeprefix(b"\xef\xbb\xbf")) is not None


def blocks(data: bytes) -> Iterator[Block]:
    """Every rdf:RDF in the document as an XMP packet. One that can't be parsed, or declares a
    document type, is handed on as it stands: `xmp.read_packet` says what is wrong with it."""
    from xml.etree.ElementTree import ParseError, register_namespace, tostring

    from defusedxml.common import DefusedXmlException

    for prefix, namespace in (("rdf", RDF), ("TC260", TC260), ("Iptc4xmpExt", IPTC_EXT)):
        register_namespace(prefix, namespace)
    try:
        root = _parsed(data)
        for packet in root.iter(f"{{{RDF}}}RDF"):
            # In its usual wrapper, which some readers look for, so that writing again keeps it.
            text = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>%s</x:xmpmeta>" % tostring(packet, "utf-8")
            yield Block("xmp", "svg:metadata", text[:MAX_BLOCK_BYTES])
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        yield Block("xmp", "svg", data[:MAX_BLOCK_BYTES])


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The drawing with this XMP packet and no other; in one of our own it is the only metadata.

    Raises ProvenanceError for another maker's whose root can't be told.
    """
    if _SIGNED.encode() not in data[:_HEAD_BYTES] or data.count(b"<metadata") != 1:
        return svg_outside.with_xmp(data, packet)
    return _METADATA.sub(lambda _: b"<metadata>" + packet + b"</metadata>", data)


def with_mark(data: bytes) -> bytes:
    """Another maker's drawing with the mark above it. Raises ProvenanceError when its size can't be
    told."""
    mark, canvas = svg_outside.mark_for(data)
    return svg_outside.with_mark(data, tuple(_mark(mark, min(canvas))), canvas)


def without_metadata(data: bytes) -> bytes:
    """The drawing alone: `with_xmp` and signing undone."""
    return _METADATA.sub(_EMPTY_METADATA, data)


def draw(pixels: Pixels, mark: Mark) -> bytes:
    """The picture as an SVG without metadata. pixels: (H, W, 4) uint8 straight RGBA, unmarked.

    What is more than half clear is left out; partly clear areas become opaque. Raises
    ProvenanceError when it would be over MAX_SVG_BYTES, which only noise is.
    """
    height, width = pixels.shape[:2]
    solid = pixels[..., 3] >= OPAQUE
    body = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="{SVG}" version="1.1" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" {_SIGNED}>',
        _EMPTY_METADATA.decode(),
    ]
    clip = ""
    if not solid.all():
        body += ['<clipPath id="outline">', *map(_path, trace_mask(solid)), "</clipPath>"]
        clip = ' clip-path="url(#outline)"'
    body += [f'<g id="picture"{clip}>', *map(_path, trace_colours(pixels) if solid.any() else ())]
    body += ["</g>", *_mark(mark, min(width, height)), "</svg>", ""]
    drawn = "\n".join(body).encode()
    if len(drawn) > MAX_SVG_BYTES or drawn.count(b"=") > MAX_ATTRIBUTES:
        raise ProvenanceError("provenance.encode", format="SVG")
    return drawn


def check_back(data: bytes, drawn: bytes, shortest_side_px: int) -> None:
    """The finished file must parse, draw what was meant and nothing more, with the mark on top.

    Raises ProvenanceError.
    """
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException

    try:
        root = _parsed(data)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ProvenanceError("provenance.read_back", what="XML") from error
    if without_metadata(data) != drawn:
        raise ProvenanceError("provenance.read_back", what="paths")
    if ink_height_px(root) < MINIMUM_SHARE * shortest_side_px:
        raise ProvenanceError("provenance.read_back", what="mark")


def ink_height_px(root: Element) -> float:
    """How tall the mark's glyphs are as drawn; 0 unless the mark is whole and the last thing."""
    last = root[-1]
    plate, *glyphs = last.findall(f".//{{{SVG}}}*[@fill]")
    colours = [plate.get("fill"), *(glyph.get("fill") for glyph in glyphs)]
    if last.get("id") != "mark" or colours != [PLATE_COLOUR] + [INK_COLOUR] * len(glyphs):
        return 0.0
    heights: list[float] = []
    for glyph in glyphs:
        shift = float(_NUMBER.findall(glyph.get("transform") or "")[1])
        ys = [float(n) for n in _NUMBER.findall(glyph.get("d") or "")[1::2]]
        heights += [min(ys) + shift, max(ys) + shift]
    return (max(heights) - min(heights)) / _GLYPH_SCALE if heights else 0.0


def _parsed(data: bytes) -> Element:
    from defusedxml.ElementTree import fromstring

    crowded = data.count(b"<") > MAX_TAGS or data.count(b"=") > MAX_ATTRIBUTES
    if crowded or len(data) > MAX_SVG_BYTES + MAX_METADATA_BYTES:
        raise ValueError("too large")
    root: Element = fromstring(data, forbid_dtd=True)
    return root


def _path(outline: Outline) -> str:
    return (
        f'<path fill="{outline.fill}" transform="translate({outline.x:g},{outline.y:g})"'
        f' d="{outline.d}"/>'
    )


def _mark(mark: Mark, shortest_side_px: int) -> Iterable[str]:
    """The plate, opaque, and the glyphs in it where the pixel mark has them."""
    plate = mark.plate
    width, height = plate.right - plate.left, plate.height_px
    em = em_px_for(shortest_side_px, shortest_side_px)
    coverage = glyphs_at(em * _GLYPH_SCALE)
    ink_height, ink_width = (side / _GLYPH_SCALE for side in coverage.shape)
    x, y = plate.left + (width - ink_width) / 2, plate.top + (height - ink_height) / 2
    glyphs = [
        Outline(o.d, INK_COLOUR, o.x, o.y) for o in trace_mask(np.asarray(coverage >= 128), 0)
    ]
    return (
        f'<g id="mark"><title>{MARK_TEXT}</title>',
        f'<rect x="{plate.left}" y="{plate.top}" width="{width}" height="{height}"'
        f' rx="{max(2, em // 5)}" fill="{PLATE_COLOUR}"/>',
        f'<g transform="translate({x:.3f},{y:.3f}) scale({1 / _GLYPH_SCALE:g})">',
        *map(_path, glyphs),
        "</g></g>",
    )
