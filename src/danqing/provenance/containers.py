"""Which picture format some bytes are, and the two things provenance does with any of them.

Another format is another module with `blocks` and `with_xmp`, and a line in each function here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from danqing.errors import ProvenanceError
from danqing.provenance import jpeg, png, svg, webp
from danqing.provenance.blocks import MAX_BLOCKS, Block

MEDIA_TYPES = {
    "png": "image/png",
    "webp": "image/webp",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
}


def media_type_of(data: bytes) -> str | None:
    """The media type by the first bytes, or None for a format that is not read here."""
    if data.startswith(png.SIGNATURE):
        return MEDIA_TYPES["png"]
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MEDIA_TYPES["webp"]
    if data.startswith(jpeg.SOI + b"\xff"):
        return MEDIA_TYPES["jpeg"]
    if svg.is_svg(data):
        return MEDIA_TYPES["svg"]
    return None


def blocks(data: bytes) -> Iterator[Block]:
    """Every piece of metadata, in file order, at most MAX_BLOCKS; never raises."""
    readers = {
        "image/png": png.blocks,
        "image/webp": webp.blocks,
        "image/jpeg": jpeg.blocks,
        "image/svg+xml": svg.blocks,
    }
    reader = readers.get(media_type_of(data) or "")
    return islice(reader(data), MAX_BLOCKS) if reader else iter(())


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this XMP packet in place of any it had. Raises ProvenanceError when it
    can't be."""
    writers = {
        "image/png": png.with_xmp,
        "image/webp": webp.with_xmp,
        "image/jpeg": jpeg.with_xmp,
        "image/svg+xml": svg.with_xmp,
    }
    writer = writers.get(media_type_of(data) or "")
    if writer is None:
        raise ProvenanceError("provenance.container", format="PNG, WebP, JPEG, SVG")
    return writer(data, packet)
