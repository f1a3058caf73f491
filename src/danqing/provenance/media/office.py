"""OOXML (DOCX, PPTX, XLSX; ECMA-376), read only: a custom property `AIGC` (TC260-PG-20258A)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_BLOCKS, Block

SIGNATURE = b"PK\x03\x04"
_PROPERTIES = "docProps/custom.xml"
_END = b"PK\x05\x06"
_END_BYTES = 22
_MAX_COMMENT_BYTES = 65_535
_MAX_DIRECTORY_BYTES = 1 << 20
_TYPES = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def media_type(data: bytes) -> str | None:
    """Which OOXML document this is; None for another ZIP file, or a broken one."""
    archive = _opened(data)
    if archive is None:
        return None
    with archive:
        names = archive.namelist()
    if "[Content_Types].xml" not in names:
        return None
    found = (kind for folder, kind in _TYPES.items() if any(n.startswith(folder) for n in names))
    return next(found, None)


def blocks(data: bytes) -> Iterator[Block]:
    archive = _opened(data)
    if archive is None:
        return
    with archive:
        try:
            with archive.open(_PROPERTIES) as file:
                document = file.read(MAX_BLOCK_BYTES)
        except Exception:
            # Absent, encrypted, or packed in a way that nothing can be got from it.
            return
    yield from _properties(document)


def _properties(document: bytes) -> Iterator[Block]:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(document, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return
    for count, element in enumerate(root):
        if count >= MAX_BLOCKS:
            return
        name = element.get("name") or ""
        text = "".join(element.itertext()).strip()
        own = name == "AIGC"
        yield Block("text", f"ooxml:custom:{name[:79]}", text.encode(), name[:79], proper=own)


def _opened(data: bytes) -> ZipFile | None:
    """The archive, unless its directory is larger than any honest document's."""
    tail = data[-(_END_BYTES + _MAX_COMMENT_BYTES) :]
    at = tail.rfind(_END)
    end = tail[at : at + _END_BYTES] if at >= 0 else b""
    size = int.from_bytes(end[12:16], "little")
    if len(end) < _END_BYTES or size > _MAX_DIRECTORY_BYTES:
        return None
    try:
        return ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError):
        return None
