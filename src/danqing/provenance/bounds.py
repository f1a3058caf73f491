"""How many parts a file may have before other people's parsers are asked to read it.

The C2PA library takes time that grows with the square of the number of boxes in an MP4, and
seconds over a million chunks or elements; no honest file comes near these numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from danqing.provenance import gif, jpeg, png, svg
from danqing.provenance.media import bmff, pdf, riff

MAX_PARTS = 50_000
MAX_BOXES = 10_000
_NESTING = 16
_CONTAINERS = frozenset(
    (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"udta", b"mvex", b"edts",
     b"dinf", b"mfra", b"meta", b"iprp", b"ipco", b"ilst")
)  # fmt: skip
_BMFF = ("video/mp4", "video/quicktime", "audio/mp4", "image/heic", "image/avif")
_RIFF = ("audio/wav", "video/avi", "image/webp")


def bearable(data: bytes, media_type: str) -> bool:
    """Whether a file of this media type has no more parts than any honest one."""
    if media_type in _BMFF:
        return _at_most(_boxes(data, 0, len(data), _NESTING), MAX_BOXES)
    if media_type in _RIFF:
        return _at_most(riff.chunks(data), MAX_PARTS)
    if media_type == "image/svg+xml":
        return data.count(b"<") <= svg.MAX_TAGS and data.count(b"=") <= svg.MAX_ATTRIBUTES
    if media_type == "application/pdf":
        return data.count(b"obj") <= pdf.MAX_OBJECT_WORDS
    if media_type == "image/png":
        return _at_most(png.chunks(data), MAX_PARTS)
    if media_type == "image/gif":
        return _at_most(gif.parts(data), MAX_PARTS)
    if media_type == "image/jpeg":
        return _at_most(jpeg.segments(data), MAX_PARTS)
    return True


def _at_most(parts: Iterable[object], limit: int) -> bool:
    return sum(1 for _ in islice(parts, limit + 1)) <= limit


def _boxes(data: bytes, start: int, end: int, depth: int) -> Iterator[bmff.Box]:
    for box in bmff.boxes(data, start, end):
        yield box
        if box.type in _CONTAINERS and depth:
            body = bmff.metadata_start(data, box) if box.type == b"meta" else box.body
            yield from _boxes(data, body, box.end, depth - 1)
