"""Put the one label into a file: what metadata the file has is kept, any AIGC label it has is
replaced."""

from __future__ import annotations

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import to_json
from danqing.provenance.blocks import Block
from danqing.provenance.containers import (
    PDF,
    blocks,
    keeps_xmp,
    media_type_of,
    with_label,
    with_xmp,
)
from danqing.provenance.jpeg import EXTENDED_XMP
from danqing.provenance.media import pdf
from danqing.provenance.xmp import Statement, read_packet, without_label, write_packet


def embed(data: bytes, statement: Statement, media_type: str | None = None) -> bytes:
    """The file with this statement as its only one. Embedding again gives the same bytes.

    Pictures keep it in their one XMP packet, other files where the TC260 guides want it. Labels
    elsewhere go too: in text chunks, comments, APP segments, EXIF. A C2PA manifest no longer holds
    afterwards: sign last. media_type: where bytes alone don't say it, as with Markdown. Raises
    ProvenanceError when the file or its XMP can't be parsed.
    """
    kind = media_type or media_type_of(data) or ""
    packets = [b for b in blocks(data) if b.kind == "xmp" and b.place != EXTENDED_XMP]
    if kind == PDF:
        return pdf.with_label(data, _json(statement), _packet(statement, packets, labelled=False))
    if not keeps_xmp(kind):
        return with_label(_without_xmp_label(data, packets), kind, _json(statement))
    return with_xmp(data, _packet(statement, packets, labelled=True))


def _json(statement: Statement) -> bytes:
    return to_json(statement.label, kept=statement.kept).encode("ascii")


def _packet(statement: Statement, packets: list[Block], *, labelled: bool) -> bytes:
    if len(packets) > 1:
        raise ProvenanceError("provenance.xmp_unreadable")
    existing = packets[0].payload if packets else None
    return write_packet(statement, existing, labelled=labelled)


def _without_xmp_label(data: bytes, packets: list[Block]) -> bytes:
    """The file with labels taken out of its XMP, byte for byte as long: it has another place."""
    for packet in packets:
        if read_packet(packet.payload).aigc:
            if data.count(packet.payload) != 1:
                raise ProvenanceError("provenance.xmp_unreadable")
            data = data.replace(packet.payload, without_label(packet.payload))
    return data
