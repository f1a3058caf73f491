"""ISO base media files, read: MP4, MOV and M4A (ISO/IEC 14496-12), HEIC and AVIF (23008-12).

The label of a film stands in `moov.udta.meta`: a key `AIGC` in `keys`, its value in `ilst`
(TC260-PG-20257A). A still picture has an XMP item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_BLOCKS, MAX_PARTS, Block

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_BRANDS = {
    b"avif": "image/avif", b"avis": "image/avif",
    b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic",
    b"qt  ": "video/quicktime", b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
}  # fmt: skip
_STILL = ("image/avif", "image/heic")


@dataclass(frozen=True, slots=True)
class Box:
    """start: of the box. body: of what it holds. end: of both."""

    type: bytes
    start: int
    body: int
    end: int


def boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """The boxes between two offsets. Stops quietly at the first that does not fit."""
    for _ in range(MAX_PARTS):
        if start + 8 > end:
            return
        size, body = int.from_bytes(data[start : start + 4], "big"), start + 8
        kind = data[start + 4 : body]
        if size == 1:
            size, body = int.from_bytes(data[body : body + 8], "big"), body + 8
        elif size == 0:
            size = end - start
        if kind == b"uuid":
            kind, body = data[body : body + 16], body + 16
        if body > start + size or start + size > end:
            return
        yield Box(kind, start, body, start + size)
        start += size


def media_type(data: bytes) -> str | None:
    """By the major brand, then the compatible ones; None where this is no such file."""
    size = int.from_bytes(data[:4], "big")
    if data[4:8] != b"ftyp" or not 16 <= size <= min(len(data), 1024):
        return "video/quicktime" if data[4:8] in (b"moov", b"wide") else None
    brands = [data[at : at + 4] for at in (8, *range(16, size - 3, 4))]
    if brands[0] == b"mif1":
        brands = brands[1:] + brands[:1]  # says only that it is a picture; the next says which
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), "video/mp4")


def blocks(data: bytes) -> Iterator[Block]:
    """Labels and XMP, wherever known writers have put them."""
    still = media_type(data) in _STILL
    for box in boxes(data, 0, len(data)):
        if box.type == XMP_UUID:
            yield Block("xmp", "mp4:uuid", _text(data, box))
        elif box.type == b"moov":
            yield from _in_moov(data, box)
        elif box.type == b"meta" and still:
            yield from _items(data, box)
        elif box.type == b"meta":
            yield from metadata(data, box, "meta")


def _in_moov(data: bytes, moov: Box) -> Iterator[Block]:
    for box in boxes(data, moov.body, moov.end):
        if box.type == b"meta":
            yield from metadata(data, box, "moov.meta")
        elif box.type == XMP_UUID:
            yield Block("xmp", "mp4:moov.uuid", _text(data, box))
        elif box.type == b"udta":
            yield from _in_user_data(data, box)


def _in_user_data(data: bytes, udta: Box) -> Iterator[Block]:
    for box in boxes(data, udta.body, udta.end):
        name = box.type.decode("latin-1")
        if box.type == b"meta":
            yield from metadata(data, box, "moov.udta.meta")
        elif box.type == b"XMP_":
            yield Block("xmp", "mp4:moov.udta.XMP_", _text(data, box))
        elif b"AIGC" in box.type.upper() or b"AIGC" in _text(data, box):
            yield Block("text", f"mp4:moov.udta:{name}", _text(data, box), name)


def metadata_start(data: bytes, meta: Box) -> int:
    """Where the children of a `meta` begin: QuickTime's has no version before them."""
    return meta.body if data[meta.body + 4 : meta.body + 8] == b"hdlr" else meta.body + 4


def metadata(data: bytes, meta: Box, place: str) -> Iterator[Block]:
    """Keys and values of one `meta` box, as far as they have to do with labels."""
    names: list[bytes] = []
    for box in boxes(data, metadata_start(data, meta), meta.end):
        if box.type == b"keys":
            names = [name for _, name in keys(data, box)]
        elif box.type == b"ilst":
            yield from _values(data, box, names, place)
        elif box.type == b"xml ":
            yield Block("xmp", f"mp4:{place}.xml", _text(data, box)[4:])


