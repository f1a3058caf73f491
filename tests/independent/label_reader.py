"""Read labels with nothing of ours: struct, zlib, the standard library's XML and c2pa-python's
Reader.

Written from the formats' own descriptions, so that a mistake in the writer is not repeated
here. It is strict: what does not have exactly the expected form raises AssertionError.
"""

from __future__ import annotations

import io
import json
import struct
import xml.etree.ElementTree as ET
import zlib
from dataclasses import dataclass

import c2pa

AIGC = "{http://www.tc260.org.cn/ns/AIGC/1.0/}AIGC"
SOURCE_TYPE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"


@dataclass(frozen=True)
class Piece:
    """A chunk or segment. name: its type. start, end: in the file, framing included."""

    name: str
    start: int
    end: int
    data: bytes


@dataclass(frozen=True)
class Read:
    """What stands in the file. manifest: (start, end) spans of the C2PA store."""

    label: dict[str, str]
    source_type: str
    properties: dict[str, str]
    pieces: list[Piece]
    manifest: list[tuple[int, int]]


def png_pieces(data: bytes) -> list[Piece]:
    assert data[:8] == bytes((137, 80, 78, 71, 13, 10, 26, 10))
    pieces, at = [], 8
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        (crc,) = struct.unpack_from(">I", data, at + 8 + length)
        assert crc == zlib.crc32(name + body), name
        pieces.append(Piece(name.decode(), at, at + 12 + length, body))
        at += 12 + length
    assert [pieces[0].name, pieces[-1].name] == ["IHDR", "IEND"]
    return pieces


def webp_pieces(data: bytes) -> list[Piece]:
    riff, size, webp = struct.unpack_from("<4sI4s", data)
    assert (riff, webp) == (b"RIFF", b"WEBP")
    assert size == len(data) - 8
    pieces, at = [], 12
    while at < len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + length % 2
        pieces.append(Piece(name.decode(), at, end, data[at + 8 : at + 8 + length]))
        at = end
    assert pieces[0].name == "VP8X"
    assert pieces[0].data[0] & 0b100, "the XMP flag"
    return pieces


def jpeg_pieces(data: bytes) -> list[Piece]:
    assert data[:2] == b"\xff\xd8"
    assert data[-2:] == b"\xff\xd9"
    pieces, at = [], 2
    while data[at : at + 2] != b"\xff\xda":
        marker, length = struct.unpack_from(">HH", data, at)
        assert marker >> 8 == 0xFF
        pieces.append(Piece(f"{marker:04X}", at, at + 2 + length, data[at + 4 : at + 2 + length]))
        at += 2 + length
    return pieces


def svg_pieces(data: bytes) -> tuple[list[Piece], list[bytes], list[tuple[int, int]]]:
    """Elements below the root, XMP packets, and spans of the C2PA store. Spans of elements aren't
    known: they are (0, 0)."""
    svg = "{http://www.w3.org/2000/svg}"
    root = ET.fromstring(data)
    assert root.tag == f"{svg}svg"
    names = [child.tag.removeprefix(svg) for child in root]
    assert names.count("metadata") == 1
    assert names[-1] == "g", "the mark is drawn last"
    assert "".join(root[-1].itertext()).strip() == "AI生成"
    assert not list(root.iter(f"{svg}script")) + list(root.iter(f"{svg}image"))
    begin = data.index(b"<x:xmpmeta")
    packet = data[begin : data.index(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")]
    assert data.count(b"<x:xmpmeta") == 1
    assert data.rindex(b"<metadata>", 0, begin) < begin < data.index(b"</metadata>")
    first, end = data.index(b"<c2pa:manifest>"), data.index(b"</c2pa:manifest>")
    return [Piece(name, 0, 0, b"") for name in names], [packet], [(first, end)]


def read(data: bytes, media_type: str) -> Read:
    """Everything a label inspector wants of a PNG, WebP, JPEG or SVG that should be labelled."""
    if media_type == "image/png":
        pieces = png_pieces(data)
        names = [piece.name for piece in pieces]
        head = b"XML:com.adobe.xmp\0\0\0\0\0"  # uncompressed, no language, no translated keyword
        packets = [p.data[len(head) :] for p in pieces if p.data.startswith(head)]
        first = next(i for i, p in enumerate(pieces) if p.data.startswith(head))
        assert pieces[first].name == "iTXt"
        assert first < names.index("IDAT")
        assert not {"tEXt", "zTXt", "eXIf"} & set(names)
        manifest = [(p.start, p.end) for p in pieces if p.name == "caBX"]
    elif media_type == "image/webp":
        pieces = webp_pieces(data)
        packets = [p.data for p in pieces if p.name == "XMP "]
        manifest = [(p.start, p.end) for p in pieces if p.name == "C2PA"]
    elif media_type == "image/svg+xml":
        pieces, packets, manifest = svg_pieces(data)
    else:
        pieces = jpeg_pieces(data)
        head = b"http://ns.adobe.com/xap/1.0/\0"
        packets = [p.data[len(head) :] for p in pieces if p.name == "FFE1"]
        assert all(p.data.startswith(head) for p in pieces if p.name == "FFE1")
        manifest = [(p.start, p.end) for p in pieces if p.name == "FFEB"]
    assert len(packets) == 1, "one XMP packet"
    root = ET.fromstring(packets[0].decode("utf-8"))
    found = [element for element in root.iter() if element.tag.endswith("}AIGC")]
    attributes = [name for element in root.iter() for name in element.attrib]
    assert len(found) == 1, "one label"
    assert found[0].tag == AIGC
    assert not [name for name in attributes if "AIGC" in name and "ns/" not in name]
    label = json.loads(found[0].text or "")
    assert all(isinstance(value, str) for value in label.values())
    description = [element for element in root.iter() if element.find(AIGC) is not None]
    properties = {child.tag: child.text or "" for child in description[0]}
    return Read(label, properties[SOURCE_TYPE], properties, pieces, manifest)


def c2pa_report(data: bytes, media_type: str, anchors: bytes | None = None) -> dict:
    """c2pa-python's own report; with anchors, trust is judged against them."""
    settings = {"verify": {"verify_trust": True}}
    if anchors:
        settings["trust"] = {"trust_anchors": anchors.decode()}
    context = c2pa.Context(c2pa.Settings.from_dict(settings))
    with c2pa.Reader(media_type, io.BytesIO(data), context=context) as reader:
        return json.loads(reader.json())


def actions(report: dict) -> list[dict]:
    """The actions of the active manifest."""
    manifest = report["manifests"][report["active_manifest"]]
    return [
        action
        for assertion in manifest["assertions"]
        if assertion["label"].startswith("c2pa.actions")
        for action in assertion["data"]["actions"]
    ]
