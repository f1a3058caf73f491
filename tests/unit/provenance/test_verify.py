"""Reading other makers' files: every form known from practice (compliance notes, section 5)."""

from __future__ import annotations

import io
import json
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from danqing.provenance import Findings, verify
from danqing.provenance.blocks import MAX_BLOCK_BYTES
from danqing.provenance.containers import blocks
from danqing.provenance.findings import Action, Credential
from danqing.provenance.verify import remarks_on_file
from support.pictures import gradient

FIELDS = {
    "Label": "1",
    "ContentProducer": "001191110102MACQD9K64010000",
    "ProduceID": "abc-123",
    "ReservedCode1": "",
    "ContentPropagator": "001191110102MACQD9K64010000",
    "PropagateID": "abc-123",
    "ReservedCode2": "",
}
BARE = json.dumps(FIELDS)
WRAPPED = json.dumps({"AIGC": FIELDS})
TC260 = "http://www.tc260.org.cn/ns/AIGC/1.0/"
WRONG = "http://ns.adobe.com/xap/1.0/tc/"


def saved(kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gradient(40, 30)).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def text_chunk(keyword: str, text: str, **options: Any) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text(keyword, text, **options)
    return saved("PNG", pnginfo=info)


def with_segment(marker: int, body: bytes) -> bytes:
    data = saved("JPEG")
    return data[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + data[2:]


def xmp(inner: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
        f'syntax-ns#"><rdf:Description rdf:about="" {inner}</rdf:RDF></x:xmpmeta>'
    ).encode()


def element(namespace: str) -> bytes:
    return xmp(f'xmlns:T="{namespace}"><T:AIGC>{BARE}</T:AIGC></rdf:Description>')


def attribute(namespace: str) -> bytes:
    return xmp(f'xmlns:T="{namespace}" T:AIGC="{BARE.replace(chr(34), "&quot;")}"/>')


def exif(tag: int, value: bytes, order: str = "<") -> bytes:
    """A minimal TIFF structure with one text, in the main directory or the EXIF one."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    kind = 7 if tag == 0x9286 else 2
    if tag == 0x9286:
        first = struct.pack(order + "HHHII I".replace(" ", ""), 1, 0x8769, 4, 1, 26, 0)
        second = struct.pack(order + "HHHIII", 1, tag, kind, len(value), 44, 0)
        return b"Exif\0\0" + head + first + second + value
    first = struct.pack(order + "HHHIII", 1, tag, kind, len(value), 26, 0)
    return b"Exif\0\0" + head + first + value


USER_COMMENT, DESCRIPTION = 0x9286, 0x010E
EXIF_FORMS = {
    "ascii": exif(USER_COMMENT, b"ASCII\0\0\0" + WRAPPED.encode()),
    "unicode": exif(USER_COMMENT, b"UNICODE\0" + WRAPPED.encode("utf-16-le")),
    "unicode-big": exif(USER_COMMENT, b"UNICODE\0" + WRAPPED.encode("utf-16-be"), ">"),
    "no-code": exif(USER_COMMENT, WRAPPED.encode()),
}


def only(found: Findings, place: str) -> None:
    assert [label.place for label in found.labels] == [place]
    assert dict(found.labels[0].fields) == FIELDS
    assert found.aigc is not None
    assert found.produce_ids == ("abc-123",)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (text_chunk("AIGC", BARE), "png:tEXt:AIGC"),
        (text_chunk("AIGC", WRAPPED), "png:tEXt:AIGC"),
        (text_chunk("AIGC", BARE, zip=True), "png:zTXt:AIGC"),
        (text_chunk("Comment", WRAPPED), "png:tEXt:Comment"),
        (saved("JPEG", comment=WRAPPED.encode()), "jpeg:COM"),
        (with_segment(0xEB, b"AIGC" + BARE.encode()), "jpeg:APP11"),
        (saved("JPEG", exif=exif(DESCRIPTION, WRAPPED.encode())), "exif:ImageDescription"),
        *((saved("JPEG", exif=form), "exif:UserComment") for form in EXIF_FORMS.values()),
        (saved("WEBP", exif=EXIF_FORMS["ascii"]), "exif:UserComment"),
        (saved("PNG", exif=EXIF_FORMS["ascii"]), "exif:UserComment"),
    ],
)
def test_labels_outside_xmp_are_found_and_remarked_on(data: bytes, place: str) -> None:
    found = verify(data, None)
    only(found, place)
    remarks = [remark.code for remark in found.labels[0].remarks]
    assert remarks == ["provenance.remark_not_in_xmp"]


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("form", ["element", "attribute"])
@pytest.mark.parametrize("namespace", [TC260, WRONG])
def test_xmp_labels_are_found_under_any_namespace(kind: str, form: str, namespace: str) -> None:
    packet = (element if form == "element" else attribute)(namespace)
    found = verify(saved(kind, xmp=packet), None)
    only(found, f"xmp:{form}")
    assert found.labels[0].namespace == namespace
    remarks = [remark.code for remark in found.labels[0].remarks]
    assert remarks == ([] if namespace == TC260 else ["provenance.remark_namespace"])


def test_two_labels_are_both_shown_and_neither_is_the_label() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", element(TC260).decode())
    info.add_text("AIGC", BARE.replace("abc-123", "other"))
    found = verify(saved("PNG", pnginfo=info), None)
    assert len(found.labels) == 2
    assert found.aigc is None
    assert found.produce_ids == ("abc-123", "other")
    assert [remark.code for remark in found.remarks] == ["provenance.remark_several_labels"]


def test_a_named_label_without_content_is_not_passed_over() -> None:
    found = verify(text_chunk("AIGC", "see our website"), None)
    assert [r.code for r in found.labels[0].remarks] == ["provenance.remark_label_unreadable"]
    assert found.aigc is None


def test_base64_is_url_transport_and_no_label() -> None:
    found = verify(text_chunk("AIGC", "eyJMYWJlbCI6IjEifQ=="), None)
    assert found.aigc is None


@pytest.mark.parametrize("keyword", ["parameters", "prompt", "workflow", "Dream"])
def test_generation_text_is_seen_and_not_repeated(keyword: str) -> None:
    found = verify(text_chunk(keyword, "a cat, Steps: 20, Sampler: Euler"), None)
    assert found.generation_texts == (f"png:tEXt:{keyword}",)
    assert "cat" not in repr(found)


def test_generation_text_in_exif_is_seen() -> None:
    comment = b"UNICODE\0" + "cat\nSteps: 20, Sampler: Euler".encode("utf-16-le")
    found = verify(saved("JPEG", exif=exif(USER_COMMENT, comment)), None)
    assert found.generation_texts == ("exif:UserComment",)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_a_plain_picture_says_nothing(kind: str) -> None:
    found = verify(saved(kind), None)
    assert found.labels == found.remarks == found.source_types == found.generation_texts == ()
    assert found.credential.state == "none"
    assert found.produce_ids == ()


@pytest.mark.parametrize("data", [b"", b"\0", b"RIFF\0\0\0\0CDXA", b"PK\x03\x04", b"\x7fELF\2"])
def test_another_format_is_told_apart(data: bytes) -> None:
    found = verify(data, None)
    assert found.media_type is None
    assert [remark.code for remark in found.remarks] == ["provenance.remark_unknown_format"]


def test_a_text_bomb_is_opened_only_so_far() -> None:
    packed = zlib.compress(b" " * 200_000_000, 9)
    body = b"AIGC\0\0" + packed
    crc = struct.pack(">I", zlib.crc32(b"zTXt" + body))
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + crc
    data = saved("PNG")
    bomb = data[:33] + chunk + data[33:]
    assert [len(block.payload) for block in blocks(bomb)] == [MAX_BLOCK_BYTES]
    found = verify(bomb, None)
    assert [label.aigc for label in found.labels] == [None]


def test_a_source_type_that_differs_from_the_signed_one_is_remarked_on() -> None:
    credential = Credential("trusted", actions=(Action("c2pa.created", None, "uri:a", None),))
    remarks = list(remarks_on_file("image/png", [], [], ("uri:b",), credential))
    assert [r.code for r in remarks] == ["provenance.remark_source_types_differ"]
    assert list(remarks_on_file("image/png", [], [], ("uri:a",), credential)) == []
