"""PNG chunks (ISO/IEC 15948): where metadata sits, and putting an XMP packet in."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from danqing.errors import ProvenanceError
from danqing.provenance import exif
from danqing.provenance.aigc import holds_label
from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_PARTS, Block

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP_KEYWORD = b"XML:com.adobe.xmp"
_TEXT_TYPES = (b"tEXt", b"zTXt", b"iTXt")
_READ = (*_TEXT_TYPES, b"eXIf")


@dataclass(frozen=True, slots=True)
class Chunk:
    """start and end: offsets of the whole chunk, length and CRC included. data: of metadata."""

    type: bytes
    start: int
    end: int
    data: bytes


def chunks(data: bytes) -> Iterator[Chunk]:
    """The chunks in order. Stops quietly at the first that does not fit in the file."""
    position = len(SIGNATURE)
    for _ in range(MAX_PARTS):
        if position + 12 > len(data):
            return
        length = int.from_bytes(data[position : position + 4], "big")
        end = position + 12 + length
        if end > len(data):
            return
        kind, body = data[position + 4 : position + 8], position + 8
        held = data[body : body + length] if kind in _READ else b""
        yield Chunk(kind, position, end, held)
        position = end


def blocks(data: bytes) -> Iterator[Block]:
    """XMP, EXIF and every text chunk; compressed text is opened up to MAX_BLOCK_BYTES."""
    for chunk in chunks(data):
        if chunk.type == b"eXIf":
            yield Block("exif", "png:eXIf", chunk.data)
        elif chunk.type in _TEXT_TYPES:
            keyword, _, rest = chunk.data.partition(b"\0")
            text = _text(chunk.type, rest)
            if keyword == XMP_KEYWORD:
                yield Block("xmp", "png:iTXt", text)
            else:
                name = keyword[:79].decode("latin-1")
                yield Block("text", f"png:{chunk.type.decode()}:{name}", text, name)


def _text(kind: bytes, rest: bytes) -> bytes:
    if kind == b"tEXt":
        return rest.decode("latin-1").encode("utf-8")
    if kind == b"zTXt":
        return _inflate(rest[1:]).decode("latin-1").encode("utf-8")
    compressed = rest[:1] == b"\1"
    text = rest[2:].split(b"\0", 2)[-1]  # after language tag and translated keyword
    return _inflate(text) if compressed else text


def _inflate(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MAX_BLOCK_BYTES)
    except zlib.error:
        return b""


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this XMP packet, uncompressed and before IDAT (TC260 image guide), and no
    other.

    Text chunks that carry an AIGC label elsewhere are dropped, one in EXIF is blanked: a file has
    one (GB 45438-2025, 6.1 c).
    """
    found = list(chunks(data))
    if not found or found[0].type != b"IHDR" or found[-1].type != b"IEND":
        raise ProvenanceError("provenance.container", format="PNG")
    itxt = _chunk(b"iTXt", XMP_KEYWORD + b"\0\0\0\0\0" + packet)
    kept = [_kept(data, c) for c in found[1:] if not _replaced(c)]
    return b"".join((SIGNATURE, data[found[0].start : found[0].end], itxt, *kept))


def _replaced(chunk: Chunk) -> bool:
    if chunk.type not in _TEXT_TYPES:
        return False
    keyword, _, rest = chunk.data.partition(b"\0")
    text = _text(chunk.type, rest).decode("utf-8", "replace")
    return keyword == XMP_KEYWORD or holds_label(keyword.decode("latin-1"), text)


def _kept(data: bytes, chunk: Chunk) -> bytes:
    if chunk.type != b"eXIf":
        return data[chunk.start : chunk.end]
    return _chunk(b"eXIf", exif.without_labels(chunk.data))


def _chunk(kind: bytes, body: bytes) -> bytes:
    crc = zlib.crc32(kind + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + kind + body + crc
