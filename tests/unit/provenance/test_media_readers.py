"""Labels in the containers other makers use: those FFmpeg wrote, and odder ones known from
practice."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image

from danqing.provenance import verify
from danqing.provenance.media import rhythm, riff
from support.pictures import gradient

MEDIA = Path(__file__).resolve().parents[2] / "media"
FIELDS = {"Label": "1", "ContentProducer": "OtherMaker", "ProduceID": "film-0001",
          "ReservedCode1": "", "ContentPropagator": "OtherMaker", "PropagateID": "film-0001",
          "ReservedCode2": ""}  # fmt: skip
BARE = json.dumps(FIELDS, separators=(",", ":"))
WRAPPED = json.dumps({"AIGC": FIELDS})
PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    'syntax-ns#"><rdf:Description rdf:about="" xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/">'
    f"<T:AIGC>{BARE}</T:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>"
).encode()


def only(data: bytes, place: str) -> list[str]:
    """The codes of what is remarked on the one label, which must be there whole."""
    found = verify(data, None)
    assert [label.place for label in found.labels] == [place]
    assert found.aigc is not None
    assert dict(found.labels[0].fields) == FIELDS
    return [remark.code for remark in found.labels[0].remarks]


@pytest.mark.parametrize(
    ("name", "media_type", "place"),
    [
        ("labelled.mp4", "video/mp4", "mp4:moov.udta.meta:AIGC"),
        ("labelled.mov", "video/quicktime", "mp4:moov.udta.meta:AIGC"),
        ("labelled.mkv", "video/x-matroska", "mkv:AIGC"),
        ("labelled.webm", "video/webm", "mkv:AIGC"),
        ("labelled.flv", "video/x-flv", "flv:onMetaData:AIGC"),
        ("labelled.mp3", "audio/mpeg", "id3:TXXX:AIGC"),
        ("labelled.flac", "audio/flac", "flac:AIGC"),
        ("labelled.opus", "audio/ogg", "ogg:AIGC"),
    ],
)
def test_what_ffmpeg_wrote(name: str, media_type: str, place: str) -> None:
    data = (MEDIA / name).read_bytes()
    assert only(data, place) == []
    assert verify(data, None).media_type == media_type


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


FTYP = box(b"ftyp", b"isom\0\0\0\0isomiso2")
UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def freeform(value: str) -> bytes:
    """How iTunes writes a tag of one's own."""
    data = box(b"data", bytes((0, 0, 0, 1, 0, 0, 0, 0)) + value.encode())
    named = box(b"mean", bytes(4) + b"com.apple.iTunes") + box(b"name", bytes(4) + b"AIGC")
    handler = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    return box(b"meta", bytes(4) + handler + box(b"ilst", box(b"----", named + data)))


@pytest.mark.parametrize(
    ("data", "place", "remarked"),
    [
        (FTYP + box(b"uuid", UUID + PACKET), "xmp:element", False),
        (FTYP + box(b"moov", box(b"udta", box(b"XMP_", PACKET))), "xmp:element", False),
        (
            FTYP + box(b"moov", box(b"udta", box(b"AIGC", BARE.encode()))),
            "mp4:moov.udta:AIGC",
            True,
        ),
        (FTYP + box(b"moov", box(b"udta", freeform(BARE))), "mp4:moov.udta.meta:AIGC", True),
        (FTYP + box(b"moov", box(b"meta", freeform(WRAPPED)[8:])), "mp4:moov.meta:AIGC", True),
    ],
    ids=["uuid", "XMP_", "box of its own", "iTunes", "moov.meta"],
)
def test_films_of_other_habits(data: bytes, place: str, remarked: bool) -> None:
    assert bool(only(data, place)) == remarked


def chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def riff_file(form: bytes, *parts: bytes) -> bytes:
    body = form + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


ID3 = b"ID3\3\0\0" + bytes((0, 0, 3, 0))


def txxx(encoding: int, description: bytes, value: bytes) -> bytes:
    body = bytes((encoding,)) + description + value
    return (ID3 + b"TXXX" + struct.pack(">I", len(body)) + b"\0\0" + body).ljust(10 + 384, b"\0")


