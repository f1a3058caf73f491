"""Which format some bytes are, and the two things provenance does with any of them: find its
metadata, and put the label where that format keeps it.

Another format is another module with `blocks` and a writer, and a line in each table here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from danqing.errors import ProvenanceError
from danqing.provenance import gif, jpeg, png, svg, text, tiff, webp
from danqing.provenance.blocks import MAX_BLOCKS, Block
from danqing.provenance.media import bmff, id3, matroska, mp4, office, pdf, riff, vorbis
from danqing.request.types import PictureFormat

MEDIA_TYPES: dict[PictureFormat, str] = {
    "png": "image/png",
    "webp": "image/webp",
    "jpeg": "image/jpeg",
    "svg": "image/svg+xml",
    "gif": "image/gif",
    "pdf": "application/pdf",
}
PDF = "application/pdf"
_READERS: Mapping[str, Callable[[bytes], Iterator[Block]]] = {
    "image/png": png.blocks,
    "image/webp": webp.blocks,
    "image/jpeg": jpeg.blocks,
    "image/svg+xml": svg.blocks,
    "image/gif": gif.blocks,
    "image/tiff": tiff.blocks,
    "image/heic": bmff.blocks,
    "image/avif": bmff.blocks,
    "video/mp4": bmff.blocks,
    "video/quicktime": bmff.blocks,
    "audio/mp4": bmff.blocks,
    "video/x-matroska": matroska.matroska_blocks,
    "video/webm": matroska.matroska_blocks,
    "video/x-flv": matroska.flv_blocks,
    "video/avi": riff.blocks,
    "audio/wav": riff.blocks,
    "audio/mpeg": id3.blocks,
    "audio/flac": vorbis.blocks,
    "audio/ogg": vorbis.blocks,
    PDF: pdf.blocks,
    text.PLAIN: text.blocks,
    text.MARKDOWN: text.blocks,
}
_XMP_WRITERS: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "image/png": png.with_xmp,
    "image/webp": webp.with_xmp,
    "image/jpeg": jpeg.with_xmp,
    "image/svg+xml": svg.with_xmp,
    "image/gif": gif.with_xmp,
}
_LABEL_WRITERS: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "video/mp4": mp4.with_label,
    "video/quicktime": mp4.with_label,
    "audio/mp4": mp4.with_label,
    "video/avi": riff.with_label,
    "audio/wav": riff.with_label,
    "audio/mpeg": id3.with_label,
    "audio/flac": vorbis.with_label,
    text.MARKDOWN: text.with_label,
}
READ_FORMATS = (
    "PNG, JPEG, WebP, GIF, SVG, TIFF, HEIC, AVIF, PDF, OOXML, MP4, MOV, MKV, WebM, AVI, FLV, WAV, "
    "MP3, M4A, FLAC, OGG, Markdown"
)
WRITTEN_FORMATS = "PNG, JPEG, WebP, GIF, SVG, PDF, MP4, MOV, M4A, AVI, WAV, MP3, FLAC, MD, TXT"


def media_type_of(data: bytes) -> str | None:
    """The media type by the first bytes, or None for a format that is not read here."""
    if data.startswith(png.SIGNATURE):
        return "image/png"
    if data[:4] == b"RIFF":
        return {b"WEBP": "image/webp", riff.WAV: "audio/wav", riff.AVI: "video/avi"}.get(data[8:12])
    if data.startswith(jpeg.SOI + b"\xff"):
        return "image/jpeg"
    if data.startswith(gif.SIGNATURES):
        return "image/gif"
    if data.startswith(tiff.SIGNATURES):
        return "image/tiff"
    if vorbis.flac_start(data) is not None:
        return "audio/flac"
    if data.startswith(vorbis.OGG):
        return "audio/ogg"
    if data.startswith(matroska.EBML):
        return "video/webm" if b"webm" in data[:64] else "video/x-matroska"
    if data.startswith(matroska.FLV):
        return "video/x-flv"
    if data.startswith(office.SIGNATURE):
        return office.media_type(data)
    if id3.is_mp3(data):
        return "audio/mpeg"
    return bmff.media_type(data) or _by_content(data)


def _by_content(data: bytes) -> str | None:
    if svg.is_svg(data):
        return "image/svg+xml"
    if pdf.is_pdf(data):
        return PDF
    return text.media_type(data) if text.is_text(data) else None


def blocks(data: bytes) -> Iterator[Block]:
    """Every piece of metadata, in file order, at most MAX_BLOCKS; never raises."""
    kind = media_type_of(data) or ""
    reader = _READERS.get(kind, office.blocks if "openxmlformats" in kind else None)
    return islice(reader(data), MAX_BLOCKS) if reader else iter(())


def keeps_xmp(media_type: str | None) -> bool:
    """Whether the label goes into XMP here; elsewhere it has a place of its own."""
    return media_type in _XMP_WRITERS


def with_xmp(data: bytes, packet: bytes) -> bytes:
    """The file with this XMP packet in place of any it had. Raises ProvenanceError when it
    can't be."""
    writer = _XMP_WRITERS.get(media_type_of(data) or "")
    if writer is None:
        raise ProvenanceError("provenance.container", format=", ".join(MEDIA_TYPES).upper())
    return writer(data, packet)


def with_label(data: bytes, media_type: str, label: bytes) -> bytes:
    """The file with this label, in the place such files have for it, and no other there. Raises
    ProvenanceError when it can't be."""
    writer = _LABEL_WRITERS.get(media_type)
    if writer is None:
        raise ProvenanceError("provenance.not_writable", formats=WRITTEN_FORMATS)
    return writer(data, label)
