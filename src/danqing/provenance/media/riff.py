"""RIFF (WAV, AVI): the label in a chunk `AIGC`, which AVI keeps inside `LIST/INFO`.

TC260-PG-202510A for sound, 20257A for film. The file is only ever added to at its end or changed
in place, since players find pictures and cue points by their offset.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import holds_label
from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_BLOCKS, MAX_PARTS, Block
from danqing.provenance.media import id3

WAV, AVI = b"WAVE", b"AVI "
_LABEL, _JUNK, _XMP = b"AIGC", b"JUNK", b"_PMX"
_HEADER_BYTES = 12
_MAX_RIFF_BYTES = 2**32 - 9


@dataclass(frozen=True, slots=True)
class Chunk:
    """start and end: offsets of the payload; the eight bytes before it are name and size."""

    fourcc: bytes
    start: int
    end: int


def chunks(data: bytes, start: int = _HEADER_BYTES, end: int | None = None) -> Iterator[Chunk]:
    """The chunks between two offsets. Stops quietly at the first that does not fit."""
    end = len(data) if end is None else end
    for _ in range(MAX_PARTS):
        if start + 8 > end:
            return
        size = int.from_bytes(data[start + 4 : start + 8], "little")
        body = start + 8
        if body + size > end:
            return
        yield Chunk(data[start : start + 4], body, body + size)
        start = body + size + size % 2


def form(data: bytes) -> bytes:
    """`WAVE`, `AVI ` or another four characters; empty where this is no RIFF file."""
    return data[8:12] if data[:4] == b"RIFF" else b""


def blocks(data: bytes) -> Iterator[Block]:
    """Labels, XMP and ID3 of a WAV or AVI."""
    kind = "wav" if form(data) == WAV else "avi"
    for chunk in chunks(data):
        body = data[chunk.start : min(chunk.end, chunk.start + MAX_BLOCK_BYTES)]
        if chunk.fourcc == _LABEL:
            yield Block("text", f"{kind}:AIGC", body, "AIGC", proper=kind == "wav")
        elif chunk.fourcc == _XMP:
            yield Block("xmp", f"{kind}:_PMX", body)
        elif chunk.fourcc.lower() == b"id3 ":
            yield from id3.blocks(body)
        elif chunk.fourcc == b"LIST" and body[:4] == b"INFO":
            for part in _information(data, chunk):
                text = data[part.start : min(part.end, part.start + MAX_BLOCK_BYTES)].strip(b"\0")
                name = part.fourcc.decode("latin-1")
                own = part.fourcc == _LABEL
                yield Block("text", f"{kind}:INFO:{name}", text, name, proper=own and kind == "avi")


def _information(data: bytes, chunk: Chunk) -> Iterator[Chunk]:
    for count, part in enumerate(chunks(data, chunk.start + 4, chunk.end)):
        if count >= MAX_BLOCKS:
            return
        yield part


def with_label(data: bytes, label: bytes) -> bytes:
    """The file with this label and no other. Raises ProvenanceError for one that is cut short, or
    over 4 GiB (RF64 is not written)."""
    kind = form(data)
    found = list(chunks(data))
    if kind not in (WAV, AVI) or not found:
        raise ProvenanceError("provenance.container", format="WAV, AVI")
    whole = found[-1].end + (found[-1].end - found[-1].start) % 2
    if whole < len(data.rstrip(b"\0")):
        raise ProvenanceError("provenance.container", format="WAV, AVI")
    body = bytearray(data[:whole].ljust(whole, b"\0"))
    for chunk in _labels(data, found):
        # Renamed and emptied where it lies, since offsets of what follows must stay.
        body[chunk.start - 8 : chunk.start - 4] = _JUNK
        body[chunk.start : chunk.end] = bytes(chunk.end - chunk.start)
    piece = _chunk(_LABEL, label)
    body += piece if kind == WAV else _chunk(b"LIST", b"INFO" + piece)
    if len(body) > _MAX_RIFF_BYTES:
        raise ProvenanceError("provenance.container", format="WAV, AVI")
    body[4:8] = (len(body) - 8).to_bytes(4, "little")
    return bytes(body)


def _labels(data: bytes, found: list[Chunk]) -> Iterator[Chunk]:
    """Chunks that hold a label, wherever."""
    for chunk in found:
        if chunk.fourcc == _LABEL:
            yield chunk
        elif chunk.fourcc == b"LIST" and data[chunk.start : chunk.start + 4] == b"INFO":
            for part in _information(data, chunk):
                text = data[part.start : min(part.end, part.start + MAX_BLOCK_BYTES)]
                if holds_label(part.fourcc.decode("latin-1"), text.decode("utf-8", "replace")):
                    yield part


def _chunk(fourcc: bytes, body: bytes) -> bytes:
    return fourcc + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)
