from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danqing.engines.mini.canvas import compose
from danqing.engines.mini.layout import Box
from danqing.engines.mini.memory import KEPT_SIDE, Memory, Sketch, write_memory
from danqing.engines.mini.pixels import sketch_patches, to_network, to_straight
from danqing.engines.mini.tint import NAMED_COLOURS, tint


def square(colour: tuple[int, int, int, int], side: int = 32) -> np.ndarray:
    return np.broadcast_to(np.uint8(colour), (side, side, 4)).copy()


@given(st.integers(0, 2**32 - 1))
def test_pixels_survive_the_way_to_the_network_and_back(seed: int) -> None:
    rng = np.random.default_rng(seed)
    straight = rng.integers(0, 256, (1, 8, 8, 4), dtype=np.uint8)
    straight[..., 3] = np.where(straight[..., 3] < 128, 0, 255)
    back = to_straight(to_network(straight))
    np.testing.assert_array_equal(back[..., 3], straight[..., 3])
    solid = straight[..., 3] == 255
    assert np.abs(back[solid].astype(int) - straight[solid]).max() <= 1


def test_clear_pixels_carry_no_colour() -> None:
    assert (to_network(square((200, 10, 10, 0))[None]) == -1).all()


def test_a_sketch_is_cut_into_squares_row_by_row() -> None:
    sketch = np.zeros((1, 64, 64, 4), np.uint8)
    sketch[0, 8:16, 16:24] = 255  # second row, third column
    patches = sketch_patches(sketch)
    lit = np.flatnonzero((patches[0] == 1).all(axis=1))
    assert lit.tolist() == [1 * 8 + 2]


@pytest.mark.parametrize("colour", NAMED_COLOURS)
def test_tint_gives_the_asked_colour_and_keeps_alpha(colour: str) -> None:
    rng = np.random.default_rng(0)
    picture = square((30, 120, 200, 255))
    picture[..., :3] = np.clip(picture[..., :3] + rng.integers(-20, 20, (32, 32, 3)), 0, 255)
    picture[:4, :, 3] = 0
    painted = tint(picture, colour)
    np.testing.assert_array_equal(painted[..., 3], picture[..., 3])
    middle = np.median(painted[4:, :, :3].reshape(-1, 3), axis=0)
    distances = {
        name: float(np.linalg.norm(middle - np.array(rgb))) for name, rgb in NAMED_COLOURS.items()
    }
    assert min(distances, key=distances.__getitem__) == colour


def test_compose_puts_sprites_in_their_boxes() -> None:
    red, blue = square((255, 0, 0, 255)), square((0, 0, 255, 255))
    canvas = compose([(red, Box(0.25, 0.5, 0.5, 0.5)), (blue, Box(0.75, 0.5, 0.5, 0.5))], 64)
    assert canvas[32, 16].tolist() == [255, 0, 0, 255]
    assert canvas[32, 48].tolist() == [0, 0, 255, 255]
    assert canvas[2, 2, 3] == 0


def test_later_sprites_lie_in_front_and_the_ground_behind() -> None:
    red, blue = square((255, 0, 0, 255)), square((0, 0, 255, 255))
    canvas = compose([(red, Box(0.5, 0.5, 1, 1)), (blue, Box(0.5, 0.5, 0.3, 0.3))], 64, "green")
    assert canvas[32, 32, 2] == 255
    assert canvas[4, 4, 0] == 255
    assert compose([], 8, "green")[0, 0].tolist() == [*NAMED_COLOURS["green"], 255]


def test_memory_prefers_another_style_and_the_asked_gender(tmp_path: Path) -> None:
    sketches = [
        Sketch("cook", "female", 3, "noto", square((255, 0, 0, 255), KEPT_SIDE)),
        Sketch("cook", "female", 3, "flat", square((0, 255, 0, 255), KEPT_SIDE)),
        Sketch("cook", "male", 3, "flat", square((0, 0, 255, 255), KEPT_SIDE)),
    ]
    assert write_memory(tmp_path, sketches)[0] == 3
    memory = Memory.load(tmp_path)
    (found,) = memory.choices("cook", "female", "noto")
    assert (found.style, found.gender) == ("flat", "female")
    np.testing.assert_array_equal(memory.sprite(found), sketches[1].pixels)
    assert memory.choices("cook", "male", "flat")[0].gender == "male"
    assert "cook" in memory
    assert "fox" not in memory
