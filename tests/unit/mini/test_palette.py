"""A drawing is brought to its style's colours; shape, shading and what has no palette stay."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danqing.engines.mini.palette import NO_PALETTES, Palettes, brought_to
from danqing.lab import to_lab, to_rgb

COLOURS = np.array([(255, 200, 40), (30, 60, 160), (250, 250, 250)], np.uint8)
PALETTES = Palettes({"ours": COLOURS}, {"ours": {5: COLOURS[:1]}})
SKIN, DARK, EYE, SHIRT = (198, 141, 123), (87, 55, 57), (250, 250, 250), (0, 122, 207)
YELLOW = (255, 200, 60)
MIDDLE = np.array([SKIN, EYE, SHIRT], np.uint8)
PEOPLE = Palettes(
    {},
    {
        "ours": {3: MIDDLE, 5: np.array([DARK, EYE, SHIRT], np.uint8)},
        "yellow": {3: MIDDLE, 0: np.array([YELLOW, EYE, SHIRT], np.uint8)},
    },
)


def disc(rgb: tuple[int, int, int], side_px: int = 128) -> np.ndarray:
    y, x = np.mgrid[:side_px, :side_px] - (side_px - 1) / 2
    picture = np.zeros((side_px, side_px, 4), np.uint8)
    picture[..., :3] = rgb
    picture[..., 3] = (np.hypot(x, y) < side_px * 0.4) * 255
    return picture


def apart(picture: np.ndarray, rgb: tuple[int, int, int]) -> float:
    """The largest ΔE of the solid pixels from a colour."""
    solid = picture[picture[..., 3] > 0][:, :3]
    return float(np.linalg.norm(to_lab(solid) - to_lab(np.array(rgb, np.uint8)), axis=1).max())


@pytest.mark.parametrize("side_px", [32, 128])
def test_a_fill_becomes_the_nearest_colour(side_px: int) -> None:
    drawn = disc((220, 190, 70), side_px)
    assert apart(drawn, (255, 200, 40)) > 12
    assert apart(brought_to(drawn, COLOURS), (255, 200, 40)) < 2


def test_a_rim_stays_where_it_was() -> None:
    drawn = disc((220, 190, 70))
    drawn[60:90, 60:90, :3] = (40, 40, 140)
    brought = brought_to(drawn, COLOURS)
    assert (brought[..., 3] == drawn[..., 3]).all()
    steps = np.abs(np.diff(to_lab(brought[75, 40:80, :3])[:, 2]))
    assert steps.argmax() == 60 - 40 - 1
    assert steps.max() > 80


def test_what_lies_between_two_colours_gets_no_speckles() -> None:
    """Where each pixel is snapped for itself, noise of one step flips it from one colour to the other."""
    chance = np.random.default_rng(1)
    greys = np.array([(60, 60, 60), (180, 180, 180)], np.uint8)
    drawn = disc(tuple(to_rgb(to_lab(greys).mean(0))))
    noise = chance.integers(-2, 3, drawn.shape[:2])[..., None]
    drawn[..., :3] = np.clip(drawn[..., :3].astype(int) + noise, 0, 255)
    solid = drawn[..., 3] > 0

    def roughness(picture: np.ndarray) -> float:
        across = np.diff(to_lab(picture[..., :3]), axis=1)
        return float(np.abs(across[solid[:, 1:] & solid[:, :-1]]).mean())

    assert roughness(brought_to(drawn, greys)) < 5 * roughness(drawn)


def test_a_skin_tone_without_a_palette_is_left_alone() -> None:
    drawn = disc((90, 60, 50))
    assert PALETTES.bring(drawn, "ours", 3) is drawn
    assert PALETTES.bring(drawn, "theirs", 0) is drawn
    assert PALETTES.bring(drawn, None, 0) is drawn
    assert NO_PALETTES.bring(drawn, "ours", 0) is drawn
    assert (PALETTES.bring(drawn, "ours", 5) != drawn).any()


@given(st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)))
def test_no_colour_ends_further_from_the_palette(rgb: tuple[int, int, int]) -> None:
    def distance(picture: np.ndarray) -> float:
        lab = to_lab(picture[16, 16, :3])
        return float(np.linalg.norm(to_lab(COLOURS) - lab, axis=1).min())

    drawn = disc(rgb, 32)
    assert distance(brought_to(drawn, COLOURS)) <= distance(drawn) + 1


def test_what_is_clear_stays_clear() -> None:
    clear = np.zeros((16, 16, 4), np.uint8)
    assert brought_to(clear, COLOURS) is clear


def test_the_card_keeps_palettes() -> None:
    record = json.loads(json.dumps(PALETTES.record()))
    assert record["people"]["ours"]["5"] == "ffc828"
    assert Palettes.read(record).record() == PALETTES.record()


@pytest.mark.parametrize(("style", "skin", "face"), [("ours", 5, DARK), ("yellow", 0, YELLOW)])
def test_a_tone_changes_skin_and_leaves_eyes_and_shirt(
    style: str, skin: int, face: tuple[int, int, int]
) -> None:
    drawn = disc(SKIN)
    drawn[40:44, 50:53, :3] = EYE
    drawn[90:, :, :3] = SHIRT
    toned = PEOPLE.tone(drawn, style, 3, skin)
    for at, colour in (((60, 60), face), ((41, 51), EYE), ((100, 64), SHIRT)):
        assert np.abs(toned[at][:3].astype(int) - colour).max() <= 4
    assert (toned[..., 3] == drawn[..., 3]).all()


def test_shading_keeps_its_depth_in_another_tone() -> None:
    drawn = disc(SKIN)
    drawn[70:, :, :3] -= 12
    toned = to_lab(PEOPLE.tone(drawn, "ours", 3, 5)[..., :3])
    before = to_lab(drawn[..., :3])
    assert toned[60, 64, 0] - toned[80, 64, 0] == pytest.approx(
        before[60, 64, 0] - before[80, 64, 0], abs=1.5
    )


@pytest.mark.parametrize(("style", "skin"), [("ours", 3), ("ours", 2), ("ours", 0), ("theirs", 5)])
def test_a_tone_no_colours_lead_to_is_drawn_as_it_is(style: str, skin: int) -> None:
    drawn = disc(SKIN)
    assert PEOPLE.drawn_tone(style, skin) == skin
    assert PEOPLE.tone(drawn, style, skin, skin) is drawn
    assert PEOPLE.tone(drawn, style, 2, 5) is drawn
    assert PEOPLE.tone(drawn, None, 3, 5) is drawn
    assert (PEOPLE.drawn_tone("ours", 5), PEOPLE.drawn_tone("yellow", 0)) == (3, 3)


def test_a_tone_left_open_is_the_styles_own_or_any_but_never_the_same_one() -> None:
    chance = np.random.default_rng(0)
    assert {PEOPLE.open_tone("yellow", chance) for _ in range(20)} == {0}
    assert {PEOPLE.open_tone("ours", chance) for _ in range(20)} == {3, 5}
    assert {PEOPLE.open_tone("theirs", chance) for _ in range(20)} == {0}
