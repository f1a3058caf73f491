"""Putting one label into files that others made (acceptance test 8)."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from danqing.errors import ProvenanceError
from danqing.provenance import verify
from danqing.provenance.aigc import first_label
from danqing.provenance.embed import embed
from danqing.provenance.xmp import TRAINED, Statement
from support.pictures import ARTWORK_ID, gradient, sticker

STATEMENT = Statement(first_label("Danqing", ARTWORK_ID), TRAINED, ("mini", "1"), (("mini", "1"),))
OTHER_XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Some Tool"/></rdf:RDF></x:xmpmeta>'
)
FOREIGN_LABEL = '{"AIGC":{"Label":"1","ContentProducer":"Else","ProduceID":"x"}}'


def saved(kind: str, *, clear: bool = False, **options: Any) -> bytes:
    pixels = sticker(70, 50) if clear else gradient(70, 50)
    picture = Image.fromarray(pixels)
    out = io.BytesIO()
    (picture if clear else picture.convert("RGB")).save(out, kind, **options)
    return out.getvalue()


def png_text(**texts: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for keyword, text in texts.items():
        info.add_text(keyword, text)
    return info


FILES = {
    "png": saved("PNG"),
    "png-clear": saved("PNG", clear=True),
    "png-palette": saved("GIF"),  # replaced below
    "jpeg": saved("JPEG"),
    "jpeg-progressive-exif": saved("JPEG", progressive=True, exif=Image.Exif()),
    "webp-lossless": saved("WEBP", lossless=True),
    "webp-lossless-clear": saved("WEBP", lossless=True, clear=True),
    "webp-lossy": saved("WEBP", quality=80),
    "webp-lossy-clear": saved("WEBP", quality=80, clear=True),
    "webp-exif": saved("WEBP", lossless=True, exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"),
}
with Image.open(io.BytesIO(FILES["png-palette"])) as palette:
    out = io.BytesIO()
    palette.save(out, "PNG")
    FILES["png-palette"] = out.getvalue()


def pixels_of(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as picture:
        return np.array(picture.convert("RGBA"))


@pytest.mark.parametrize("name", FILES)
def test_the_picture_stays_and_one_label_reads_back(name: str) -> None:
    done = embed(FILES[name], STATEMENT)
    assert np.array_equal(pixels_of(done), pixels_of(FILES[name]))
    found = verify(done, None)
    assert found.aigc == STATEMENT.label
    assert found.source_types == (TRAINED,)
    assert found.remarks == ()


@pytest.mark.parametrize("name", FILES)
def test_embedding_again_gives_the_same_bytes(name: str) -> None:
    once = embed(FILES[name], STATEMENT)
    assert embed(once, STATEMENT) == once


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_other_xmp_is_kept(kind: str) -> None:
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", OTHER_XMP)
        data = saved(kind, pnginfo=info)
    else:
        data = saved(kind, xmp=OTHER_XMP.encode())
    done = embed(data, STATEMENT)
    assert done.count(b'xmp:CreatorTool="Some Tool"') == 1
    assert verify(done, None).aigc == STATEMENT.label


@pytest.mark.parametrize(
    "data",
    [
        saved("PNG", pnginfo=png_text(AIGC=FOREIGN_LABEL, Title="kept")),
        saved("JPEG", comment=FOREIGN_LABEL.encode()),
        embed(saved("WEBP", lossless=True), STATEMENT),
    ],
    ids=["png text", "jpeg comment", "xmp"],
)
def test_labels_elsewhere_are_replaced_not_joined(data: bytes) -> None:
    assert len(verify(data, None).labels) == 1
    done = embed(data, STATEMENT)
    assert [label.place for label in verify(done, None).labels] == ["xmp:element"]
    assert (b"Title\0kept" in done) == (b"Title\0kept" in data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        FILES["png"][:40],
        FILES["jpeg"][:3],
        FILES["webp-lossless"][:16],
        FILES["png"][:-5],
    ],
)
def test_half_a_file_gets_no_label(data: bytes) -> None:
    with pytest.raises(ProvenanceError) as caught:
        embed(data, STATEMENT)
    assert caught.value.code in ("provenance.container", "provenance.not_writable")


def test_xmp_beyond_a_jpeg_segment_is_refused_not_cut() -> None:
    large = OTHER_XMP.replace("Some Tool", "x" * 65_000)
    data = saved("JPEG", xmp=large.encode())
    with pytest.raises(ProvenanceError) as caught:
        embed(data, STATEMENT)
    assert caught.value.code == "provenance.xmp_too_large"


def test_two_packets_are_not_guessed_at() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", OTHER_XMP)
    info.add_itxt("XML:com.adobe.xmp", OTHER_XMP)
    with pytest.raises(ProvenanceError) as caught:
        embed(saved("PNG", pnginfo=info), STATEMENT)
    assert caught.value.code == "provenance.xmp_unreadable"
