"""The palettes of the styles, measured on their drawings: k-medians in CIELAB."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from danqing.engines.mini.palette import MIDDLE_TONE, Colours, Palettes
from danqing.lab import Array, to_lab, to_rgb
from danqing.training.art import ArtSet, Row

COLOURS = 32  # at most; fewer lose what tells styles apart, more let other styles' colours in
_DRAWINGS, _PIXELS = 600, 50  # looked at of each palette's drawings, and in each of those
_FEWEST_DRAWINGS = 20  # a palette of less is of those drawings, not of the style
_PAIRED_PIXELS = 400
_SOLID = 250
_WARM_DEGREES = (20, 95)  # in the a*b* plane: from red-brown to yellow
_ALIKE = 5.0  # ΔE between colours of which one is enough
# L*: hair, brows and eyes of the middle tone are darker, its skin in shade is not.
_DARK_LIGHTNESS = 45.0
_ROUNDS = 15
_SEED = 7


def palettes_of(art: ArtSet) -> Palettes:
    """One palette for each style and skin tone that has enough drawings.

    Colours of people are those of the middle tone and, since who wears a pink scarf is rarely in a set, those
    of everything else that no skin could be taken for; in another tone they are what stands at the same
    places in the drawings of the same person.
    """
    rows: dict[tuple[str, int], list[int]] = defaultdict(list)
    for i, row in enumerate(art.rows):
        rows[row.style, row.skin].append(i)
    things: dict[str, Colours] = {}
    people: dict[str, dict[int, Colours]] = defaultdict(dict)
    for (style, skin), drawings in rows.items():
        if len(drawings) >= _FEWEST_DRAWINGS and skin == 0:
            things[style] = _palette(art, drawings)
        elif len(drawings) >= _FEWEST_DRAWINGS and skin == MIDDLE_TONE:
            people[style][skin] = _palette(art, drawings)
    for style, tones in people.items():
        if style in things:
            tones[MIDDLE_TONE] = _joined(tones[MIDDLE_TONE], things[style])
    for (style, skin), drawings in rows.items():
        if style in people and skin != MIDDLE_TONE:
            twins = _twins(art, drawings, rows[style, MIDDLE_TONE])
            if len(twins) >= _FEWEST_DRAWINGS:
                colours = _counterparts(art, twins, people[style][MIDDLE_TONE])
                people[style][skin] = colours if skin else _dark_kept(people[style], colours)
    return Palettes(things, people)


def _palette(art: ArtSet, drawings: list[int]) -> Colours:
    rng = np.random.default_rng(_SEED)
    pixels = []
    for i in sorted(rng.permutation(drawings)[:_DRAWINGS]):
        picture = np.asarray(art.pictures[i])
        solid = picture[picture[..., 3] > _SOLID][:, :3]
        if len(solid):
            pixels.append(rng.choice(solid, _PIXELS))
    centres = _medians(to_lab(np.concatenate(pixels)), rng)
    return np.unique(to_rgb(centres), axis=0)  # several may have ended in one fill


def _joined(people: Colours, others: Colours) -> Colours:
    lab = to_lab(others)
    hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
    distance = np.linalg.norm(lab[:, None] - to_lab(people)[None], axis=-1).min(1)
    warm = (hue > _WARM_DEGREES[0]) & (hue < _WARM_DEGREES[1])
    return np.concatenate([people, others[~warm & (distance > _ALIKE)]])


def _twins(art: ArtSet, drawings: list[int], middle: list[int]) -> list[tuple[int, int]]:
    """The same figures in another tone and in the middle one, where each is drawn once."""
    listed = [Counter(_figure(art.rows[i]) for i in rows) for rows in (drawings, middle)]
    of_middle = {_figure(art.rows[i]): i for i in middle}
    return [
        (i, of_middle[figure])
        for i in drawings
        if all(count[figure := _figure(art.rows[i])] == 1 for count in listed)
    ]


def _figure(row: Row) -> tuple[str, str]:
    return row.concept, row.gender


def _counterparts(art: ArtSet, twins: list[tuple[int, int]], colours: Colours) -> Colours:
    """For each colour of the middle tone the median of what is in its place in the other."""
    middle, other = [], []
    rng = np.random.default_rng(_SEED)
    for i, j in twins:
        one, two = np.asarray(art.pictures[i]), np.asarray(art.pictures[j])
        solid = np.flatnonzero((one[..., 3] > _SOLID) & (two[..., 3] > _SOLID))
        chosen = rng.choice(solid, min(len(solid), _PAIRED_PIXELS), replace=False)
        other.append(one.reshape(-1, 4)[chosen, :3])
        middle.append(two.reshape(-1, 4)[chosen, :3])
    near, found = to_lab(colours), to_lab(np.concatenate(other))
    nearest = np.square(to_lab(np.concatenate(middle))[:, None] - near[None]).sum(-1).argmin(1)
    for k in np.unique(nearest):
        near[k] = np.median(found[nearest == k], axis=0)
    return to_rgb(near)


def _dark_kept(tones: Mapping[int, Colours], colours: Colours) -> Colours:
    """Those of no tone, (N, 3) as the middle tone's, but what is dark in that one stays.

    Some sets give who has no tone hair as yellow as the face; seen small it is a face without hair."""
    middle = tones[MIDDLE_TONE]
    dark = to_lab(middle)[:, :1] < _DARK_LIGHTNESS
    return np.where(dark, middle, colours)


def _medians(points: Array, rng: np.random.Generator) -> Array:
    """(N, 3) → (k, 3): Lloyd's rounds, with the median for the mean, which one stray drawing moves less."""
    centres = rng.choice(points, COLOURS, replace=False)
    for _ in range(_ROUNDS):
        nearest = np.square(points[:, None] - centres[None]).sum(-1).argmin(1)
        for k in np.unique(nearest):
            centres[k] = np.median(points[nearest == k], axis=0)
    return centres
