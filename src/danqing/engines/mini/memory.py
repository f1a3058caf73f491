"""The embedded model's memory: a sketch or two of each concept, 56 px RGBA.

Two files: `memory.bin`, WebP sheets one after another, each with sketches of one style below each other, so
that they share their colours and cost half of what each would alone; and `memory.json.gz`, the sheets' sizes
in bytes and a record per sketch, [concept, gender, skin, style, sheet, place]. A sketch says what a thing
looks like; the network draws it anew in the style that is asked. Of people there are sketches in the middle
tone only: `Palettes` give them any other. What a user taught (`danqing teach`) comes with the Spec.
"""

from __future__ import annotations

import gzip
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import astuple, dataclass
from itertools import accumulate, groupby
from operator import attrgetter
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.engines.mini.vocabulary import OWN_STYLE
from danqing.engines.protocol import Taught

Sprite = npt.NDArray[np.uint8]
SPRITE_SIDE = 64  # in training, and of what a user teaches
KEPT_SIDE = 56  # in the memory: sharper ones are more often drawn as they are
INDEX = "memory.json.gz"
_SHEET, _COLOURS = 32, 256
# Sets by one hand: the same drawings in two finishes, and one set before and after it was redrawn.
_FAMILIES = (("flat", "glossy"), ("noto", "blob"))
_TAUGHT = -1  # the sheet of what lies in no file


@dataclass(frozen=True, slots=True)
class SketchRecord:
    """What one sketch shows and where it lies: the place counts from the top of its sheet.

    skin: `MIDDLE_TONE` for a person whose tone can be any, else 0.
    """

    concept: str
    gender: str
    skin: int
    style: str
    sheet: int
    place: int


def of_another_hand(styles: Iterable[str], asked: str) -> set[str]:
    """The styles whose sketches a drawing in the asked one is made after: of another family, else another
    style, else all there are. After its own kin a drawing comes out as the original is."""
    there = set(styles)
    kin = next((set(family) for family in _FAMILIES if asked in family), {asked})
    return there - kin or there - {asked} or there


class Memory:
    """Sketches by concept. Sheets are decoded when asked for."""

    def __init__(
        self, records: Iterable[SketchRecord], sizes: Sequence[int] = (), data: bytes = b""
    ) -> None:
        self._sheets = [
            data[end - size : end] for size, end in zip(sizes, accumulate(sizes), strict=True)
        ]
        self._taught: dict[SketchRecord, Sprite] = {}
        self._by_concept: dict[str, list[SketchRecord]] = defaultdict(list)
        for record in records:
            self._by_concept[record.concept].append(record)

    @classmethod
    def load(cls, folder: Path) -> Memory:
        index = json.loads(gzip.decompress((folder / INDEX).read_bytes()))
        records = (SketchRecord(*row) for row in index["sketches"])
        return cls(records, index["sheets"], (folder / "memory.bin").read_bytes())

    def with_taught(self, taught: Iterable[Taught]) -> Memory:
        """This memory with what a user taught in it as well."""
        larger = copy(self)
        larger._taught = {
            SketchRecord(one.concept, "", 0, "", _TAUGHT, i): sketch
            for one in taught
            for i, sketch in enumerate(one.sketches)
        }
        larger._by_concept = dict(self._by_concept)
        for record in larger._taught:
            larger._by_concept.setdefault(record.concept, []).append(record)
        return larger

    def __contains__(self, concept: object) -> bool:
        return concept in self._by_concept

    def is_ours_alone(self, concept: str) -> bool:
        """Whether of the sets that were learned only our own has it."""
        found = self._by_concept.get(concept, [])
        return bool(found) and all(record.style == OWN_STYLE for record in found)

    def choices(self, concept: str, gender: str | None, style: str) -> list[SketchRecord]:
        """Sketches of a concept, of the asked gender and of another hand than the asked style's, if any.

        So the network learned to draw: after another rendering than the one that was meant.
        """
        found = self._by_concept.get(concept, [])
        found = [r for r in found if r.gender == (gender or "")] or found
        hands = of_another_hand((r.style for r in found), style)
        return [r for r in found if r.style in hands]

    def sprite(self, record: SketchRecord) -> Sprite:
        """(56, 56, 4) uint8 straight RGBA; of what a user taught (64, 64, 4), or (32, 32, 4) before sketches
        grew."""
        if record in self._taught:
            return self._taught[record]
        sheet = np.asarray(Image.open(io.BytesIO(self._sheets[record.sheet])).convert("RGBA"))
        side = sheet.shape[1]  # 64 in weights exported before they shrank
        return sheet[record.place * side :][:side]


def encode_sprite(sprite: Sprite) -> bytes:
    """(h, w, 4) uint8 straight RGBA as a lossless WebP of at most 256 colours."""
    data = io.BytesIO()
    picture = Image.fromarray(sprite).quantize(_COLOURS, Image.Quantize.FASTOCTREE)
    picture.convert("RGBA").save(data, "WEBP", lossless=True, quality=100, method=4)
    return data.getvalue()


@dataclass(frozen=True, slots=True)
class Sketch:
    """One sketch to be written. pixels: (56, 56, 4) uint8 straight RGBA; the rest as in `SketchRecord`."""

    concept: str
    gender: str
    skin: int
    style: str
    pixels: Sprite


def write_memory(folder: Path, sketches: Iterable[Sketch]) -> tuple[int, int]:
    """Write these as a memory. Returns (how many, bytes)."""
    sheets: list[bytes] = []
    rows: list[tuple[str | int, ...]] = []
    alike = attrgetter("style", "skin")  # people's colours are much the same
    for _, group in groupby(sorted(sketches, key=alike), key=alike):
        ordered = list(group)
        for start in range(0, len(ordered), _SHEET):
            on_sheet = ordered[start : start + _SHEET]
            rows += [
                astuple(SketchRecord(s.concept, s.gender, s.skin, s.style, len(sheets), place))
                for place, s in enumerate(on_sheet)
            ]
            sheets.append(encode_sprite(np.concatenate([s.pixels for s in on_sheet])))
    folder.mkdir(parents=True, exist_ok=True)
    data = b"".join(sheets)
    (folder / "memory.bin").write_bytes(data)
    index = {"sheets": [len(sheet) for sheet in sheets], "sketches": rows}
    packed = gzip.compress(
        json.dumps(index, ensure_ascii=False, separators=(",", ":")).encode("utf-8"), mtime=0
    )
    (folder / INDEX).write_bytes(packed)
    return len(rows), len(data) + len(packed)
