"""How often the picture check is wrong about harmless drawings.

    python bench/picture_check.py pictures.npy [--rows rows.json] [--every 4] [--threads 1]

pictures.npy: (N, H, W, 4) uint8 straight RGBA, known to be harmless (the training art, for one).
rows.json: one object a picture with "style" and "concept". Prints the share at or above each
threshold per ground, the highest scorers, and what one picture costs.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np

from danqing.policy.pictures import OpenNsfw, flatten

GROUNDS = (255, 128, 0)
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--save", type=Path)
    args = parser.parse_args()
    pictures = np.load(args.pictures, mmap_mode="r")
    rows = json.loads(args.rows.read_text("utf-8")) if args.rows else None
    chosen = range(0, len(pictures), args.every)
    check = OpenNsfw()
    started = time.perf_counter()
    check.score(np.full((128, 128, 4), 255, np.uint8))
    print(f"first picture: {time.perf_counter() - started:.3f} s")
    scores = np.zeros((len(chosen), len(GROUNDS)))
    started = time.perf_counter()
    for row, index in enumerate(chosen):
        for column, ground in enumerate(GROUNDS):
            opaque = flatten(np.asarray(pictures[index]), ground).convert("RGBA")
            scores[row, column] = check.score(np.asarray(opaque))
    each_ms = (time.perf_counter() - started) / scores.size * 1000
    print(f"{len(chosen)} pictures, {each_ms:.1f} ms each and ground")
    print("at or above " + " ".join(f"{t:>7}" for t in THRESHOLDS))
    both = np.maximum(scores[:, 0], scores[:, 1])
    columns = {f"on {g:>3}": scores[:, i] for i, g in enumerate(GROUNDS)} | {"the check": both}
    for name, column in columns.items():
        print(f"{name:>11} " + " ".join(f"{(column >= t).mean():7.2%}" for t in THRESHOLDS))
    if rows:
        for row in np.argsort(-both)[:25]:
            entry = rows[chosen[row]]
            print(f"  {both[row]:.3f} {entry['style']} {entry['concept']}")
    if args.save:
        np.save(args.save, scores)


if __name__ == "__main__":
    main()
