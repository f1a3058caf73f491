"""ID3v2 before an MP3 (ID3v2.3 and 2.4, id3.org): the label in a TXXX frame described `AIGC`.

TC260-PG-202510A, MP3. The tag is rewritten whole, the sound is copied as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import holds_label
from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_BLOCKS, Block

_ENCODINGS = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_HEADER_BYTES = 10
_UNSYNCHRONISED, _EXTENDED, _FOOTER = 0x80, 0x40, 0x10
_PADDING_BYTES = 256
_LAYER_3 = 0x02


@dataclass(frozen=True, slots=True)
class Frame:
    """raw: the whole frame as it stands. body: what it holds, unsynchronisation undone."""

    id: bytes
    raw: bytes
    body: bytes


def is_mp3(data: bytes) -> bool:
    """Whether these bytes begin, after any ID3v2 tag, with a frame of MPEG layer III."""
    start = tag_end(data)
    head = data[start : start + 4]
    if start and head[:4] == b"fLaC":
        return False
    if start:
        return True
    return (
        len(head) == 4
        and head[0] == 0xFF
        and head[1] & 0xE6 == 0xE0 | _LAYER_3
        and head[1] & 0x18 != 0x08
        and head[2] >> 4 != 15
        and head[2] & 0x0C != 0x0C
    )


def tag_end(data: bytes) -> int:
    """Where the leading tag ends; 0 when there is none."""
    if data[:3] != b"ID3" or len(data) < _HEADER_BYTES or data[3] not in (2, 3, 4):
        return 0
    footer = _HEADER_BYTES if data[5] & _FOOTER and data[3] == 4 else 0
    return _HEADER_BYTES + _synchsafe(data[6:10]) + footer


def blocks(data: bytes) -> Iterator[Block]:
    """User-defined texts and comments of the leading tag."""
    for frame in _frames(data):
        if frame.id in (b"TXXX", b"TXX"):
            description, text = _described(frame.body[:1], frame.body[1:])
        elif frame.id in (b"COMM", b"COM"):
            description, text = _described(frame.body[:1], frame.body[4:])
        else:
            continue
        name = frame.id.decode()
        own = name == "TXXX" and description == "AIGC"
        place = f"id3:{name}:{description[:79]}"
        yield Block("text", place, text.encode(), description, proper=own)


def with_label(data: bytes, label: bytes) -> bytes:
    """The file with this label and no other; its other frames stay as they are.

    A tag of version 2.2, with an extended header or wholly unsynchronised is left alone: raises
    ProvenanceError.
    """
    if not is_mp3(data):
        raise ProvenanceError("provenance.container", format="MP3")
    version = data[3] if tag_end(data) else 4
    simple = not tag_end(data) or not data[5] & ~_FOOTER
    if version == 2 or not simple:
        raise ProvenanceError("provenance.tag_unwritable")
    kept = [frame.raw for frame in _frames(data) if not _is_label(frame)]
    # Latin-1 is enough: what is written is ASCII, and every version has it.
    body = b"\0AIGC\0" + label
    size = _to_synchsafe(len(body)) if version == 4 else len(body).to_bytes(4, "big")
    frames = b"".join((b"TXXX" + size + b"\0\0" + body, *kept)) + bytes(_PADDING_BYTES)
    head = b"ID3" + bytes((version, 0, 0)) + _to_synchsafe(len(frames))
    return head + frames + data[tag_end(data) :]


def _frames(data: bytes) -> Iterator[Frame]:
    end = min(tag_end(data), len(data))
    if not end:
        return
    version, flags = data[3], data[5]
    tag = data[_HEADER_BYTES : min(end, _HEADER_BYTES + 2 * MAX_BLOCK_BYTES)]
    if flags & _UNSYNCHRONISED and version < 4:
        tag = tag.replace(b"\xff\0", b"\xff")
    at = 0
    if flags & _EXTENDED and version > 2:
        at = _synchsafe(tag[:4]) if version == 4 else 4 + int.from_bytes(tag[:4], "big")
    head = 6 if version == 2 else 10
    for _ in range(MAX_BLOCKS):
        if at + head > len(tag) or not tag[at]:
            return
        if version == 2:
            size = int.from_bytes(tag[at + 3 : at + 6], "big")
        elif version == 3:
            size = int.from_bytes(tag[at + 4 : at + 8], "big")
        else:
            size = _synchsafe(tag[at + 4 : at + 8])
        body = tag[at + head : at + head + size]
        if len(body) < size:
            return
        raw = tag[at : at + head + size]
        if version == 4 and tag[at + 9] & 0x02:
            body = body.replace(b"\xff\0", b"\xff")
        yield Frame(tag[at : at + (3 if version == 2 else 4)], raw, body)
        at += head + size


def _is_label(frame: Frame) -> bool:
    if frame.id not in (b"TXXX", b"COMM"):
        return False
    text = frame.body[1:] if frame.id == b"TXXX" else frame.body[4:]
    description, value = _described(frame.body[:1], text)
    return holds_label(description, value)


def _described(encoding: bytes, rest: bytes) -> tuple[str, str]:
    """(description, text): two strings with a null between them."""
    name = _ENCODINGS.get(encoding[0] if encoding else 0, "latin-1")
    if name in ("latin-1", "utf-8"):
        description, _, text = rest.partition(b"\0")
        return description.decode(name, "replace"), text.decode(name, "replace").strip("\0")
    at = next((i for i in range(0, len(rest) - 1, 2) if rest[i : i + 2] == b"\0\0"), len(rest))
    description, text = rest[:at], rest[at + 2 :]
    return tuple(part.decode(name, "replace").strip("\0\ufeff") for part in (description, text))  # type: ignore[return-value]  # two parts in, two out


def _synchsafe(four: bytes) -> int:
    number = 0
    for byte in four:
        number = number << 7 | byte & 0x7F
    return number


def _to_synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