def keys(data: bytes, box: Box) -> Iterator[tuple[bytes, bytes]]:
    """(namespace, name) of each entry of a `keys` box; values refer to them by number from 1."""
    at = box.body + 8
    for _ in range(min(int.from_bytes(data[box.body + 4 : at], "big"), MAX_BLOCKS)):
        size = int.from_bytes(data[at : at + 4], "big")
        if size < 8 or at + size > box.end:
            return
        yield data[at + 4 : at + 8], data[at + 8 : at + size]
        at += size


def _values(data: bytes, ilst: Box, names: list[bytes], place: str) -> Iterator[Block]:
    for count, item in enumerate(boxes(data, ilst.body, ilst.end)):
        if count >= MAX_BLOCKS:
            return
        number = int.from_bytes(item.type, "big")
        listed = 1 <= number <= len(names)
        name = names[number - 1] if listed else item.type
        value = b""
        for part in boxes(data, item.body, item.end):
            if part.type == b"name" and not listed:  # iTunes: `----` with mean, name and data
                name = _text(data, part)[4:]
            elif part.type == b"data":
                value = _text(data, part)[8:]
        keyword = name[:79].decode("utf-8", "replace")
        own = listed and keyword == "AIGC" and place == "moov.udta.meta"
        yield Block("text", f"mp4:{place}:{keyword}", value, keyword, proper=own)


def _text(data: bytes, box: Box) -> bytes:
    return data[box.body : min(box.end, box.body + MAX_BLOCK_BYTES)]


def _items(data: bytes, meta: Box) -> Iterator[Block]:
    """XMP items of a still picture, and its EXIF."""
    inside = {box.type: box for box in boxes(data, metadata_start(data, meta), meta.end)}
    if not {b"iinf", b"iloc"} <= inside.keys():
        return
    kinds = dict(_item_kinds(data, inside[b"iinf"]))
    stored = inside.get(b"idat")
    for item, method, start, size in _locations(data, inside[b"iloc"]):
        kind = kinds.get(item)
        if method == 1 and stored is not None:
            start += stored.body
        elif method:
            continue
        body = data[start : start + min(size, MAX_BLOCK_BYTES)]
        if kind == b"mime":
            yield Block("xmp", "heif:XMP", body)
        elif kind == b"Exif":
            skipped = 4 + int.from_bytes(body[:4], "big")
            yield Block("exif", "heif:Exif", body[skipped:])


def _item_kinds(data: bytes, iinf: Box) -> Iterator[tuple[int, bytes]]:
    start = iinf.body + (6 if data[iinf.body : iinf.body + 1] == b"\0" else 8)
    for count, box in enumerate(boxes(data, start, iinf.end)):
        if count >= MAX_BLOCKS:
            return
        body = data[box.body : box.end]
        if body[:1] == b"\2":
            yield int.from_bytes(body[4:6], "big"), body[8:12]
        elif body[:1] == b"\3":
            yield int.from_bytes(body[4:8], "big"), body[10:14]


def _locations(data: bytes, iloc: Box) -> Iterator[tuple[int, int, int, int]]:
    """(item, construction method, offset, length) of items that lie in one piece."""
    version = data[iloc.body] if iloc.body < iloc.end else 9
    if version > 2:
        return
    widths, at = data[iloc.body + 4 : iloc.body + 6], iloc.body + 6
    if len(widths) < 2:
        return
    offset_bytes, length_bytes = widths[0] >> 4, widths[0] & 15
    base_bytes, index_bytes = widths[1] >> 4, widths[1] & 15 if version else 0

    def number(width: int) -> int:
        nonlocal at
        at += width
        return int.from_bytes(data[at - width : min(at, iloc.end)], "big")

    for _ in range(min(number(4 if version == 2 else 2), MAX_BLOCKS)):
        item = number(4 if version == 2 else 2)
        method = number(2) & 15 if version else 0
        number(2)  # data reference
        base, extents = number(base_bytes), number(2)
        for index in range(min(extents, MAX_BLOCKS)):
            number(index_bytes)
            offset, length = number(offset_bytes), number(length_bytes)
            if extents == 1 and index == 0:
                yield item, method, base + offset, length
        if at > iloc.end:
            return
