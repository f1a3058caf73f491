"""The visible mark on the first page of a PDF another tool made, as filled outlines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from danqing.errors import ProvenanceError
from danqing.provenance.mark import draw_mark
from danqing.provenance.media.pdf import MAX_PDF_BYTES, editable
from danqing.provenance.trace import trace_mask

if TYPE_CHECKING:
    from danqing.provenance.mark import Mark

_CANVAS_PX = 512
_SCALE = 4  # the glyphs are traced at four times their size
_MAX_RATIO = 8
_TOKEN = re.compile(r"[MCLZ]|-?[0-9.]+")
_OPERATORS = {"M": ("m", 2), "L": ("l", 2), "C": ("c", 6)}


def with_mark(data: bytes) -> bytes:
    """The document with 「AI生成」 in the bottom-right corner of its first page.

    Raises ProvenanceError for one that is signed, encrypted, broken or without a page.
    """
    try:
        return _stamped(data)
    except ProvenanceError:
        raise
    except Exception as error:
        raise ProvenanceError("provenance.container", format="PDF") from error


def _stamped(data: bytes) -> bytes:
    from pypdf import PdfWriter
    from pypdf.generic import NameObject, StreamObject

    writer = PdfWriter(clone_from=editable(data))
    page = writer.pages[0]
    page.transfer_rotation_to_content()
    box = page.cropbox
    width, height = float(box.width), float(box.height)
    if not 1 / _MAX_RATIO <= width / height <= _MAX_RATIO:
        raise ProvenanceError("provenance.container", format="PDF")
    scale = min(width, height) / _CANVAS_PX
    size = (round(height / scale), round(width / scale), 4)
    _, mark = draw_mark(np.zeros(size, np.uint8))
    place = f"q {scale:.6f} 0 0 {-scale:.6f} {float(box.left):.3f} {float(box.top):.3f} cm"
    drawn = "\n".join((place, *_operators(mark), "Q")).encode()
    before = page.get_contents()
    body = before.get_data() if before is not None else b""
    stream = StreamObject()
    stream.set_data(b"q\n" + body[: 4 * MAX_PDF_BYTES] + b"\nQ\n" + drawn)
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _operators(mark: Mark) -> Iterator[str]:
    """Plate and glyphs, in pixels of the canvas, y downwards."""
    plate = mark.plate
    yield "0.094 0.094 0.106 rg"
    yield f"{plate.left} {plate.top} {plate.right - plate.left} {plate.height_px} re f"
    yield "1 1 1 rg"
    large = np.kron(mark.glyphs, np.ones((_SCALE, _SCALE), np.uint8))
    for outline in trace_mask(np.asarray(large >= 128), 0):
        x, y = plate.left + outline.x / _SCALE, plate.top + outline.y / _SCALE
        yield f"q {1 / _SCALE} 0 0 {1 / _SCALE} {x:.3f} {y:.3f} cm {_path(outline.d)} f* Q"


def _path(d: str) -> str:
    """SVG path data in PDF's operators: the numbers first, then what is done with them."""
    out: list[str] = []
    command = ""
    numbers: list[str] = []
    for token in _TOKEN.findall(d):
        if token == "Z":
            out.append("h")
        elif token in _OPERATORS:
            command, numbers = token, []
        else:
            numbers.append(token)
            operator, count = _OPERATORS[command]
            if len(numbers) == count:
                out.append(" ".join((*numbers, operator)))
                numbers = []
    return " ".join(out)
