"""The label into an MP4, MOV or M4A: a key `AIGC` in `moov.udta.meta` (TC260-PG-20257A).

`moov` is built anew; where sound and pictures lie behind it, every offset to them is moved by as
much as it grew, those of fragments included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import holds_label
from danqing.provenance.blocks import MAX_BLOCK_BYTES
from danqing.provenance.media.bmff import Box, boxes, keys, metadata_start

_FORMATS = "MP4, MOV, M4A"
_KEY, _NAMESPACE = b"AIGC", b"mdta"
_TEXT = (1).to_bytes(4, "big") + bytes(4)  # UTF-8, no locale
_MAX_MOOV_BYTES = 64 << 20
_TABLES = {b"stco": 4, b"co64": 8}
_WITHIN = (b"trak", b"mdia", b"minf", b"stbl")


def with_label(data: bytes, label: bytes) -> bytes:
    """The file with this label and no other. Raises ProvenanceError when it is cut short."""
    top = list(boxes(data, 0, len(data)))
    films = [box for box in top if box.type == b"moov"]
    if not top or top[-1].end != len(data) or len(films) != 1:
        raise ProvenanceError("provenance.container", format=_FORMATS)
    moov = films[0]
    if moov.end - moov.start > _MAX_MOOV_BYTES:
        raise ProvenanceError("provenance.container", format=_FORMATS)
    body = _rebuilt(data, moov, label)
    growth = len(body) + 8 - (moov.end - moov.start)
    moved = _shifted(_box(b"moov", body), moov.end, growth)
    behind = bytearray(data[moov.end :])
    for box in top:
        if box.start >= moov.end and box.type in (b"moof", b"mfra"):
            _move_fragments(data, box, moov.end, growth, behind)
    return data[: moov.start] + moved + bytes(behind)


def _move_fragments(data: bytes, box: Box, origin: int, growth: int, behind: bytearray) -> None:
    """Offsets that a fragment, or the index of fragments, counts from the start of the file."""
    for at, width in (*_bases(data, box), *_indexed(data, box)):
        offset = int.from_bytes(data[at : at + width], "big")
        if offset >= origin:
            if offset + growth >= 1 << 8 * width:
                raise ProvenanceError("provenance.container", format=_FORMATS)
            behind[at - origin : at - origin + width] = (offset + growth).to_bytes(width, "big")


def _bases(data: bytes, moof: Box) -> Iterator[tuple[int, int]]:
    """(where, bytes) of each base data offset: in `traf`, `tfhd`, flag 1."""
    for part in boxes(data, moof.body, moof.end):
        for head in boxes(data, part.body, part.end) if part.type == b"traf" else ():
            if head.type == b"tfhd" and head.body + 16 <= head.end and data[head.body + 3] & 1:
                yield head.body + 8, 8


def _indexed(data: bytes, mfra: Box) -> Iterator[tuple[int, int]]:
    """(where, bytes) of each fragment's offset: in `tfra`."""
    for table in boxes(data, mfra.body, mfra.end):
        if table.type != b"tfra" or table.body + 16 > table.end:
            continue
        width = 8 if data[table.body] else 4
        sizes = data[table.body + 11]
        numbers = (sizes >> 4 & 3) + (sizes >> 2 & 3) + (sizes & 3) + 3
        step = 2 * width + numbers
        count = int.from_bytes(data[table.body + 12 : table.body + 16], "big")
        if table.body + 16 + count * step > table.end:
            raise ProvenanceError("provenance.container", format=_FORMATS)
        for at in range(table.body + 16, table.body + 16 + count * step, step):
            yield at + width, width


def _rebuilt(data: bytes, moov: Box, label: bytes) -> bytes:
    """The body of `moov` with this label alone; everything else byte for byte."""
    out, done = bytearray(), False
    for box in boxes(data, moov.body, moov.end):
        if box.type == b"udta":
            out += _user_data(data, box, None if done else label)
            done = True
        elif box.type == b"meta":
            out += _metadata(data, box, None)
        else:
            out += data[box.start : box.end]
    if not done:
        out += _user_data(data, None, label)
    return bytes(out)


