"""Colour names, against our own tint."""

import numpy as np
import pytest

from danqing.engines.mini.tint import NAMED_COLOURS, tint
from danqing.evaluation.colour import COLOUR_NAMES, dominant, ground_colour, name_pixels


@pytest.mark.parametrize("name", COLOUR_NAMES)
def test_each_named_colour_has_its_own_name(name: str) -> None:
    assert COLOUR_NAMES[name_pixels(np.array([NAMED_COLOURS[name]], np.uint8))[0]] == name


def _ball() -> np.ndarray:
    """A shaded ball with a black outline and a light, (64, 64, 4)."""
    y, x = np.mgrid[:64, :64] - 31.5
    r = np.hypot(x, y)
    picture = np.zeros((64, 64, 4), np.uint8)
    picture[..., :3] = np.clip(200 - 2 * (x + y), 40, 255)[..., None]
    picture[r > 26, :3] = 20
    picture[np.hypot(x + 10, y + 10) < 5, :3] = 255
    picture[..., 3] = np.where(r < 29, 255, 0)
    return picture


@pytest.mark.parametrize("name", COLOUR_NAMES)
def test_a_tinted_ball_has_the_colour_it_was_tinted(name: str) -> None:
    assert dominant(tint(_ball(), name)) == name


def test_a_thing_is_not_its_ground() -> None:
    picture = tint(_ball(), "red")
    ground = NAMED_COLOURS["blue"]
    clear = picture[..., 3] == 0
    picture[clear] = (*ground, 255)
    assert ground_colour(picture) == "blue"
    assert dominant(picture, ground) == "red"


def test_a_clear_rim_is_no_ground() -> None:
    assert ground_colour(_ball()) is None


def test_nothing_has_no_votes() -> None:
    assert dominant(np.zeros((8, 8, 4), np.uint8)) in COLOUR_NAMES
