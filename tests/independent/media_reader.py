"""Read labels in films, sounds, GIF, PDF and Markdown with nothing of ours: struct, re and the
standard library's XML, written from the formats' own descriptions.

Strict: what does not have exactly the expected form raises AssertionError.
"""

from __future__ import annotations

import json
import re
import struct
import xml.etree.ElementTree as ET

AIGC = "{http://www.tc260.org.cn/ns/AIGC/1.0/}AIGC"


def labels(data: bytes, media_type: str) -> list[dict[str, str]]:
    """Every label in the place the TC260 guides lay down for such files, and nowhere else."""
    found = {
        "video/mp4": _mp4,
        "video/quicktime": _mp4,
        "audio/mp4": _mp4,
        "audio/wav": _wav,
        "video/avi": _avi,
        "audio/mpeg": _mp3,
        "audio/flac": _flac,
        "image/gif": _gif,
        "image/png": _xmp_anywhere,
        "image/jpeg": _xmp_anywhere,
        "image/webp": _xmp_anywhere,
        "image/svg+xml": _xmp_anywhere,
        "application/pdf": _pdf,
        "text/markdown": _markdown,
    }[media_type](data)
    for label in found:
        assert all(isinstance(value, str) for value in label.values())
    return found


def mp4_boxes(data: bytes) -> list[tuple[str, bytes]]:
    boxes, at = [], 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        assert size >= head
        assert at + size <= len(data)
        boxes.append((kind.decode("latin-1"), data[at + head : at + size]))
        at += size
    return boxes


def _only(boxes: list[tuple[str, bytes]], kind: str) -> bytes:
    (body,) = (body for name, body in boxes if name == kind)
    return body


def _mp4(data: bytes) -> list[dict[str, str]]:
    user_data = mp4_boxes(_only(mp4_boxes(_only(mp4_boxes(data), "moov")), "udta"))
    meta = next(body for kind, body in user_data if kind == "meta")
    inside = mp4_boxes(meta[4:] if meta[:4] == bytes(4) else meta)
    assert _only(inside, "hdlr")[8:12] == b"mdta"
    keys, at = [], 8
    listed = _only(inside, "keys")
    (count,) = struct.unpack_from(">I", listed, 4)
    while at < len(listed):
        size, namespace = struct.unpack_from(">I4s", listed, at)
        keys.append((namespace, listed[at + 8 : at + size]))
        at += size
    assert len(keys) == count
    found = []
    for kind, item in mp4_boxes(_only(inside, "ilst")):
        (number,) = struct.unpack(">I", kind.encode("latin-1"))
        value = _only(mp4_boxes(item), "data")
        if keys[number - 1] == (b"mdta", b"AIGC"):
            assert struct.unpack_from(">I", value) == (1,), "UTF-8"
            found.append(json.loads(value[8:]))
    return found


def mp4_samples(data: bytes) -> list[bytes]:
    """The first bytes of every chunk of sound and pictures, as the offset tables lead to them."""
    samples = []
    for track in (b for k, b in mp4_boxes(_only(mp4_boxes(data), "moov")) if k == "trak"):
        media = mp4_boxes(_only(mp4_boxes(track), "mdia"))
        table = mp4_boxes(_only(mp4_boxes(_only(media, "minf")), "stbl"))
        for kind, body in table:
            if kind in ("stco", "co64"):
                width = "I" if kind == "stco" else "Q"
                (count,) = struct.unpack_from(">I", body, 4)
                for offset in struct.unpack_from(f">{count}{width}", body, 8):
                    samples.append(data[offset : offset + 24])
    return samples