def _user_data(data: bytes, udta: Box | None, label: bytes | None) -> bytes:
    """A `udta` box without its labels, and with this one if there is one."""
    out, done = bytearray(), label is None
    for box in boxes(data, udta.body, udta.end) if udta else ():
        name, text = box.type.decode("latin-1"), data[box.body : box.body + MAX_BLOCK_BYTES]
        if box.type == b"meta" and not done:
            # iTunes tags live in a `meta` of their own kind, which has no keys: both can't be one.
            if _handler(data, box) == _NAMESPACE:
                out += _metadata(data, box, label)
                done = True
            else:
                out += _metadata(data, box, None)
        elif not holds_label(name, text.decode("utf-8", "replace")):
            out += data[box.start : box.end]
    if label is not None and not done:
        handler = bytes(8) + _NAMESPACE + bytes(13)
        body = bytes(4) + _box(b"hdlr", handler) + _listed([(_NAMESPACE, _KEY)], [_value(1, label)])
        # First, since readers commonly look at one `meta` only.
        return _box(b"udta", _box(b"meta", body) + bytes(out))
    return _box(b"udta", bytes(out))


def _handler(data: bytes, meta: Box) -> bytes:
    for box in boxes(data, metadata_start(data, meta), meta.end):
        if box.type == b"hdlr":
            return data[box.body + 8 : box.body + 12]
    return b""


def _metadata(data: bytes, meta: Box, label: bytes | None) -> bytes:
    """A `meta` box without its labels, and with this one if there is one."""
    start = metadata_start(data, meta)
    inside = list(boxes(data, start, meta.end))
    names = [e for box in inside if box.type == b"keys" for e in keys(data, box)]
    values, kept_names = [], list(names)
    for box in inside:
        if box.type == b"ilst":
            values += [i for i in boxes(data, box.body, box.end) if not _is_label(data, i, names)]
    items = [data[item.start : item.end] for item in values]
    if label is not None:
        if (_NAMESPACE, _KEY) not in kept_names:
            kept_names.append((_NAMESPACE, _KEY))
        items.append(_value(kept_names.index((_NAMESPACE, _KEY)) + 1, label))
    others = [b for b in inside if b.type not in (b"keys", b"ilst")]
    listed = _listed(kept_names, items) if kept_names else _box(b"ilst", b"".join(items))
    body = b"".join(data[b.start : b.end] for b in others)
    had = any(b.type in (b"keys", b"ilst") for b in inside)
    return _box(b"meta", data[meta.body : start] + body + (listed if had or label else b""))


def _is_label(data: bytes, item: Box, names: list[tuple[bytes, bytes]]) -> bool:
    number = int.from_bytes(item.type, "big")
    name = names[number - 1][1] if 1 <= number <= len(names) else item.type
    text = b""
    for part in boxes(data, item.body, item.end):
        body = data[part.body : min(part.end, part.body + MAX_BLOCK_BYTES)]
        if part.type == b"name":
            name = body[4:]
        elif part.type == b"data":
            text = body[8:]
    return holds_label(name.decode("utf-8", "replace"), text.decode("utf-8", "replace"))


def _listed(names: list[tuple[bytes, bytes]], items: list[bytes]) -> bytes:
    entries = b"".join((8 + len(n)).to_bytes(4, "big") + space + n for space, n in names)
    keyed = _box(b"keys", bytes(4) + len(names).to_bytes(4, "big") + entries)
    return keyed + _box(b"ilst", b"".join(items))


def _value(number: int, label: bytes) -> bytes:
    return _box(number.to_bytes(4, "big"), _box(b"data", _TEXT + label))


def _box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def _shifted(moov: bytes, beyond: int, growth: int) -> bytes:
    """`moov` with every chunk offset at or behind `beyond` moved by `growth`."""
    out = bytearray(moov)

    def visit(start: int, end: int, change: Callable[[Box], None]) -> None:
        for box in boxes(moov, start, end):
            if box.type in _WITHIN:
                visit(box.body, box.end, change)
            elif box.type in _TABLES:
                change(box)

    def change(box: Box) -> None:
        width = _TABLES[box.type]
        count = int.from_bytes(moov[box.body + 4 : box.body + 8], "big")
        if box.body + 8 + count * width > box.end:
            raise ProvenanceError("provenance.container", format=_FORMATS)
        for at in range(box.body + 8, box.body + 8 + count * width, width):
            offset = int.from_bytes(moov[at : at + width], "big")
            if offset >= beyond:
                if offset + growth >= 1 << 8 * width:
                    raise ProvenanceError("provenance.container", format=_FORMATS)
                out[at : at + width] = (offset + growth).to_bytes(width, "big")

    visit(8, len(moov), change)
    return bytes(out)
