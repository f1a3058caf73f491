"""PDF (ISO 32000-2): the label in the document's information, under `/AIGC` (TC260-PG-20258A).

Our own are one picture on one page; other makers' are read and rewritten through pypdf.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.provenance.blocks import MAX_BLOCK_BYTES, MAX_BLOCKS, Block

if TYPE_CHECKING:
    from pypdf import PdfReader

SIGNATURE = b"%PDF-"
MAX_PDF_BYTES = 64 << 20
MAX_OBJECT_WORDS = 400_000
"""`obj` and `endobj`: 200,000 objects, over which pypdf takes a second."""
POINTS_PER_INCH = 72
PIXELS_PER_INCH = 300  # what a print shop expects
_HEAD_BYTES = 1024
_SIGNED = re.compile(rb"/ByteRange\s*\[")


def is_pdf(data: bytes) -> bool:
    return SIGNATURE in data[:_HEAD_BYTES]


def draw(pixels: Pixels) -> bytes:
    """A page that is this picture at 300 pixels an inch, lossless. pixels: (H, W, 4) uint8."""
    height, width = pixels.shape[:2]
    size = f"{width * POINTS_PER_INCH / PIXELS_PER_INCH:g}"
    tall = f"{height * POINTS_PER_INCH / PIXELS_PER_INCH:g}"
    page = f"q {size} 0 0 {tall} 0 0 cm /P Do Q".encode()
    clear = bool((pixels[..., 3] != 255).any())
    mask = " /SMask 6 0 R" if clear else ""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size} {tall}] /Contents 4 0 R"
        " /Resources << /XObject << /P 5 0 R >> >> >>".encode(),
        _stream("", page),
        _picture("/DeviceRGB", pixels[..., :3], mask),
    ]
    if clear:
        objects.append(_picture("/DeviceGray", pixels[..., 3], ""))
    out = bytearray(b"%PDF-1.7\n%\xc3\xa4\xc3\xb6\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _picture(colours: str, samples: Pixels, more: str) -> bytes:
    height, width = samples.shape[:2]
    described = (
        f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /BitsPerComponent 8"
        f" /ColorSpace {colours} /Filter /FlateDecode{more}"
    )
    return _stream(described, zlib.compress(np.ascontiguousarray(samples).tobytes(), 6))


def _stream(described: str, body: bytes) -> bytes:
    head = f"<< {described} /Length {len(body)} >>".encode()
    return b"%s\nstream\n%s\nendstream" % (head, body)


def check_back(data: bytes, pixels: Pixels) -> None:
    """Raise ProvenanceError unless the document shows these pixels, (H, W, 4) uint8, and nothing
    else."""
    page = opened(data).pages[0]
    objects = page["/Resources"]["/XObject"]  # type: ignore[index]  # pypdf's objects are untyped
    picture = objects["/P"].get_object()
    drawn = page.get_contents()
    same = (
        list(objects) == ["/P"]
        and drawn is not None
        and re.fullmatch(rb"q [\d.]+ 0 0 [\d.]+ 0 0 cm /P Do Q\s*", drawn.get_data()) is not None
        and picture.get_data() == np.ascontiguousarray(pixels[..., :3]).tobytes()
    )
    if same and "/SMask" in picture:
        alpha = picture["/SMask"].get_object().get_data()
        same = alpha == np.ascontiguousarray(pixels[..., 3]).tobytes()
    elif same:
        same = bool((pixels[..., 3] == 255).all())
    if not same:
        raise ProvenanceError("provenance.read_back", what="pixels")


def blocks(data: bytes) -> Iterator[Block]:
    """The document's information and its XMP; nothing from a file that can't be opened."""
    if len(data) > MAX_PDF_BYTES or data.count(b"obj") > MAX_OBJECT_WORDS:
        return
    try:
        yield from _blocks(opened(data))
    except Exception:
        # A parser of hostile bytes: whatever it throws, there is nothing more to be read.
        return


def _blocks(reader: PdfReader) -> Iterator[Block]:
    information = reader.trailer.get("/Info")
    resolved = information.get_object() if information is not None else {}
    for count, (name, value) in enumerate(resolved.items()):
        if count >= MAX_BLOCKS:
            break
        text = str(value.get_object())[:MAX_BLOCK_BYTES]
        keyword = str(name).removeprefix("/")[:79]
        own = keyword == "AIGC"
        yield Block("text", f"pdf:Info:{keyword}", text.encode("utf-8", "replace"), keyword, own)
    packet = reader.root_object.get("/Metadata")
    if packet is not None:
        yield Block("xmp", "pdf:Metadata", packet.get_object().get_data()[:MAX_BLOCK_BYTES])


def with_label(data: bytes, label: bytes, packet: bytes | None) -> bytes:
    """The document with this label alone in its information, and this XMP packet if one is given.

    It is written anew, so that no earlier revision keeps another label. Raises ProvenanceError for
    one that is signed, encrypted or broken.
    """
    try:
        return _rewritten(data, label, packet)
    except ProvenanceError:
        raise
    except Exception as error:
        raise ProvenanceError("provenance.container", format="PDF") from error


def _rewritten(data: bytes, label: bytes, packet: bytes | None) -> bytes:
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, StreamObject, create_string_object

    writer = PdfWriter(clone_from=editable(data))
    kept = {k: v for k, v in (writer.metadata or {}).items() if "AIGC" not in k.upper()}
    writer.metadata = {**kept, "/AIGC": create_string_object(label.decode())}
    if packet is not None:
        stream = StreamObject()
        stream[NameObject("/Type")] = NameObject("/Metadata")
        stream[NameObject("/Subtype")] = NameObject("/XML")
        stream.set_data(packet)
        writer.root_object[NameObject("/Metadata")] = writer._add_object(stream)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def editable(data: bytes) -> PdfReader:
    """The document, to be written anew. Raises ProvenanceError where that would break a signature
    or take off a password."""
    if len(data) > MAX_PDF_BYTES:
        raise ProvenanceError("provenance.container", format="PDF")
    reader = opened(data)
    if reader.is_encrypted or _SIGNED.search(data):
        raise ProvenanceError("provenance.pdf_signed")
    return reader


def opened(data: bytes) -> PdfReader:
    """The document. Raises whatever pypdf does for a broken one."""
    from pypdf import PdfReader

    # It tells a log about every oddity of a file; what matters of them becomes a remark.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    return PdfReader(BytesIO(data), strict=False)
