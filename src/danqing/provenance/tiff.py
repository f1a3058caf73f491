"""TIFF 6.0, read only: XMP in the first directory, tag 0x2BC (TC260-PG-20259A), and its EXIF."""

from __future__ import annotations

from collections.abc import Iterator

from danqing.provenance import exif
from danqing.provenance.blocks import Block

SIGNATURES = (b"II*\0", b"MM\0*")
_XMP = 0x02BC


def blocks(data: bytes) -> Iterator[Block]:
    order: exif.Order = "little" if data[:2] == b"II" else "big"
    directory = exif.entries(data, int.from_bytes(data[4:8], order), order)
    if _XMP in directory:
        start, end = directory[_XMP]
        yield Block("xmp", "tiff:XMP", data[start:end])
    yield Block("exif", "tiff", data)
