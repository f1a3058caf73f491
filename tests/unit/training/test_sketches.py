"""Whom a person is sketched after, in a scene and in the memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from danqing.training.art import ArtSet, Row
from danqing.training.scenes import GUMDROPS, Library, Scene, SceneMaker
from danqing.training.sketches import SERVING, sketches_of

STYLES = ("glossy", "noto", GUMDROPS, "flat")
OTHERS = {"apple": "food", "bicycle": "object", "crown": "clothing", "house": "place"}
COOKS = tuple(
    Row(style, "cook", gender, skin, "MIT", "cook")
    for style, gender, skin in product(STYLES, ("female", "male"), range(6))
)
ROWS = (*COOKS, *(Row(s, concept, "", 0, "MIT", concept) for s, concept in product(STYLES, OTHERS)))


@pytest.fixture(scope="module")
def maker() -> SceneMaker:
    """Each drawing is a square whose red is its row; too few for palettes, so sketches keep it."""
    pictures = np.zeros((len(ROWS), 128, 128, 4), np.uint8)
    pictures[..., 0] = np.arange(len(ROWS))[:, None, None] * 3
    pictures[..., 3] = 255
    return SceneMaker(Library(ArtSet(pictures, ROWS), {"cook": "person", **OTHERS}, {}))


def cooks(maker: SceneMaker, many: int) -> Iterator[Scene]:
    """Scenes of one cook and nothing else."""
    rng = np.random.default_rng(0)
    while many:
        scene = maker.draw(rng)
        if [o.placed.concept for o in scene.objects] == ["cook"] and not scene.ground:
            many -= 1
            yield scene


def after(maker: SceneMaker, scene: Scene, rng: np.random.Generator) -> Row:
    """The rendering a scene's one thing is sketched after."""
    sketch = maker.sketch(scene, rng)
    return ROWS[int(np.median(sketch[sketch[..., 3] == 255][:, 0])) // 3]


def test_a_person_is_sketched_after_their_like_in_another_style(maker: SceneMaker) -> None:
    rng = np.random.default_rng(1)
    for scene in cooks(maker, 40):
        shown, model = ROWS[scene.objects[0].row], after(maker, scene, rng)
        assert model.style != scene.style
        assert shown.skin or model.style != GUMDROPS
        assert (model.gender, model.skin) == (shown.gender, shown.skin)


def test_most_are_sketched_by_another_hand_as_when_it_draws(maker: SceneMaker) -> None:
    rng = np.random.default_rng(2)
    glossy = [scene for scene in cooks(maker, 200) if scene.style == "glossy"]
    styles = Counter(after(maker, scene, rng).style for scene in glossy * 3)
    assert 0.02 < styles["flat"] / styles.total() < 0.25


def test_sketches_are_of_any_sharpness() -> None:
    """So that the network can't count on their lines."""
    stripes = np.zeros((64, 64, 4), np.uint8)
    stripes[..., 3] = 255
    stripes[:, ::4, :3] = stripes[:, 1::4, :3] = 255
    picture = np.repeat(np.repeat(stripes, 2, 0), 2, 1)[None]
    rows = tuple(Row(style, "gate", "", 0, "MIT", "gate") for style in ("noto", "paper"))
    library = Library(ArtSet(np.concatenate([picture, picture]), rows), {"gate": "place"}, {})
    maker, rng = SceneMaker(library), np.random.default_rng(3)
    scene = maker._must(rng)
    contrasts = [float(maker.sketch(scene, rng)[24:40, 24:40, 0].std()) for _ in range(16)]
    assert max(contrasts) > 1.2 * min(contrasts)


def test_most_people_have_the_tone_in_which_they_are_drawn(maker: SceneMaker) -> None:
    tones = Counter(ROWS[scene.objects[0].row].skin for scene in cooks(maker, 200))
    assert 0.73 < tones[3] / 200 < 0.93
    assert set(tones) == set(range(6))


def test_the_memory_has_people_in_the_middle_tone(maker: SceneMaker) -> None:
    sketches = [s for s in sketches_of(maker.library) if s.concept == "cook"]
    assert {s.skin for s in sketches} == {3}
    for gender in ("female", "male"):
        assert {s.style for s in sketches if s.gender == gender} == set(SERVING)


def test_things_are_kept_in_the_two_styles_that_serve_all(maker: SceneMaker) -> None:
    things = [s for s in sketches_of(maker.library) if s.concept != "cook"]
    assert Counter(s.concept for s in things) == dict.fromkeys(OTHERS, 2)
    assert {s.style for s in things} == set(SERVING)
    assert all(s.skin == 0 for s in things)


def test_what_serving_sets_lack_is_kept_as_another_has_it() -> None:
    rows = tuple(Row(style, "yoyo", "", 0, "MIT", "yoyo") for style in ("flat", "paper", GUMDROPS))
    library = Library(ArtSet(np.zeros((3, 128, 128, 4), np.uint8), rows), {"yoyo": "object"}, {})
    assert [s.style for s in sketches_of(library)] == ["flat", "paper"]
