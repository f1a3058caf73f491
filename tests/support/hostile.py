"""Small files that ask for much: compressed nothing, nested nothing, entities, sizes that lie."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from zipfile import ZIP_DEFLATED, ZipFile

from support.mutations import film, labelled, saved

Factory = Callable[[], bytes]


def hostile() -> dict[str, tuple[str, Factory]]:
    """What it is called, to the reader it is for and what makes its bytes."""
    return {
        "PNG, 100 MB of zeros in zTXt": ("PNG", lambda: png((b"zTXt", b"AIGC\0\0" + zeros()))),
        "PNG, 100 MB of zeros in iTXt": (
            "PNG",
            lambda: png((b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zeros())),
        ),
        "PNG, 40,000 text chunks": ("PNG", lambda: png(*[(b"tEXt", b"AIGC\0{")] * 40_000)),
        "PNG of 65,535 by 65,535 pixels": ("pictures from outside", lambda: png(side=65_535)),
        "GIF of 65,535 by 65,535 pixels": ("pictures from outside", gif),
        "WebP of 16,384 by 16,384 pixels": ("pictures from outside", webp),
        "PNG of 60,000 by 60,000 pixels to label": ("label (writers)", lambda: png(side=60_000)),
        "XMP, a billion laughs": ("XMP", lambda: laughs("x")),
        "XMP, 200,000 levels": ("XMP", lambda: b"<a>" * 200_000),
        "SVG, a billion laughs": ("SVG", lambda: laughs("svg")),
        "SVG, an external entity": (
            "SVG",
            lambda: b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        ),
        "SVG, 100,000 levels": ("SVG", lambda: b"<svg>" + b"<g>" * 100_000),
        "SVG, 100,000 levels, said to be signed": (
            "SVG",
            lambda: b"<svg><!--c2pa-->" + b"<g>" * 100_000,
        ),
        "SVG, 4 million elements": ("SVG", lambda: b"<svg>" + b"<a/>" * 4_000_000 + b"</svg>"),
        "SVG, 400,000 attributes": (
            "SVG",
            lambda: b"<svg " + b" ".join(b'a%d=""' % i for i in range(400_000)) + b"/>",
        ),
        "PDF, 100 MB of zeros": ("PDF", lambda: pdf(zeros(), "/Filter /FlateDecode")),
        "PDF, 300 MB of zeros packed twice": (
            "PDF",
            lambda: pdf(
                zlib.compress(zeros(300_000_000), 9), "/Filter [/FlateDecode /FlateDecode]"
            ),
        ),
        "PDF, 8 MB of brackets": ("PDF", lambda: b"%PDF-1.7\ntrailer\n" + b"[" * 8_000_000),
        "PDF, a million empty objects": ("PDF", lambda: b"%PDF-1.7\n" + b"1 0 obj\n" * 1_000_000),
        "PDF whose table refers to itself": (
            "PDF",
            lambda: b"%PDF-1.7\nxref\n0 0\ntrailer\n<< /Prev 9 /Root 1 0 R >>\nstartxref\n9\n%%EOF",
        ),
        "OOXML, 100 MB of zeros": ("OOXML", lambda: document(bytes(100_000_000))),
        "OOXML, a billion laughs": ("OOXML", lambda: document(laughs("p"))),
        "MP4, 1,000 boxes deep": ("MP4, MOV, M4A", lambda: nested(1_000)),
        "MP4, 200,000 empty boxes, said to be signed": (
            "MP4, MOV, M4A",
            lambda: film("plain.mp4") + box(b"free", b"c2pa") + box(b"free", b"") * 200_000,
        ),
        "MKV, 2 million elements": (
            "MKV, WebM, FLV",
            lambda: (
                film("labelled.mkv")[:40]
                + (b"\x18\x53\x80\x67\x01" + b"\xff" * 7 + b"\xec\x80" * 2_000_000)
            ),
        ),
        "WAV, a million empty chunks": (
            "WAV, AVI",
            lambda: b"RIFF\xff\xff\xff\x7fWAVE" + b"c2pa\0\0\0\0" * 1_000_000,
        ),
        "YAML, aliases of aliases": ("YAML packs", aliases),
        "YAML, 1 MB of brackets": ("YAML packs", lambda: b"[" * 1_000_000),
        "YAML, 1 MB of braces": ("YAML packs", lambda: b"{a: " * 250_000),
        "YAML, 100,000 keys": (
            "YAML packs",
            lambda: b"".join(b"k%d: 1\n" % i for i in range(100_000)),
        ),
        "Markdown, front matter without an end": (
            "Markdown, text",
            lambda: b"---\n" + b"AIGC:\n " * 2_000_000,
        ),
        "text, one line of 50 MB": ("Markdown, text", lambda: b"AI" * 25_000_000),
    }


def zeros(size_bytes: int = 100_000_000) -> bytes:
    """That many zeros, packed."""
    packer = zlib.compressobj(9)
    pieces = [packer.compress(bytes(1_000_000)) for _ in range(size_bytes // 1_000_000)]
    return b"".join((*pieces, packer.flush()))


def png(*chunks: tuple[bytes, bytes], side: int = 1) -> bytes:
    head = (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
    pixels = (b"IDAT", zlib.compress(bytes(5)))
    out = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in (head, *chunks, pixels, (b"IEND", b"")):
        out += (struct.pack(">I", len(body)), kind, body)
        out.append(struct.pack(">I", zlib.crc32(kind + body)))
    return b"".join(out)


def gif() -> bytes:
    data = bytearray(saved("GIF"))
    data[6:10] = b"\xff\xff\xff\xff"
    return bytes(data)


def webp() -> bytes:
    data = bytearray(labelled("webp")[0])
    data[24:30] = b"\xff\x3f\x00\xff\x3f\x00"
    return bytes(data)


def laughs(root: str) -> bytes:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
    kind = f'<!DOCTYPE {root} [<!ENTITY l0 "ha">{entities}]>'
    return f'<?xml version="1.0"?>{kind}<{root}>&l11;</{root}>'.encode()


def pdf(stream: bytes, filters: str) -> bytes:
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /Metadata 3 0 R >>\nendobj\n"
    body += b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    body += f"3 0 obj\n<< /Type /Metadata {filters} /Length {len(stream)} >>\nstream\n".encode()
    body += stream + b"\nendstream\nendobj\ntrailer\n<< /Root 1 0 R /Size 4 >>\n"
    return body + b"startxref\n0\n%%EOF\n"


def document(content: bytes) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
        archive.writestr("docProps/custom.xml", content)
    return out.getvalue()


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def nested(depth: int) -> bytes:
    body = b"c2pa"
    for _ in range(depth):
        body = box(b"moov", box(b"udta", box(b"meta", bytes(4) + body)))
    return film("plain.mp4")[:32] + body


def aliases() -> bytes:
    lines = [b"a: &a [x,x,x,x,x,x,x,x,x]\n"]
    for i in range(9):
        lines.append(b"%c: &%c [" % (98 + i, 98 + i) + b",".join([b"*%c" % (97 + i)] * 9) + b"]\n")
    return b"".join(lines)