@pytest.mark.parametrize(
    ("data", "place", "remarked"),
    [
        (riff_file(b"WAVE", chunk(b"AIGC", BARE.encode())), "wav:AIGC", False),
        (riff_file(b"WAVE", chunk(b"_PMX", PACKET)), "xmp:element", False),
        (
            riff_file(b"WAVE", chunk(b"LIST", b"INFO" + chunk(b"AIGC", BARE.encode()))),
            "wav:INFO:AIGC",
            True,
        ),
        (
            riff_file(b"WAVE", chunk(b"id3 ", txxx(3, b"AIGC\0", BARE.encode()))),
            "id3:TXXX:AIGC",
            False,
        ),
        (
            riff_file(b"AVI ", chunk(b"LIST", b"INFO" + chunk(b"AIGC", BARE.encode()))),
            "avi:INFO:AIGC",
            False,
        ),
        (
            txxx(1, "AIGC\0".encode("utf-16"), BARE.encode("utf-16")) + b"\xff\xfb\x90\0",
            "id3:TXXX:AIGC",
            False,
        ),
        (txxx(0, b"comment\0", WRAPPED.encode()) + b"\xff\xfb\x90\0", "id3:TXXX:comment", True),
    ],
    ids=["wav", "wav xmp", "wav INFO", "wav id3", "avi", "utf-16", "another name"],
)
def test_sounds_of_other_habits(data: bytes, place: str, remarked: bool) -> None:
    assert bool(only(data, place)) == remarked


def saved(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gradient(64, 48)).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def tiff() -> bytes:
    """One directory with XMP, tag 0x2BC of type 7, and nothing else."""
    head = b"II*\0" + struct.pack("<I", 8)
    return head + struct.pack("<HHHIII", 1, 0x2BC, 7, len(PACKET), 26, 0) + PACKET


def extended_xmp() -> bytes:
    """XMP in two further segments, as Adobe's XMP part 3 has it."""
    pieces, name = (PACKET[:200], PACKET[200:]), b"0123456789ABCDEF" * 2
    out, at = b"", 0
    for piece in pieces:
        body = b"http://ns.adobe.com/xmp/extension/\0" + name
        body += struct.pack(">II", len(PACKET), at) + piece
        out += b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        at += len(piece)
    data = saved("JPEG")
    return data[:2] + out + data[2:]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (saved("AVIF", xmp=PACKET), "image/avif"),
        (tiff(), "image/tiff"),
        (extended_xmp(), "image/jpeg"),
        (
            saved("GIF")[:-1]
            + b"\x21\xff\x0bXMP DataXMP" + PACKET + bytes((1, *range(255, -1, -1), 0)) + b";",
            "image/gif",
        ),
    ],
    ids=["avif", "tiff", "extended", "gif"],
)  # fmt: skip
def test_pictures(data: bytes, media_type: str) -> None:
    assert only(data, "xmp:element") == []
    assert verify(data, None).media_type == media_type


def test_a_document_of_an_office() -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
        archive.writestr(
            "docProps/custom.xml",
            '<Properties xmlns:vt="urn:vt"><property name="AIGC"><vt:lpwstr>'
            f"{BARE}</vt:lpwstr></property></Properties>",
        )
    assert only(out.getvalue(), "ooxml:custom:AIGC") == []


def test_another_zip_is_no_document() -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    assert verify(out.getvalue(), None).media_type is None


@pytest.mark.parametrize("bits", [8, 16, 24, 32])
def test_the_rhythm_is_heard_in_every_kind_of_sample(bits: int) -> None:
    rate, channels, width = 8_000, 2, bits // 8
    silence = (b"\x80" if bits == 8 else b"\0") * (rate * channels * width)
    head = struct.pack(
        "<HHIIHH", 1, channels, rate, rate * channels * width, channels * width, bits
    )
    data = riff_file(b"WAVE", chunk(b"fmt ", head), chunk(b"data", silence))
    marked = rhythm.with_rhythm(data)
    assert marked is not None
    sound = next(c for c in riff.chunks(marked) if c.fourcc == b"data")
    frames = (sound.end - sound.start) // (channels * width)
    unit = round(rhythm.UNIT_S * rate)
    loud = []
    for number in range(15):
        start = sound.start + number * unit * channels * width
        piece = marked[start : start + unit * channels * width]
        loud.append(piece != silence[: len(piece)])
    assert loud == [c == "x" for c in "x.xxx...x.x...."[:15]]
    assert frames == rate + 15 * unit


def test_cue_points_keep_their_places() -> None:
    head = struct.pack("<HHIIHH", 1, 1, 8_000, 16_000, 2, 16)
    parts = (chunk(b"fmt ", head), chunk(b"cue ", bytes(28)), chunk(b"data", b"ab" * 100))
    marked = rhythm.with_rhythm(riff_file(b"WAVE", *parts))
    assert marked is not None
    sound = next(c for c in riff.chunks(marked) if c.fourcc == b"data")
    assert marked[sound.start : sound.start + 200] == b"ab" * 100


def test_compressed_sound_is_left_alone() -> None:
    head = struct.pack("<HHIIHH", 0x55, 1, 8_000, 1_000, 1, 0)
    data = riff_file(b"WAVE", chunk(b"fmt ", head), chunk(b"data", b"abcd"))
    assert rhythm.with_rhythm(data) is None
