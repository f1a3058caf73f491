"""Files another tool made: what `label` and `propagate` do to them, and refuse."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from danqing.errors import ProvenanceError
from danqing.provenance import FileLabeller, Labeller, SigningKeys, mark_text, verify
from danqing.provenance.text import marks_in
from support.pictures import ARTWORK_ID, WHEN, cleared, gradient

MEDIA = Path(__file__).resolve().parents[2] / "media"
FIELDS = {"Label": "1", "ContentProducer": "Other", "ProduceID": "o-1", "ReservedCode1": "abc",
          "ContentPropagator": "Other", "PropagateID": "o-1", "ReservedCode2": ""}  # fmt: skip
BARE = json.dumps(FIELDS)
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
    '"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="a scanner"/></rdf:RDF></x:xmpmeta>'
)


@pytest.fixture(scope="module")
def files(keys: SigningKeys) -> FileLabeller:
    return FileLabeller(keys, "Danqing", lambda: WHEN, "Platform")


def saved(pillow_format: str, **settings: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gradient(200, 160)).convert("RGB").save(out, pillow_format, **settings)
    return out.getvalue()


def texts(**chunks: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    for name, text in chunks.items():
        info.add_text(name, text)
    return info


def exif(wrapped: bool = True) -> bytes:
    made = Image.Exif()
    made[0x010F] = "A camera"
    text = json.dumps({"AIGC": FIELDS}) if wrapped else "AIGC" + BARE
    made.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + text.encode()
    return made.tobytes()


@pytest.mark.parametrize(
    "data",
    [
        saved("PNG", pnginfo=texts(AIGC=BARE)),
        saved("PNG", pnginfo=texts(Comment="AIGC" + BARE)),
        saved("PNG", exif=exif()),
        saved("JPEG", exif=exif()),
        saved("JPEG", exif=exif(wrapped=False)),
        saved("JPEG", comment=("AIGC" + BARE).encode()),
        saved("WEBP", exif=exif()),
        saved("GIF", comment=("AIGC" + BARE).encode()),
    ],
    ids=["tEXt", "comment text", "png exif", "jpeg exif", "exif bare", "COM", "webp exif", "gif"],
)
def test_a_label_in_another_place_is_moved_and_its_words_kept(
    files: FileLabeller, data: bytes
) -> None:
    done = files.label(data, content_id=ARTWORK_ID)
    found = verify(done.data, files.keys.root)
    assert [label.place for label in found.labels] == ["xmp:element"]
    assert dict(found.labels[0].fields) == FIELDS
    assert done.explicit == "kept"


def test_labelling_again_changes_no_word(files: FileLabeller) -> None:
    first = files.label(saved("PNG"), content_id=ARTWORK_ID)
    again = files.label(first.data, content_id="another")
    assert (again.aigc, again.explicit) == (first.aigc, "kept")
    with Image.open(io.BytesIO(first.data)) as one, Image.open(io.BytesIO(again.data)) as two:
        assert np.array_equal(np.asarray(one), np.asarray(two))


def test_our_own_file_stays_what_it_is(files: FileLabeller, labeller: Labeller) -> None:
    ours = labeller.label(cleared(gradient(96, 80)), artwork_id=ARTWORK_ID, media_format="webp")
    done = files.label(ours.data, content_id="another")
    assert done.aigc == ours.aigc
    (parent,) = verify(done.data, files.keys.root).credential.ingredients
    assert parent.has_manifest


def test_what_else_a_file_says_comes_along(files: FileLabeller) -> None:
    data = saved("PNG", pnginfo=texts(Title="熊猫"), exif=exif(), dpi=(300, 300))
    assert verify(data, None).labels
    plain = Image.Exif()
    plain[0x010F] = "A camera"
    data = saved("JPEG", exif=plain.tobytes(), xmp=XMP.encode(), icc_profile=b"not a profile")
    done = files.label(data, content_id=ARTWORK_ID)
    assert done.explicit == "drawn"
    assert b"a scanner" in done.data
    with Image.open(io.BytesIO(done.data)) as shown:
        assert shown.getexif()[0x010F] == "A camera"
        assert shown.info["icc_profile"] == b"not a profile"


def test_only_the_marks_corner_of_a_png_changes(files: FileLabeller) -> None:
    done = files.label(saved("PNG"), content_id=ARTWORK_ID)
    with Image.open(io.BytesIO(done.data)) as shown:
        after = np.asarray(shown.convert("RGB"))
    before = gradient(200, 160)[..., :3]
    assert np.array_equal(after[:120], before[:120])
    assert not np.array_equal(after[120:], before[120:])


def test_a_picture_lying_on_its_side_is_marked_upright(files: FileLabeller) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    done = files.label(saved("JPEG", exif=turned.tobytes()), content_id=ARTWORK_ID)
    with Image.open(io.BytesIO(done.data)) as shown:
        assert shown.size == (160, 200)
        assert shown.getexif().get(0x0112, 1) == 1


def test_xmp_that_goes_on_in_further_segments_is_no_hindrance(files: FileLabeller) -> None:
    data = saved("JPEG", xmp=XMP.encode())
    body = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
    body += len(XMP).to_bytes(4, "big") + bytes(4) + XMP.encode()
    data = data[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + data[2:]
    done = files.label(data, content_id=ARTWORK_ID)
    assert [label.place for label in verify(done.data, None).labels] == ["xmp:element"]


def test_labels_that_disagree_are_left_to_a_person(files: FileLabeller) -> None:
    other = json.dumps({**FIELDS, "ProduceID": "o-2"})
    data = saved("PNG", pnginfo=texts(AIGC=BARE, aigc=other))
    with pytest.raises(ProvenanceError) as caught:
        files.label(data, content_id=ARTWORK_ID)
    assert caught.value.code == "provenance.labels_disagree"


def test_twice_the_same_label_becomes_one(files: FileLabeller) -> None:
    data = saved("PNG", pnginfo=texts(AIGC=BARE), exif=exif())
    assert len(verify(data, None).labels) == 2
    done = files.label(data, content_id=ARTWORK_ID)
    assert len(verify(done.data, None).labels) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x7fELF\2", "not_writable"),
        ((MEDIA / "labelled.mkv").read_bytes(), "not_writable"),
        ((MEDIA / "plain.mp4").read_bytes()[:-50], "container"),
        ((MEDIA / "plain.wav").read_bytes()[:-50], "container"),
        (saved("PNG")[:200], "container"),
        (b"%PDF-1.7\n/ByteRange [0 1 2 3]\ntrailer\n<<>>\n%%EOF", "container"),
        ("中文".encode("gb18030"), "not_writable"),
    ],
)
def test_what_cant_be_labelled_is_said(files: FileLabeller, data: bytes, code: str) -> None:
    with pytest.raises(ProvenanceError) as caught:
        files.label(data, content_id=ARTWORK_ID)
    assert caught.value.code == f"provenance.{code}"


def test_a_pdf_that_is_signed_or_locked_is_left_alone(files: FileLabeller) -> None:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(saved("PDF"))))
    writer.encrypt("", "owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    for data in (out.getvalue(), saved("PDF") + b"% /ByteRange [0 1 2 3]"):
        with pytest.raises(ProvenanceError) as caught:
            files.label(data, content_id=ARTWORK_ID)
        assert caught.value.code == "provenance.pdf_signed"


def test_the_mark_on_a_pdf_is_there_when_it_is_read_as_a_page(files: FileLabeller) -> None:
    from pypdf import PdfReader

    done = files.label(saved("PDF"), content_id=ARTWORK_ID)
    drawn = PdfReader(io.BytesIO(done.data)).pages[0].get_contents()
    assert drawn is not None
    content = drawn.get_data()
    assert content.startswith(b"q\n")
    assert content.count(b" f*") >= 4  # A, I, 生, 成
    assert b"0.094 0.094 0.106 rg" in content


def test_plain_text_says_it_in_words(files: FileLabeller) -> None:
    done = files.label("一段话。\n".encode(), content_id=ARTWORK_ID)
    assert (done.media_type, done.explicit, done.aigc) == ("text/plain", "written", None)
    assert marks_in(done.data.decode()) == ("prefix",)
    assert files.label(done.data, content_id="x").data == done.data
    with pytest.raises(ProvenanceError, match="not_writable"):  # no place for a propagator's fields
        files.propagate(done.data, "suspected", content_id=ARTWORK_ID)


@pytest.mark.parametrize(
    "text", ["本内容由人工智能生成。\n正文", "正文\n\n(AI合成)", "ＡＩ生成\n正文"]
)
def test_words_of_ones_own_are_enough(text: str) -> None:
    assert marks_in(text)
    assert mark_text(text) == text


@pytest.mark.parametrize("text", ["", "said 生成", "人工智能很有用\n正文", "AI\n生成"])
def test_half_of_it_is_not(text: str) -> None:
    assert not marks_in(text)
    assert "prefix" in marks_in(mark_text(text))


def test_a_suffix_stands_at_the_end() -> None:
    assert mark_text("正文。", place="suffix").endswith("\n\nAI生成 · AI-generated\n")


def test_front_matter_of_another_form_is_read() -> None:
    for head in (
        "AIGC: " + BARE,
        'AIGC:\n  Label: "1"\n  ContentProducer: Other\n  ProduceID: o-1',
    ):
        found = verify(f"---\ntitle: x\n{head}\n---\n正文\n".encode(), None)
        (label,) = found.labels
        assert dict(label.fields)["ContentProducer"] == "Other"


@pytest.mark.parametrize("name", ["labelled.mp4", "labelled.mp3", "labelled.flac"])
def test_the_propagator_writes_its_own_fields_alone(files: FileLabeller, name: str) -> None:
    data = (MEDIA / name).read_bytes()
    (before,) = verify(data, None).labels
    done = files.propagate(data, "confirmed", content_id="p-9")
    (after,) = verify(done.data, None).labels
    changed = {k for k, v in after.fields if dict(before.fields)[k] != v}
    assert changed == {"ContentPropagator", "PropagateID"}
    assert dict(after.fields)["PropagateID"] == "p-9"


def test_a_producers_words_survive_whatever_they_are(files: FileLabeller) -> None:
    odd = {**FIELDS, "ContentProducer": "某 公司", "ReservedCode1": 'a "b" \\ c'}
    data = saved("PNG", pnginfo=texts(AIGC=json.dumps(odd)))
    for verdict in ("confirmed", "possible", "suspected"):
        done = files.propagate(data, verdict, content_id="p-1")
        (after,) = verify(done.data, None).labels
        assert dict(after.fields)["ContentProducer"] == "某 公司"
        assert dict(after.fields)["ReservedCode1"] == 'a "b" \\ c'
        assert (
            dict(after.fields)["Label"]
            == {"confirmed": "1", "possible": "2", "suspected": "3"}[verdict]
        )


def test_where_nobody_is_known_the_producers_fields_stay_empty(files: FileLabeller) -> None:
    done = files.propagate(saved("JPEG"), "possible", content_id="p-1")
    assert done.aigc is not None
    assert (done.aigc.label, done.aigc.content_producer, done.aigc.produce_id) == ("2", "", "")
    assert not verify(done.data, None).source_types
