"""The two EXIF texts in which other makers put an AIGC label. Reads only; we write XMP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from danqing.provenance.blocks import MAX_BLOCK_BYTES

_IMAGE_DESCRIPTION, _EXIF_IFD, _USER_COMMENT = 0x010E, 0x8769, 0x9286
_MAX_ENTRIES = 512
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 9: 4}


def texts(payload: bytes) -> Iterator[tuple[str, str]]:
    """(`ImageDescription` | `UserComment`, its text) from a TIFF structure; nothing from a
    broken one."""
    tiff = payload.removeprefix(b"Exif\0\0")
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"
    if tiff[:4] not in (b"II*\0", b"MM\0*"):
        return
    first = dict(_entries(tiff, int.from_bytes(tiff[4:8], order), order))
    if _IMAGE_DESCRIPTION in first:
        yield "ImageDescription", _decode(first[_IMAGE_DESCRIPTION])
    if _EXIF_IFD in first:
        offset = int.from_bytes(first[_EXIF_IFD][:4], order)
        comment = dict(_entries(tiff, offset, order)).get(_USER_COMMENT)
        if comment is not None:
            yield "UserComment", _user_comment(comment, order)


def _entries(
    tiff: bytes, offset: int, order: Literal["little", "big"]
) -> Iterator[tuple[int, bytes]]:
    """(tag, value bytes) of one image file directory, as far as it lies inside the structure."""
    count = int.from_bytes(tiff[offset : offset + 2], order)
    for index in range(min(count, _MAX_ENTRIES)):
        at = offset + 2 + 12 * index
        entry = tiff[at : at + 12]
        if len(entry) < 12:
            return
        tag, kind = int.from_bytes(entry[:2], order), int.from_bytes(entry[2:4], order)
        size = int.from_bytes(entry[4:8], order) * _TYPE_BYTES.get(kind, 0)
        if size <= 4:
            yield tag, entry[8 : 8 + size]
        else:
            start = int.from_bytes(entry[8:12], order)
            yield tag, tiff[start : start + min(size, MAX_BLOCK_BYTES)]


def _user_comment(value: bytes, order: Literal["little", "big"]) -> str:
    """Eight bytes name the character code of what follows."""
    code, text = value[:8], value[8:]
    if code == b"UNICODE\0":
        return text.decode("utf-16-le" if order == "little" else "utf-16-be", "replace").strip("\0")
    if code in (b"ASCII\0\0\0", b"JIS\0\0\0\0\0", b"\0" * 8):
        return _decode(text)
    return _decode(value)


def _decode(value: bytes) -> str:
    return value.decode("utf-8", "replace").strip("\0 ")
