"""Put the one label into a file: what XMP the file has is kept, any AIGC label it has is
replaced."""

from __future__ import annotations

from danqing.errors import ProvenanceError
from danqing.provenance.containers import blocks, with_xmp
from danqing.provenance.xmp import Statement, write_packet


def embed(data: bytes, statement: Statement) -> bytes:
    """The file with this statement in its only XMP packet. Embedding again gives the same bytes.

    Labels in PNG text, JPEG comments and APP segments go too; one in EXIF stays, and then the
    file fails the read-back, since it would have two. A C2PA manifest no longer holds
    afterwards: sign last. Raises ProvenanceError when the file or its XMP can't be parsed.
    """
    packets = [block.payload for block in blocks(data) if block.kind == "xmp"]
    if len(packets) > 1:
        raise ProvenanceError("provenance.xmp_unreadable")
    return with_xmp(data, write_packet(statement, packets[0] if packets else None))
