"""The embedded model's memory: a few small sketches of each concept, 32 px RGBA.

Two files: `memory.bin`, WebP pictures one after another, and `memory.json.gz`, a record per picture
[concept, gender, style, offset, bytes, skin]. A sketch says roughly what a thing looks like; the network
draws it anew in the style that is asked. What a user taught (`danqing teach`) comes with the Spec.
"""

from __future__ import annotations

import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.engines.protocol import Taught

Sprite = npt.NDArray[np.uint8]
SPRITE_COLOURS = 22
INDEX = "memory.json.gz"


@dataclass(frozen=True, slots=True)
class SketchRecord:
    """Where one sketch lies in the file and what it shows.

    skin: 0 unstated, else 1 (light) to 5 (dark). One that was taught lies in no file: its offset
    counts its concept's sketches, its size is 0.
    """

    concept: str
    gender: str
    style: str
    offset: int
    size_bytes: int
    skin: int = 0


class Memory:
    """Sketches by concept. Pictures are decoded when asked for."""

    def __init__(self, records: Iterable[SketchRecord], data: bytes) -> None:
        self._data = data
        self._taught: dict[SketchRecord, Sprite] = {}
        self._by_concept: dict[str, list[SketchRecord]] = defaultdict(list)
        for record in records:
            self._by_concept[record.concept].append(record)

    @classmethod
    def load(cls, folder: Path) -> Memory:
        rows = json.loads(gzip.decompress((folder / INDEX).read_bytes()))
        return cls((SketchRecord(*row) for row in rows), (folder / "memory.bin").read_bytes())

    def with_taught(self, taught: Iterable[Taught]) -> Memory:
        """This memory with what a user taught in it as well."""
        larger = copy(self)
        larger._taught = {
            SketchRecord(one.concept, "", "", i, 0): sketch
            for one in taught
            for i, sketch in enumerate(one.sketches)
        }
        larger._by_concept = dict(self._by_concept)
        for record in larger._taught:
            larger._by_concept.setdefault(record.concept, []).append(record)
        return larger

    def __contains__(self, concept: object) -> bool:
        return concept in self._by_concept

    def choices(
        self, concept: str, gender: str | None, style: str, skin: int = 0
    ) -> list[SketchRecord]:
        """Sketches of a concept, of the asked gender, skin tone and of another style where there are any.

        Another style, since the network learned to draw from another rendering than the asked one.
        """
        found = self._by_concept.get(concept, [])
        found = [r for r in found if r.gender == (gender or "")] or found
        wanted = [r for r in found if r.skin == skin] or found
        return [r for r in wanted if r.style != style] or wanted

    def sprite(self, record: SketchRecord) -> Sprite:
        """(32, 32, 4) uint8 straight RGBA."""
        if record in self._taught:
            return self._taught[record]
        raw = self._data[record.offset : record.offset + record.size_bytes]
        return np.asarray(Image.open(io.BytesIO(raw)).convert("RGBA"))


def encode_sprite(sprite: Sprite) -> bytes:
    """(32, 32, 4) uint8 straight RGBA as a lossless WebP of few colours, about 400 bytes."""
    data = io.BytesIO()
    picture = Image.fromarray(sprite).quantize(SPRITE_COLOURS, Image.Quantize.FASTOCTREE)
    picture.convert("RGBA").save(data, "WEBP", lossless=True, quality=100, method=4)
    return data.getvalue()


def write_memory(
    folder: Path, sprites: Iterable[tuple[str, str, int, str, Sprite]]
) -> tuple[int, int]:
    """Write (concept, gender, skin, style, sprite) as a memory. Returns (how many, bytes)."""
    rows: list[list[str | int]] = []
    data = io.BytesIO()
    for concept, gender, skin, style, sprite in sprites:
        offset = data.tell()
        data.write(encode_sprite(sprite))
        rows.append([concept, gender, style, offset, data.tell() - offset, skin])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.bin").write_bytes(data.getvalue())
    records = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    packed = gzip.compress(records, mtime=0)
    (folder / INDEX).write_bytes(packed)
    return len(rows), data.tell() + len(packed)
