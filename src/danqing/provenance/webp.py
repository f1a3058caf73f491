"""WebP's RIFF chunks (RFC 9649): where metadata sits, and putting an XMP packet in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from danqing.errors import ProvenanceError
from danqing.provenance import exif
from danqing.provenance.blocks import Block
from danqing.provenance.media import riff

_XMP_FLAG, _ALPHA_FLAG = 0x04, 0x10


@dataclass(frozen=True, slots=True)
class Chunk:
    fourcc: bytes
    data: bytes


def chunks(data: bytes) -> Iterator[Chunk]:
    """The chunks in order, those of an animation included."""
    for found in riff.chunks(data):
        yield Chunk(found.fourcc, data[found.start : found.end])


def blocks(data: bytes) -> Iterator[Block]:
    for chunk in chunks(data):
        if chunk.fourcc == b"XMP ":
            yield Block("xmp", "webp:XMP", chunk.data)
        elif chunk.fourcc == b"EXIF":
            yield Block("exif", "webp:EXIF", chunk.data)
        elif chunk.fourcc == b"AIGC":  # the RIFF form of the audio guide, met in WebP too
            yield Block("text", "webp:AIGC", chunk.data, "AIGC")


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this XMP packet and no other, in the extended layout that metadata needs."""
    found = [_kept(c) for c in chunks(data) if c.fourcc not in (b"XMP ", b"AIGC")]
    if not found:
        raise ProvenanceError("provenance.container", format="WebP")
    if found[0].fourcc == b"VP8X" and len(found[0].data) == 10:
        flags = found.pop(0).data
    else:
        flags = _extended_header(found[0])
    head = Chunk(b"VP8X", bytes((flags[0] | _XMP_FLAG,)) + flags[1:])
    body = b"".join(_bytes(c) for c in (head, *found, Chunk(b"XMP ", packet)))
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _kept(chunk: Chunk) -> Chunk:
    """The chunk; EXIF without labels."""
    if chunk.fourcc != b"EXIF":
        return chunk
    return Chunk(chunk.fourcc, exif.without_labels(chunk.data))


def _bytes(chunk: Chunk) -> bytes:
    padding = b"\0" * (len(chunk.data) % 2)
    return chunk.fourcc + len(chunk.data).to_bytes(4, "little") + chunk.data + padding


def _extended_header(first: Chunk) -> bytes:
    """VP8X for a simple file: flags, three reserved bytes, canvas width − 1 and height − 1 in
    24 bits."""
    data = first.data
    if first.fourcc == b"VP8L" and data[:1] == b"\x2f" and len(data) >= 5:
        bits = int.from_bytes(data[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        flags = _ALPHA_FLAG if bits >> 28 & 1 else 0
    elif first.fourcc == b"VP8 " and data[3:6] == b"\x9d\x01\x2a" and len(data) >= 10:
        width = int.from_bytes(data[6:8], "little") & 0x3FFF
        height = int.from_bytes(data[8:10], "little") & 0x3FFF
        flags = 0
    else:
        raise ProvenanceError("provenance.container", format="WebP")
    return (
        bytes((flags, 0, 0, 0))
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
