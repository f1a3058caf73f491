"""The two EXIF texts in which other makers put an AIGC label, read and blanked; we write XMP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from danqing.provenance.aigc import holds_label
from danqing.provenance.blocks import MAX_BLOCK_BYTES

Order = Literal["little", "big"]
_IMAGE_DESCRIPTION, _EXIF_IFD, _USER_COMMENT = 0x010E, 0x8769, 0x9286
_MAX_ENTRIES = 512
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 9: 4}


def texts(payload: bytes) -> Iterator[tuple[str, str]]:
    """(`ImageDescription` | `UserComment`, its text) from a TIFF structure; nothing from a
    broken one."""
    for name, _, _, text in _texts(payload.removeprefix(b"Exif\0\0")):
        yield name, text


def without_labels(payload: bytes) -> bytes:
    """The structure with zeros in place of texts that are labels; every offset stays as it was."""
    lead = len(payload) - len(payload.removeprefix(b"Exif\0\0"))
    out = bytearray(payload)
    for _, start, end, text in _texts(payload[lead:]):
        if holds_label("", text):
            out[lead + start : lead + end] = bytes(end - start)
    return bytes(out)


def _texts(tiff: bytes) -> Iterator[tuple[str, int, int, str]]:
    """(name, start, end, text) of both."""
    order: Order = "little" if tiff[:2] == b"II" else "big"
    if tiff[:4] not in (b"II*\0", b"MM\0*"):
        return
    first = entries(tiff, int.from_bytes(tiff[4:8], order), order)
    if _IMAGE_DESCRIPTION in first:
        start, end = first[_IMAGE_DESCRIPTION]
        yield "ImageDescription", start, end, _decode(tiff[start:end])
    if _EXIF_IFD in first:
        start, end = first[_EXIF_IFD]
        offset = int.from_bytes(tiff[start : min(end, start + 4)], order)
        inner = entries(tiff, offset, order)
        if _USER_COMMENT in inner:
            start, end = inner[_USER_COMMENT]
            yield "UserComment", start, end, _user_comment(tiff[start:end], order)


def entries(tiff: bytes, offset: int, order: Order) -> dict[int, tuple[int, int]]:
    """Tag to the (start, end) of its value in one image file directory (TIFF 6.0), as far as it
    lies inside the structure."""
    found = {}
    count = int.from_bytes(tiff[offset : offset + 2], order)
    for index in range(min(count, _MAX_ENTRIES)):
        at = offset + 2 + 12 * index
        entry = tiff[at : at + 12]
        if len(entry) < 12:
            break
        tag, kind = int.from_bytes(entry[:2], order), int.from_bytes(entry[2:4], order)
        size = int.from_bytes(entry[4:8], order) * _TYPE_BYTES.get(kind, 0)
        start = at + 8 if size <= 4 else int.from_bytes(entry[8:12], order)
        end = min(start + min(size, MAX_BLOCK_BYTES), len(tiff))
        found[tag] = (min(start, end), end)
    return found


def _user_comment(value: bytes, order: Order) -> str:
    """Eight bytes name the character code of what follows."""
    code, text = value[:8], value[8:]
    if code == b"UNICODE\0":
        return text.decode("utf-16-le" if order == "little" else "utf-16-be", "replace").strip("\0")
    if code in (b"ASCII\0\0\0", b"JIS\0\0\0\0\0", b"\0" * 8):
        return _decode(text)
    return _decode(value)


def _decode(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip("\0 ")
