"""The invisible watermark: what it costs, what it withstands, and how often it is seen where it isn't.

    python bench/watermark.py recover [--photographs FOLDER] [--every N] [--side 512] [--wanted]
    python bench/watermark.py unmarked [--count 20000] [--first SEED] [--photographs FOLDER]
    python bench/watermark.py svg [--every N] [--made M]      (pip install resvg_py)

`recover` marks pictures of each kind under an id of their own, does to them what the names of the columns
say, and counts how often the right payload comes back; a wrong one would be counted apart. Photographs
are yours (a folder of them); without one, the photograph-like pictures of tests/support/scenery.py
stand alone. --wanted: only what 99 in 100 have to survive (and a crop, 95). `unmarked` looks for marks
in pictures that have none. `svg` traces marked pixels, draws what came of it as pixels again, and looks
whether the mark outlived that, which is why released SVGs are traced from unmarked ones. CPU times,
medians, one core.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.provenance.watermark import WatermarkKey, comb, detect, embed
from support.scenery import (
    as_jpeg,
    cropped,
    drawings,
    photograph,
    photographs_in,
    psnr_db,
    resized,
    sticker,
)

KEY = WatermarkKey(bytes(range(32)))
ATTACKS: dict[str, Callable[[Pixels, np.random.Generator], Pixels]] = {
    "as made": lambda p, _: p,
    "q90": lambda p, _: as_jpeg(p, 90),
    "q80": lambda p, _: as_jpeg(p, 80),
    "q70": lambda p, _: as_jpeg(p, 70),
    "q50": lambda p, _: as_jpeg(p, 50),
    "x0.75": lambda p, _: resized(p, 0.75),
    "x0.5": lambda p, _: resized(p, 0.5),
    "x2": lambda p, _: resized(p, 2.0),
    "crop 10%": lambda p, r: cropped(p, 0.1, tuple(r.random(2))),
    "crop 30%": lambda p, r: cropped(p, 0.3, tuple(r.random(2))),
    "mirrored": lambda p, _: np.ascontiguousarray(p[:, ::-1]),
    "x0.75 q70": lambda p, _: as_jpeg(resized(p, 0.75), 70),
    "x0.5 q70": lambda p, _: as_jpeg(resized(p, 0.5), 70),
    "crop 10% x0.6 q80": lambda p, r: as_jpeg(
        resized(cropped(p, 0.1, tuple(r.random(2))), 0.6), 80
    ),
}


WANTED = ("q70", "x0.5", "crop 10%")


def recover(kinds: dict[str, list[Pixels]], names: Iterable[str]) -> None:
    attacks = {name: ATTACKS[name] for name in names}
    for kind, pictures in kinds.items():
        right = dict.fromkeys(attacks, 0)
        lowest = dict.fromkeys(attacks, float("inf"))
        wrong, quality = 0, []
        embedding, detecting = [], []
        for number, picture in enumerate(pictures):
            rng = np.random.default_rng(number)
            artwork_id = f"{kind}-{number}"
            began = time.process_time()
            marked = embed(picture, KEY, artwork_id)
            embedding.append(time.process_time() - began)
            quality.append(psnr_db(marked, picture))
            for name, attack in attacks.items():
                attacked = attack(marked, rng)
                began = time.process_time()
                found = detect(attacked, KEY)
                detecting.append(time.process_time() - began)
                if found is None:
                    continue
                if found.payload == KEY.payload_of(artwork_id):
                    right[name] += 1
                    lowest[name] = min(lowest[name], found.score)
                else:
                    wrong += 1
        print(
            f"\n{kind}: {len(pictures)} pictures, PSNR {min(quality):.1f} dB at least,"
            f" {statistics.median(quality):.1f} median; embed {1e3 * statistics.median(embedding):.1f}"
            f" ms; detect {1e3 * statistics.median(detecting):.0f} ms,"
            f" {1e3 * max(detecting):.0f} at most; wrong payloads: {wrong}"
        )
        for name, count in right.items():
            share = 100 * count / len(pictures)
            print(f"  {name:<20}{share:6.1f} %   lowest score {lowest[name]:.1f}", flush=True)


def unmarked(count: int, first: int, photographs: list[Pixels]) -> int:
    """Pictures without a mark, of every kind and many sizes, each another."""
    seen, scales, most = 0, 0, 0.0
    began = time.process_time()
    for seed in range(first, first + count):
        picture = _unmarked_picture(seed, photographs)
        tiles = comb.find_scales(comb.residue_of(comb.light_of(picture)[0]))
        if tiles:  # without them `detect` gives None
            scales += 1
            most = max([most, *(scale.score for scale in tiles)])
            seen += detect(picture, KEY) is not None
        if (seed - first + 1) % 250 == 0:
            print(
                f"{seed - first + 1} pictures: {seen} marks seen; {scales} looked as if they had tiles"
                f" (score at most {most:.1f}); {time.process_time() - began:.0f} s of CPU",
                flush=True,
            )
    return seen


def traced(kinds: dict[str, list[Pixels]]) -> None:
    """Marks, traces, draws at two sizes, looks."""
    import io

    import resvg_py
    from PIL import Image

    from danqing.provenance import svg
    from danqing.provenance.mark import draw_mark

    for kind, pictures in kinds.items():
        right, size_bytes = dict.fromkeys((512, 1024), 0), 0
        for number, picture in enumerate(pictures):
            artwork_id = f"{kind}-{number}"
            marked = embed(picture, KEY, artwork_id)
            drawn = svg.draw(marked, draw_mark(marked)[1])
            size_bytes += len(drawn)
            for side in right:
                png = resvg_py.svg_to_bytes(svg_string=drawn.decode(), width=side)
                with Image.open(io.BytesIO(bytes(png))) as shown:
                    found = detect(np.array(shown.convert("RGBA")), KEY)
                right[side] += found is not None and found.payload == KEY.payload_of(artwork_id)
        kilobytes = size_bytes // len(pictures) // 1000
        print(f"{kind}: of {len(pictures)}, by width {right}; {kilobytes} kB each", flush=True)


def _unmarked_picture(seed: int, photographs: list[Pixels]) -> Pixels:
    rng = np.random.default_rng(seed)
    kind = seed % 4
    side = (
        512 if seed % 100 < 4 else int(rng.integers(96, 200))
    )  # all kinds, mostly small and quick
    if kind == 0 and photographs:  # a part of a photograph, turned, its contrast changed
        whole = photographs[int(rng.integers(len(photographs)))]
        top, left = rng.integers(0, whole.shape[0] - side + 1, 2)
        part = np.rot90(whole[top : top + side, left : left + side], int(rng.integers(4)))
        gain, shift = rng.uniform(0.6, 1.4), rng.uniform(-40, 40)
        rgb = np.clip(part[..., :3] * gain + shift, 0, 255).astype(np.uint8)
        return np.concatenate((rgb, part[..., 3:]), axis=2)
    if kind == 1:
        return sticker(seed, side)
    if kind == 2:  # tiles that are not ours: any pattern, repeated
        period = int(rng.integers(12, 100))
        tile = photograph(seed, period, period)
        return np.tile(tile, (side // period + 1, side // period + 1, 1))[:side, :side]
    return photograph(seed, side, side)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("recover", "unmarked", "svg"))
    parser.add_argument("--photographs", type=Path)
    parser.add_argument("--every", type=int, default=1, help="every Nth drawing")
    parser.add_argument("--side", type=int, default=512)
    parser.add_argument("--made", type=int, default=100, help="how many photograph-like pictures")
    parser.add_argument("--ids", type=int, default=1, help="each photograph under so many ids")
    parser.add_argument("--wanted", action="store_true")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    folder: Iterable[Pixels] = ()
    if asked.photographs is not None:
        folder = photographs_in(asked.photographs, asked.side)
    if asked.what == "unmarked":
        return 1 if unmarked(asked.count, asked.first, list(folder)) else 0
    kinds = {
        "photographs": list(folder) * asked.ids,
        "photograph-like": [photograph(s, asked.side, asked.side) for s in range(asked.made)],
        "drawings on white": drawings(asked.side, every=asked.every),
        "drawings, clear": drawings(asked.side, every=asked.every, clear=True),
    }
    kinds = {kind: pictures for kind, pictures in kinds.items() if pictures}
    if asked.what == "svg":
        traced(kinds)
        return 0
    names = WANTED if asked.wanted else ATTACKS
    recover(kinds, names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
