"""Matroska and WebM (RFC 9559) and FLV: read only. Where their labels stand (TC260-PG-20257A)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_BLOCKS, MAX_PARTS, Block

EBML = b"\x1a\x45\xdf\xa3"
FLV = b"FLV\x01"
_SEGMENT, _TAGS, _TAG, _SIMPLE_TAG = 0x18538067, 0x1254C367, 0x7373, 0x67C8
_NAME, _STRING = 0x45A3, 0x4487
_SCRIPT = 18
# A name `AIGC` in AMF0, then a string (2) or a long string (12) with its length.
_AMF_LABEL = re.compile(rb"\0\x04AIGC(?:\x02(..)|\x0c(....))", re.DOTALL)


def matroska_blocks(data: bytes) -> Iterator[Block]:
    """Every SimpleTag, as Segment/Tags/Tag/SimpleTag holds them."""
    for identifier, start, end in _elements(data, 0, len(data)):
        if identifier == _SEGMENT:
            for inner, first, last in _elements(data, start, end):
                if inner == _TAGS:
                    yield from _tags(data, first, last)


def _tags(data: bytes, start: int, end: int) -> Iterator[Block]:
    for tag, first, last in _elements(data, start, end):
        if tag != _TAG:
            continue
        for simple, begin, stop in _elements(data, first, last):
            if simple != _SIMPLE_TAG:
                continue
            texts = {
                identifier: data[a : min(b, a + MAX_BLOCK_BYTES)].strip(b"\0")
                for identifier, a, b in _elements(data, begin, stop)
            }
            name = texts.get(_NAME, b"")[:79].decode("utf-8", "replace")
            own = name == "AIGC"
            yield Block("text", f"mkv:{name}", texts.get(_STRING, b""), name, proper=own)


def _elements(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(identifier, start, end) of the elements between two offsets. One of unknown size, as live
    recordings have, counts as empty, so that its children follow as if they stood beside it."""
    for _ in range(MAX_PARTS):
        identifier, start = _number(data, start, end, keep_marker=True)
        size, start = _number(data, start, end, keep_marker=False)
        if identifier is None or start > end:
            return
        if size is None:
            if identifier == _SEGMENT:
                yield identifier, start, end
                return
            continue
        if start + size > end:
            return
        yield identifier, start, start + size
        start += size


def _number(data: bytes, at: int, end: int, *, keep_marker: bool) -> tuple[int | None, int]:
    """A variable-length integer and where it ends; None for an unknown size or past the end."""
    if at >= end or not data[at]:
        return None, end + 1
    length = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + length], "big")
    if not keep_marker:
        value &= (1 << 7 * length) - 1
        if value == (1 << 7 * length) - 1:
            return None, at + length
    return value, at + length


def flv_blocks(data: bytes) -> Iterator[Block]:
    """The label in `onMetaData`, which stands in one of the first script tags."""
    at = int.from_bytes(data[5:9], "big") + 4
    for _ in range(MAX_BLOCKS):
        head = data[at : at + 11]
        size = int.from_bytes(head[1:4], "big")
        if len(head) < 11:
            return
        if head[0] == _SCRIPT:
            yield from _amf_labels(data[at + 11 : at + 11 + min(size, MAX_BLOCK_BYTES)])
        at += 11 + size + 4


def _amf_labels(script: bytes) -> Iterator[Block]:
    for found in _AMF_LABEL.finditer(script):
        size = int.from_bytes(found[1] or found[2], "big")
        text = script[found.end() : found.end() + size]
        yield Block("text", "flv:onMetaData:AIGC", text, "AIGC", proper=True)
