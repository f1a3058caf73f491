"""Palettes are measured on the drawings of a style, and sketches for it are brought to them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from danqing.training.art import ArtSet, Row
from danqing.training.palettes import COLOURS, palettes_of
from danqing.training.scenes import Library, SceneMaker

FILLS = {"warm": (230, 90, 40), "cool": (40, 90, 230)}


def drawings(style: str, skin: int, many: int) -> tuple[np.ndarray, list[Row]]:
    """Discs of one fill, a little lighter or darker each."""
    y, x = np.mgrid[:128, :128] - 63.5
    pictures = np.zeros((many, 128, 128, 4), np.uint8)
    pictures[..., :3] = np.array(FILLS[style]) + np.linspace(-25, 25, many)[:, None, None, None]
    pictures[..., 3] = (np.hypot(x, y) < 50) * 255
    return pictures, [Row(style, f"disc-{i}", "", skin, "MIT", "disc") for i in range(many)]


def art() -> ArtSet:
    parts = [drawings("warm", 0, 40), drawings("cool", 0, 40), drawings("cool", 3, 4)]
    rows = tuple(row for _, listed in parts for row in listed)
    return ArtSet(np.concatenate([pictures for pictures, _ in parts]), rows)


def test_a_palette_is_of_its_own_styles_colours() -> None:
    palettes = palettes_of(art())
    for style, fill in FILLS.items():
        colours = palettes.things[style]
        assert COLOURS / 2 < len(colours) <= COLOURS
        assert len(np.unique(colours, axis=0)) == len(colours)
        assert np.abs(colours - np.array(fill)).max() <= 26
    assert not palettes.people


def test_the_same_drawings_give_the_same_palette() -> None:
    assert palettes_of(art()).record() == palettes_of(art()).record()


def test_a_sketch_from_another_style_is_in_the_scenes_colours() -> None:
    library = Library(art(), {}, {})
    maker = SceneMaker(library)
    rng = np.random.default_rng(3)
    seen = set()
    while len(seen) < 2:
        scene = maker.draw(rng)
        if any(o.placed.colour or o.placed.skin for o in scene.objects) or scene.ground:
            continue
        sketch = maker.sketch(scene, rng)
        solid = sketch[sketch[..., 3] > 250][:, :3].astype(int)
        assert np.abs(solid - np.array(FILLS[scene.style])).max() <= 40
        seen.add(scene.style)


def figures(skin: int, face: tuple[int, int, int]) -> tuple[np.ndarray, list[Row]]:
    """Thirty discs with a face's colour above and a shirt of their own below."""
    pictures, rows = drawings("cool", skin, 30)
    pictures[:, :64, :, :3] = face
    pictures[:, 64:, :, 0] += np.arange(30, dtype=np.uint8)[:, None, None]
    return pictures, [replace(row, concept=f"person-{row.concept}") for row in rows]


def test_tones_of_a_style_are_told_by_the_same_figures() -> None:
    """The face's colour becomes the face's; a shirt stays; what is worn in no tone comes from the rest."""
    pink = (240, 60, 130)
    others, rows = drawings("cool", 0, 30)
    others[..., :3] = pink
    parts = [(others, rows), figures(3, (190, 140, 120)), figures(5, (80, 50, 50))]
    pictures = np.concatenate([pictures for pictures, _ in parts])
    tones = palettes_of(ArtSet(pictures, tuple(row for _, rows in parts for row in rows))).people[
        "cool"
    ]
    middle, dark = tones[3], tones[5]
    assert middle.shape == dark.shape
    for one, other in zip(middle.astype(int), dark.astype(int), strict=True):
        wanted = (80, 50, 50) if tuple(one) == (190, 140, 120) else one
        assert np.abs(other - wanted).max() <= 6
    assert {(190, 140, 120), pink} <= {tuple(map(int, colour)) for colour in middle}


def test_who_has_no_tone_keeps_dark_hair_where_the_set_makes_it_yellow() -> None:
    """The upper half is the face, the lower the hair, as yellow as the face where no tone is said."""
    hair, blond = (70, 50, 45), (240, 160, 40)
    parts = []
    for skin, face, below in ((3, (190, 140, 120), hair), (0, (255, 200, 60), blond)):
        pictures, rows = figures(skin, face)
        pictures[:, 64:, :, :3] = below
        parts.append((pictures, rows))
    pictures = np.concatenate([pictures for pictures, _ in parts])
    tones = palettes_of(ArtSet(pictures, tuple(row for _, rows in parts for row in rows))).people
    told = dict(zip(map(tuple, tones["cool"][3].tolist()), tones["cool"][0].tolist(), strict=True))
    assert told == {(190, 140, 120): [255, 200, 60], hair: list(hair)}
