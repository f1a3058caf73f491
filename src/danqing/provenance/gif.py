"""GIF89a blocks: where metadata sits, and putting an XMP packet in.

XMP stands in an application extension `XMP DataXMP` (Adobe's XMP part 3): the packet as it is,
then 258 bytes that lead a reader who expects sub-blocks to the end (TC260-PG-20259A).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import holds_label
from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_PARTS, Block

SIGNATURES = (b"GIF87a", b"GIF89a")
_APPLICATION, _COMMENT, _EXTENSION, _IMAGE, _TRAILER = 0xFF, 0xFE, 0x21, 0x2C, 0x3B
_XMP = b"XMP DataXMP"
_MAGIC = bytes((1, *range(255, -1, -1), 0))


@dataclass(frozen=True, slots=True)
class Part:
    """An extension (label: its number) or a picture (label: None). body: of its first sub-block."""

    label: int | None
    start: int
    body: int
    end: int


def _colours_end(at: int, flags: int) -> int:
    return at + (3 << (flags & 7) + 1 if flags & 0x80 else 0)


def head_end(data: bytes) -> int:
    """Where the header, screen and global colours end."""
    return _colours_end(13, data[10]) if len(data) > 13 else len(data)


def parts(data: bytes) -> Iterator[Part]:
    """Extensions and pictures in order. Stops quietly at the end or where the file is broken."""
    at = head_end(data)
    for _ in range(MAX_PARTS):
        if at + 2 > len(data):
            return
        if data[at] == _EXTENSION:
            label, body = data[at + 1], at + 2
        elif data[at] == _IMAGE and at + 10 <= len(data):
            label, body = None, _colours_end(at + 10, data[at + 9]) + 1
        else:
            return
        end = _after(data, body, label)
        if end is None:
            return
        yield Part(label, at, body, end)
        at = end


def _after(data: bytes, at: int, label: int | None) -> int | None:
    """Behind the sub-blocks that begin here, or behind XMP, which has none; None past the end."""
    if label == _APPLICATION and data[at : at + 12] == b"\x0b" + _XMP:
        magic = data.find(_MAGIC, at + 12, at + 12 + MAX_BLOCK_BYTES)
        if magic >= 0:
            return magic + len(_MAGIC)
    while at < len(data):
        if not data[at]:
            return at + 1
        at += 1 + data[at]
    return None


def blocks(data: bytes) -> Iterator[Block]:
    for part in parts(data):
        body = data[part.body : min(part.end, part.body + MAX_BLOCK_BYTES)]
        if part.label == _COMMENT:
            yield Block("text", "gif:comment", _joined(body))
        elif part.label == _APPLICATION and body[1:12] == _XMP:
            packet = body[12:-258] if body.endswith(_MAGIC) else _joined(body[12:])
            yield Block("xmp", "gif:XMP", packet)


def _joined(body: bytes) -> bytes:
    """What sub-blocks hold, without their lengths."""
    out, at = [], 0
    while at < len(body) and body[at]:
        out.append(body[at + 1 : at + 1 + body[at]])
        at += 1 + body[at]
    return b"".join(out)


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this XMP packet and no other, before its pictures; comments that are labels
    are dropped. Raises ProvenanceError when it is cut short."""
    found = list(parts(data))
    end = found[-1].end if found else head_end(data)
    if not found or data[end : end + 1] != bytes((_TRAILER,)):
        raise ProvenanceError("provenance.container", format="GIF")
    extension = bytes((_EXTENSION, _APPLICATION, 11)) + _XMP + packet + _MAGIC
    kept = [p for p in found if not _replaced(data, p)]
    # Behind the loop count, which some players only look for at the very start.
    first = 0
    while first < len(kept) and kept[first].label == _APPLICATION:
        first += 1
    pieces = [data[p.start : p.end] for p in kept]
    whole = (b"GIF89a" + data[6 : head_end(data)], *pieces[:first], extension, *pieces[first:])
    return b"".join((*whole, data[end:]))


def _replaced(data: bytes, part: Part) -> bool:
    if part.label == _COMMENT:
        return holds_label("", _joined(data[part.body : part.end]).decode("utf-8", "replace"))
    return part.label == _APPLICATION and data[part.body + 1 : part.body + 12] == _XMP
