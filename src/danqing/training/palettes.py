"""The palettes of the styles, measured on their drawings: k-medians in CIELAB."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from danqing.engines.mini.palette import Colours, Palettes
from danqing.lab import Array, to_lab, to_rgb
from danqing.training.art import ArtSet

COLOURS = 32  # fewer lose what tells styles apart, more let other styles' colours in
_DRAWINGS, _PIXELS = 600, 50  # looked at of each palette's drawings, and in each of those
_FEWEST_DRAWINGS = 20  # a palette of less is of those drawings, not of the style
_ROUNDS = 15
_SEED = 7


def palettes_of(art: ArtSet) -> Palettes:
    """One palette for each style and skin tone that has enough drawings."""
    rows: dict[tuple[str, int], list[int]] = defaultdict(list)
    for i, row in enumerate(art.rows):
        rows[row.style, row.skin].append(i)
    found: dict[str, dict[int, Colours]] = defaultdict(dict)
    for (style, skin), drawings in rows.items():
        if len(drawings) >= _FEWEST_DRAWINGS:
            found[style][skin] = _palette(art, drawings)
    return Palettes(found)


def _palette(art: ArtSet, drawings: list[int]) -> Colours:
    rng = np.random.default_rng(_SEED)
    pixels = []
    for i in sorted(rng.permutation(drawings)[:_DRAWINGS]):
        picture = np.asarray(art.pictures[i])
        solid = picture[picture[..., 3] > 250][:, :3]
        if len(solid):
            pixels.append(rng.choice(solid, _PIXELS))
    return to_rgb(_medians(to_lab(np.concatenate(pixels)), rng))


def _medians(points: Array, rng: np.random.Generator) -> Array:
    """(N, 3) → (k, 3): Lloyd's rounds, with the median for the mean, which one stray drawing moves less."""
    centres = rng.choice(points, COLOURS, replace=False)
    for _ in range(_ROUNDS):
        nearest = np.square(points[:, None] - centres[None]).sum(-1).argmin(1)
        for k in np.unique(nearest):
            centres[k] = np.median(points[nearest == k], axis=0)
    return centres