def riff_chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    riff, size = struct.unpack_from("<4sI", data)
    assert riff in (b"RIFF", b"LIST")
    assert size == len(data) - 8
    chunks, at = [], 12
    while at < len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        assert at + 8 + length <= len(data)
        chunks.append((name, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    return chunks


def _wav(data: bytes) -> list[dict[str, str]]:
    return [json.loads(body) for name, body in riff_chunks(data) if name == b"AIGC"]


def _avi(data: bytes) -> list[dict[str, str]]:
    lists = [body for name, body in riff_chunks(data) if name == b"LIST" and body[:4] == b"INFO"]
    found = []
    for body in lists:
        for name, text in riff_chunks(b"LIST" + struct.pack("<I", len(body)) + body):
            if name == b"AIGC":
                found.append(json.loads(text))
    return found


def _mp3(data: bytes) -> list[dict[str, str]]:
    assert data[:3] == b"ID3"
    version = data[3]
    size = sum((data[6 + i] & 127) << 21 - 7 * i for i in range(4))
    assert data[10 + size] == 0xFF, "a frame of sound follows the tag"
    found, at = [], 10
    while at < 10 + size and data[at]:
        raw = data[at + 4 : at + 8]
        length = int.from_bytes(raw, "big")
        if version == 4:
            length = sum((raw[i] & 127) << 21 - 7 * i for i in range(4))
        body = data[at + 10 : at + 10 + length]
        if data[at : at + 4] == b"TXXX":
            assert body[0] in (0, 3)
            description, text = body[1:].split(b"\0", 1)
            if description == b"AIGC":
                found.append(json.loads(text.rstrip(b"\0")))
        at += 10 + length
    return found


def _flac(data: bytes) -> list[dict[str, str]]:
    start = 0
    if data[:3] == b"ID3":  # where C2PA puts a manifest into a FLAC
        start = 10 + sum((data[6 + i] & 127) << 21 - 7 * i for i in range(4))
    assert data[start : start + 4] == b"fLaC"
    at, found, last = start + 4, [], False
    while not last:
        kind, last = data[at] & 127, bool(data[at] & 128)
        length = int.from_bytes(data[at + 1 : at + 4], "big")
        body = data[at + 4 : at + 4 + length]
        if kind == 4:
            (vendor,) = struct.unpack_from("<I", body)
            (count,) = struct.unpack_from("<I", body, 4 + vendor)
            place = 8 + vendor
            for _ in range(count):
                (size,) = struct.unpack_from("<I", body, place)
                name, _, value = body[place + 4 : place + 4 + size].partition(b"=")
                if name == b"AIGC":
                    found.append(json.loads(value))
                place += 4 + size
            assert place == len(body)
        at += 4 + length
    assert data[at] == 0xFF, "a frame of sound follows"
    return found


def _gif(data: bytes) -> list[dict[str, str]]:
    assert data[:6] == b"GIF89a"
    assert data[-1] == 0x3B
    head = b"\x21\xff\x0bXMP DataXMP"
    assert data.count(head) == 1
    start = data.index(head) + len(head)
    end = data.index(b"\x01" + bytes(range(255, -1, -1)) + b"\0", start)
    return _in_packet(data[start:end])


def _xmp_anywhere(data: bytes) -> list[dict[str, str]]:
    begin, close = b"<x:xmpmeta", b"</x:xmpmeta>"
    assert data.count(begin) == 1
    return _in_packet(data[data.index(begin) : data.index(close) + len(close)])


def _in_packet(packet: bytes) -> list[dict[str, str]]:
    root = ET.fromstring(packet.decode())
    return [json.loads(element.text or "") for element in root.iter(AIGC)]


def _pdf(data: bytes) -> list[dict[str, str]]:
    """The information dictionary the last trailer names, read as text."""
    trailer = data[data.rindex(b"trailer") :]
    number = re.search(rb"/Info (\d+) 0 R", trailer)
    assert number is not None
    objects = re.findall(rb"(?:^|\s)%s 0 obj(.*?)endobj" % number[1], data, re.DOTALL)
    found = re.findall(rb"/AIGC\s*\(((?:[^()\\]|\\.)*)\)", objects[-1])
    assert data.count(b"/AIGC") == len(found)
    return [json.loads(re.sub(rb"\\(.)", rb"\1", text)) for text in found]


def _markdown(data: bytes) -> list[dict[str, str]]:
    head, _, rest = data.decode().removeprefix("---\n").partition("\n---\n")
    assert "AIGC" not in rest
    lines = head.splitlines()
    start = lines.index("AIGC:") + 1
    pairs = [re.fullmatch(r"  (\w+): '(.*)'", line) for line in lines[start : start + 7]]
    return [{pair[1]: pair[2].replace("''", "'") for pair in pairs if pair}]
