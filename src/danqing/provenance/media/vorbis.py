"""Vorbis comments in FLAC (RFC 9639) and Ogg (RFC 3533): the label in a comment `AIGC=…`.

TC260-PG-202510A. Written in FLAC; read in Ogg, whose pages would all have to be numbered anew.
"""

from __future__ import annotations

from collections.abc import Iterator

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import holds_label
from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_BLOCKS, Block
from danqing.provenance.media import id3

FLAC, OGG = b"fLaC", b"OggS"
_COMMENTS, _LAST = 4, 0x80
_MAX_FLAC_BLOCK = 2**24 - 1
_HEADS = (b"OpusTags", b"\x03vorbis")


def flac_start(data: bytes) -> int | None:
    """Where FLAC begins, after an ID3v2 tag that some writers put before it; None if nowhere."""
    start = id3.tag_end(data)
    return start if data[start : start + 4] == FLAC else None


def blocks(data: bytes) -> Iterator[Block]:
    start = flac_start(data)
    if start is None:
        yield from _blocks_in(_ogg_comments(data), "ogg")
        return
    for kind, begin, end in _flac_blocks(data, start):
        if kind == _COMMENTS:
            yield from _blocks_in(data[begin : min(end, begin + MAX_BLOCK_BYTES)], "flac")


def with_label(data: bytes, label: bytes) -> bytes:
    """A FLAC with this label and no other. Raises ProvenanceError for any other file."""
    start = flac_start(data)
    found = list(_flac_blocks(data, start)) if start is not None else []
    if start is None or not found:
        raise ProvenanceError("provenance.container", format="FLAC")
    comments = next((data[b:e] for kind, b, e in found if kind == _COMMENTS), bytes(8))
    size = int.from_bytes(comments[:4], "little")
    vendor = comments[4 : 4 + size]
    kept = [c for c in _comments(comments) if not _is_label(c)]
    body = len(vendor).to_bytes(4, "little") + vendor
    body += (len(kept) + 1).to_bytes(4, "little")
    for comment in (*kept, b"AIGC=" + label):
        body += len(comment).to_bytes(4, "little") + comment
    if len(body) > _MAX_FLAC_BLOCK:
        raise ProvenanceError("provenance.container", format="FLAC")
    # STREAMINFO must stay first; comments may stand anywhere after it.
    parts = [(kind, data[b:e]) for kind, b, e in found if kind != _COMMENTS]
    parts.insert(1, (_COMMENTS, body))
    out = [data[: start + 4]]
    for number, (kind, content) in enumerate(parts):
        last = _LAST if number == len(parts) - 1 else 0
        out.append(bytes((kind | last,)) + len(content).to_bytes(3, "big") + content)
    return b"".join((*out, data[found[-1][2] :]))


def _flac_blocks(data: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    """(type, start, end) of each metadata block."""
    at = start + 4
    for _ in range(MAX_BLOCKS):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        if at + 4 > len(data) or at + 4 + size > len(data):
            return
        yield data[at] & 0x7F, at + 4, at + 4 + size
        if data[at] & _LAST:
            return
        at += 4 + size


def _ogg_comments(data: bytes) -> bytes:
    """The comment header: the second packet of the first stream, as far as MAX_BLOCK_BYTES."""
    packet, packets, at = bytearray(), 0, 0
    for _ in range(MAX_BLOCKS):
        if data[at : at + 4] != OGG or at + 27 > len(data):
            break
        table = data[at + 27 : at + 27 + data[at + 26]]
        at += 27 + len(table)
        for lacing in table:
            if packets == 1:
                packet += data[at : at + lacing]
            at += lacing
            packets += lacing < 255
            if packets > 1 or len(packet) > MAX_BLOCK_BYTES:
                break
        if packets > 1 or len(packet) > MAX_BLOCK_BYTES:
            break
    head = next((h for h in _HEADS if packet.startswith(h)), None)
    return b"" if head is None else bytes(packet[len(head) :])


def _blocks_in(comments: bytes, kind: str) -> Iterator[Block]:
    for comment in _comments(comments):
        name, _, value = comment.partition(b"=")
        key = name[:79].decode("ascii", "replace")
        yield Block("text", f"{kind}:{key}", value, key, proper=key.upper() == "AIGC")


def _comments(body: bytes) -> Iterator[bytes]:
    at = 4 + int.from_bytes(body[:4], "little")
    count = int.from_bytes(body[at : at + 4], "little")
    at += 4
    for _ in range(min(count, MAX_BLOCKS)):
        size = int.from_bytes(body[at : at + 4], "little")
        if at + 4 + size > len(body):
            return
        yield body[at + 4 : at + 4 + size]
        at += 4 + size


def _is_label(comment: bytes) -> bool:
    name, _, value = comment.partition(b"=")
    return holds_label(name.decode("ascii", "replace"), value.decode("utf-8", "replace"))
