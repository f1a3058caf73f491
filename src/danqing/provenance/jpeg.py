"""JPEG segments (ITU-T T.81): where metadata sits, and putting an XMP packet in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from danqing.errors import ProvenanceError
from danqing.provenance import exif
from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_PARTS, Block

SOI = b"\xff\xd8"
XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
EXTENSION_HEADER = b"http://ns.adobe.com/xmp/extension/\0"
EXTENDED_XMP = "jpeg:APP1 extended"
EXIF_HEADER = b"Exif\0\0"
_APP0, _APP1, _APP15, _COM, _SOS, _EOI = 0xE0, 0xE1, 0xEF, 0xFE, 0xDA, 0xD9
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_MAX_SEGMENT_BYTES = 65_533


@dataclass(frozen=True, slots=True)
class Segment:
    """start and end: offsets of the whole segment, marker included."""

    marker: int
    start: int
    end: int
    data: bytes


def segments(data: bytes) -> Iterator[Segment]:
    """The segments before the picture data. Stops quietly where the file is not as it should be."""
    position = len(SOI)
    for _ in range(MAX_PARTS):
        if position + 4 > len(data) or data[position] != 0xFF:
            return
        marker = data[position + 1]
        if marker == 0xFF or marker in _STANDALONE:
            position += 1 if marker == 0xFF else 2
            continue
        if marker in (_SOS, _EOI):
            return
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if end > len(data) or end < position + 4:
            return
        yield Segment(marker, position, end, data[position + 4 : end])
        position = end


def blocks(data: bytes) -> Iterator[Block]:
    """XMP, EXIF, comments and bare labels; XMP continued in further segments is put together."""
    continued: dict[bytes, bytearray] = {}
    for segment in segments(data):
        if segment.marker == _APP1 and segment.data.startswith(XMP_HEADER):
            yield Block("xmp", "jpeg:APP1", segment.data[len(XMP_HEADER) :])
        elif segment.marker == _APP1 and segment.data.startswith(EXIF_HEADER):
            yield Block("exif", "jpeg:APP1", segment.data[len(EXIF_HEADER) :])
        elif segment.marker == _APP1 and segment.data.startswith(EXTENSION_HEADER):
            _continue(continued, segment.data[len(EXTENSION_HEADER) :])
        elif segment.marker == _COM:
            yield Block("text", "jpeg:COM", segment.data)
        elif _APP0 <= segment.marker <= _APP15 and segment.data[:4].upper() == b"AIGC":
            yield Block("text", f"jpeg:APP{segment.marker - _APP0}", segment.data, "AIGC")
    for packet in continued.values():
        yield Block("xmp", EXTENDED_XMP, bytes(packet))


def _continue(continued: dict[bytes, bytearray], piece: bytes) -> None:
    """Adobe's XMP part 3: 32 characters that name the packet, its size, where this piece goes."""
    name, offset = piece[:32], int.from_bytes(piece[36:40], "big")
    packet = continued.setdefault(name, bytearray())
    if offset + len(piece) - 40 <= MAX_BLOCK_BYTES:
        packet.extend(bytes(max(0, offset - len(packet))))
        packet[offset : offset + len(piece) - 40] = piece[40:]


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this XMP packet and no other, after JFIF and EXIF as Adobe's XMP part 3
    places it.

    Comments and APP segments that carry an AIGC label are dropped, one in EXIF is blanked: a file
    has one (GB 45438-2025, 6.1 c).
    """
    found = list(segments(data))
    if not data.startswith(SOI) or not found:
        raise ProvenanceError("provenance.container", format="JPEG")
    if len(XMP_HEADER) + len(packet) > _MAX_SEGMENT_BYTES:
        raise ProvenanceError("provenance.xmp_too_large", limit_bytes=_MAX_SEGMENT_BYTES)
    size = (2 + len(XMP_HEADER) + len(packet)).to_bytes(2, "big")
    app1 = b"\xff\xe1" + size + XMP_HEADER + packet
    kept = [s for s in found if not _replaced(s)]
    lead = [s for s in kept if s.marker == _APP0 or s.data.startswith(EXIF_HEADER)]
    rest = [s for s in kept if s not in lead]
    head = b"".join(_kept(data, s) for s in lead)
    tail = b"".join(data[s.start : s.end] for s in rest)
    return SOI + head + app1 + tail + data[found[-1].end :]


def _kept(data: bytes, segment: Segment) -> bytes:
    framed = data[segment.start : segment.end - len(segment.data)]
    if segment.marker == _APP1 and segment.data.startswith(EXIF_HEADER):
        return framed + exif.without_labels(segment.data)
    return framed + segment.data


def _replaced(segment: Segment) -> bool:
    if segment.marker == _COM:
        return b"AIGC" in segment.data.upper()
    if not _APP0 <= segment.marker <= _APP15:
        return False
    return segment.data.startswith(XMP_HEADER) or segment.data[:4].upper() == b"AIGC"
