"""Render the art sets and our own drawings to arrays, with what each picture shows.

An art set on disk is two files: `pictures.npy`, uint8 straight RGBA of shape (N, side, side, 4), and
`rows.json`, N records (style, concept, gender, skin, licence, source name), in the same order.
"""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.engines.mini.vocabulary import OWN_STYLE
from danqing.training.inventory import Inventory, fold, squeeze
from danqing.training.sources import Source, load_icons, obtain, source_of

CULTURE_LICENCE = "Apache-2.0"


@dataclass(frozen=True, slots=True)
class Row:
    """What one picture shows, and under which licence. skin: 0 unstated, else 1 (light) to 5 (dark)."""

    style: str
    concept: str
    gender: str
    skin: int
    licence: str
    name: str


@dataclass(frozen=True, slots=True)
class Drawing:
    row: Row
    svg: str


def set_drawings(source: Source, folder: Path, inventory: Inventory) -> Iterator[Drawing]:
    """Every icon of one art set that shows a concept of the inventory."""
    root = obtain(source, folder)
    names_root = obtain(source_of(source.names_from), folder) if source.names_from else root
    codes: dict[str, str] = {}
    if (names_root / "chars.json").exists():
        listed = json.loads((names_root / "chars.json").read_text("utf-8"))
        for code, name in listed.items():
            codes.setdefault(name, fold(code))
    taken: set[str] = set()
    for name, svg in load_icons(root):
        code = codes.get(name) or inventory.shortcodes.get(squeeze(name))
        variant = inventory.variants.get(code or "")
        if code is None or variant is None or code in taken:
            continue
        if inventory.concepts[variant.concept].lettering:
            continue
        taken.add(code)
        row = Row(source.style, variant.concept, variant.gender, variant.skin, source.licence, name)
        yield Drawing(row, svg)


def culture_drawings(culture: Path, variant: str) -> Iterator[Drawing]:
    """Our own drawings of one variant: `a` trains, `b` only judges. People come in five skin tones."""
    for cards_file in sorted(culture.glob("*/cards.toml")):
        cards = tomllib.loads(cards_file.read_text("utf-8"))
        tones = read_tones(cards_file.parent / "tones.toml")
        for concept, card in cards.items():
            file = cards_file.parent / f"{concept}.{variant}.svg"
            if not file.exists():
                continue
            svg = file.read_text("utf-8")
            gender = card.get("gender", "none").replace("none", "")
            name = f"{cards_file.parent.name}/{file.name}"
            for skin in tones if card.get("skin") else (0,):
                row = Row(OWN_STYLE, concept, gender, skin, CULTURE_LICENCE, name)
                yield Drawing(row, recolour_skin(svg, tones, skin) if skin else svg)


def read_tones(file: Path) -> dict[int, dict[str, str]]:
    """Tone 1 (light) to 5 (dark) → hex colour per part (base, shade, …); empty without the file."""
    if not file.exists():
        return {}
    tables = tomllib.loads(file.read_text("utf-8"))
    return {int(key.removeprefix("tone-")): table for key, table in tables.items()}


def recolour_skin(svg: str, tones: dict[int, dict[str, str]], skin: int) -> str:
    """Our people are drawn in tone 3; put another tone's colours in their place."""
    for part, drawn in tones[3].items():
        svg = svg.replace(drawn.lower(), f"\0{part}\0").replace(drawn.upper(), f"\0{part}\0")
    for part, wanted in tones[skin].items():
        svg = svg.replace(f"\0{part}\0", wanted)
    return svg


def rasterise(svg: str, side_px: int) -> npt.NDArray[np.uint8] | None:
    """Draw an SVG, centred in a square. Returns (side, side, 4) uint8, or None if it can't be drawn."""
    import resvg_py

    try:
        data = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=2 * side_px, height=2 * side_px))
    except Exception:
        return None
    drawn = Image.open(io.BytesIO(data)).convert("RGBA")
    canvas = Image.new("RGBA", (2 * side_px, 2 * side_px))
    drawn.thumbnail(canvas.size)
    canvas.paste(drawn, ((canvas.width - drawn.width) // 2, (canvas.height - drawn.height) // 2))
    # Premultiplied, so that hidden colours of clear pixels don't bleed into the edges.
    small = canvas.convert("RGBa").resize((side_px, side_px), Image.Resampling.BOX)
    return np.asarray(small.convert("RGBA"))


def _rasterise_one(job: tuple[str, int]) -> npt.NDArray[np.uint8] | None:
    return rasterise(*job)


@dataclass(frozen=True, slots=True)
class ArtSet:
    """pictures: (N, side, side, 4) uint8 straight RGBA; rows: N records in the same order."""

    pictures: npt.NDArray[np.uint8]
    rows: tuple[Row, ...]

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "pictures.npy", self.pictures)
        rows = [asdict(row) for row in self.rows]
        (folder / "rows.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> ArtSet:
        rows = json.loads((folder / "rows.json").read_text("utf-8"))
        pictures = np.load(folder / "pictures.npy", mmap_mode="r")
        return cls(pictures, tuple(Row(**row) for row in rows))


def render(drawings: Iterable[Drawing], side_px: int, workers: int = 2) -> ArtSet:
    """Rasterise drawings on `workers` processes, in order; the few that resvg refuses are left out."""
    listed = list(drawings)
    with ProcessPoolExecutor(workers) as pool:
        pictures = list(pool.map(_rasterise_one, ((d.svg, side_px) for d in listed), chunksize=64))
    kept = [(p, d.row) for p, d in zip(pictures, listed, strict=True) if p is not None and p.any()]
    return ArtSet(np.stack([p for p, _ in kept]), tuple(row for _, row in kept))
