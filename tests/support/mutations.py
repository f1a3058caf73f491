"""Real files, ways to spoil them, and the readers that must bear it. Used by the tests and by
bench/fuzz.py, which tries many more.
"""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from zipfile import ZipFile

from PIL import Image

from danqing.errors import InputError, PolicyError, ProvenanceError
from danqing.policy.packs import load_pack
from danqing.provenance import FileLabeller, LabelledFile, Labeller, SigningKeys, verify
from danqing.provenance import exif as exif_texts
from danqing.provenance.containers import blocks
from danqing.provenance.signing import read_credential
from danqing.provenance.xmp import read_packet
from danqing.request.types import PictureFormat
from danqing.sources.reading import open_picture
from support.pictures import ARTWORK_ID, WATERMARK, WHEN, cleared, gradient, sticker

MEDIA = Path(__file__).resolve().parents[1] / "media"
INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
ALLOWED = (ProvenanceError, InputError, PolicyError)
"""How a reader says that a file is at fault; anything else is a crash."""
JSON = (
    '{"Label":"1","ContentProducer":"Other","ProduceID":"1","ReservedCode1":"",'
    '"ContentPropagator":"Other","PropagateID":"1","ReservedCode2":""}'
)


@dataclass(frozen=True)
class Target:
    """read: what is tried. seeds: real files for it."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


@cache
def keys() -> SigningKeys:
    folder = Path(tempfile.mkdtemp()) / "keys"
    return SigningKeys.load_or_create(folder, lambda: datetime.now(UTC))


@cache
def labelled(media_format: PictureFormat) -> tuple[bytes, ...]:
    """Finished files of ours: an opaque one and one with a clear ground."""
    labeller = Labeller(keys(), "Danqing", lambda: WHEN, WATERMARK)
    return tuple(
        labeller.label(cleared(p), artwork_id=ARTWORK_ID, media_format=media_format).data
        for p in (gradient(80, 64), sticker(64, 64))
    )


def saved(pillow_format: str, **settings: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gradient(48, 40)).convert("RGB").save(out, pillow_format, **settings)
    return out.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = JSON
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + ('{"AIGC":' + JSON + "}").encode()
    return exif.tobytes()


def film(name: str) -> bytes:
    return (MEDIA / name).read_bytes()


def document() -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w/>")
        archive.writestr(
            "docProps/custom.xml",
            "<Properties><property name='AIGC'><lpwstr>"
            + JSON
            + "</lpwstr></property></Properties>",
        )
    return out.getvalue()


def from_outside(data: bytes) -> LabelledFile:
    return FileLabeller(keys(), "Danqing", lambda: WHEN).label(data, content_id=ARTWORK_ID)


@cache
def signed(name: str) -> bytes:
    """A film or sound, labelled and signed here."""
    return from_outside(film(name)).data


def whole(data: bytes) -> object:
    return verify(data, keys().root)


def packets(*data: bytes) -> tuple[bytes, ...]:
    return tuple(b.payload for d in data for b in blocks(d) if b.kind == "xmp")


def manifests(data: bytes) -> object:
    return read_credential(data, "image/png", keys().root)


def exif_of(data: bytes) -> object:
    exif_texts.without_labels(data)
    return list(exif_texts.texts(data))


@cache
def targets() -> dict[str, Target]:
    """Every reader, by the name docs/fuzzing.md gives it."""
    exif = with_exif()
    jpeg = (*labelled("jpeg"), saved("JPEG", exif=exif, comment=b"AIGC" + JSON.encode()))
    png = (*labelled("png"), saved("PNG", exif=exif))
    webp = (*labelled("webp"), saved("WEBP", exif=exif))
    packs = [f.read_bytes() for f in (files("danqing.policy") / "packs").iterdir()]
    yaml = tuple(sorted(packs, key=len)[:2])
    markdown = ("---\nAIGC:\n  Label: '1'\n  ProduceID: 'x'\n---\n\n本文由AI生成。\n" * 2).encode()
    films = tuple(film(n) for n in ("labelled.mp4", "labelled.mov", "fragmented.mp4"))
    pictures = (*png[:2], *jpeg, *webp, *labelled("gif"))
    outside = (saved("PNG"), saved("GIF"), film("plain.mp4"), film("plain.wav"), film("plain.mp3"),
               film("plain.flac"), saved("PDF"), markdown, film("plain.avi"))  # fmt: skip
    return {
        "PNG": Target(whole, png),
        "JPEG": Target(whole, jpeg),
        "WebP": Target(whole, webp),
        "GIF": Target(whole, labelled("gif")),
        "SVG": Target(whole, labelled("svg")),
        "PDF": Target(whole, (*labelled("pdf")[1:], saved("PDF"))),
        "MP4, MOV, M4A": Target(whole, (*films, signed("plain.mp4"), signed("plain.m4a"))),
        "HEIF (AVIF)": Target(whole, (saved("AVIF", xmp=packets(png[0])[0], exif=exif),)),
        "TIFF": Target(whole, (saved("TIFF", exif=exif),)),
        "MKV, WebM, FLV": Target(
            whole, tuple(film(f"labelled.{s}") for s in ("mkv", "webm", "flv"))
        ),
        "WAV, AVI": Target(whole, (film("plain.wav"), signed("plain.wav"), signed("plain.avi"))),
        "MP3, FLAC, OGG": Target(
            whole,
            (
                *(film(f"labelled.{s}") for s in ("mp3", "flac", "opus")),
                signed("plain.mp3"),
                signed("plain.flac"),
            ),
        ),
        "OOXML": Target(whole, (document(),)),
        "Markdown, text": Target(whole, (markdown,)),
        "XMP": Target(read_packet, packets(png[0], jpeg[0])),
        "EXIF": Target(exif_of, (exif,)),
        "C2PA": Target(manifests, png[:2]),
        "YAML packs": Target(load_pack, yaml),
        "pictures from outside": Target(open_picture, pictures),
        "label (writers)": Target(from_outside, outside),
    }


def mutated(seed: bytes, other: bytes, rng: random.Random) -> bytes:
    """A spoilt copy: one to six changes, each a thing that happens to files or is done to them."""
    data = bytearray(seed)
    for _ in range(rng.randint(1, 6)):
        rng.choice(CHANGES)(data, other, rng)
    return bytes(data[: 4 * len(seed) + 4096])


def _flip(data: bytearray, _: bytes, rng: random.Random) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _byte(data: bytearray, _: bytes, rng: random.Random) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.randrange(256)


def _number(data: bytearray, _: bytes, rng: random.Random) -> None:
    """A length or offset that lies."""
    width = rng.choice((1, 2, 4, 8))
    at = rng.randrange(max(1, len(data) - width))
    value = rng.choice(INTERESTING) & (256**width - 1)
    data[at : at + width] = value.to_bytes(width, rng.choice(("big", "little")))


def _cut(data: bytearray, _: bytes, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    del data[at : at + rng.choice((1, 4, 64, 1024, len(data)))]


def _repeat(data: bytearray, _: bytes, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    piece = data[at : at + rng.choice((1, 8, 64, 512))]
    data[at:at] = piece * rng.choice((1, 2, 40))


def _noise(data: bytearray, _: bytes, rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    data[at:at] = rng.randbytes(rng.choice((1, 4, 64, 512)))


def _splice(data: bytearray, other: bytes, rng: random.Random) -> None:
    at, start = rng.randrange(len(data) + 1), rng.randrange(len(other) + 1)
    size = rng.choice((4, 64, 1024))
    data[at : at + size] = other[start : start + size]


CHANGES = (_flip, _flip, _byte, _number, _number, _cut, _repeat, _noise, _splice)
