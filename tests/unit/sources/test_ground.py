"""Taking a thing off its even ground, and putting it back."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from danqing.engines.protocol import Pixels
from danqing.sources import cut_out, find_ground, put_on

WHITE, PALE = (255, 255, 255), (247, 246, 250)


def ball(colour: tuple[int, int, int], ground: tuple[int, int, int], side: int = 128) -> Pixels:
    """A ball with soft edges, opaque."""
    large = Image.new("RGB", (4 * side, 4 * side), ground)
    ImageDraw.Draw(large).ellipse((side, side, 3 * side, 3 * side), fill=colour)
    return np.asarray(large.resize((side, side), Image.Resampling.BOX).convert("RGBA"))


@pytest.mark.parametrize("ground", [WHITE, (200, 220, 255), (10, 10, 10)])
@pytest.mark.parametrize("colour", [(220, 60, 40), (60, 90, 200)])
def test_a_thing_comes_off_and_goes_back_as_it_was(
    colour: tuple[int, int, int], ground: tuple[int, int, int]
) -> None:
    picture = ball(colour, ground)
    cut = cut_out(picture)
    assert cut is not None
    thing, found = cut
    assert found.colour == ground
    assert thing[0, 0, 3] == 0
    assert thing[64, 64].tolist() == [*colour, 255]
    again = put_on(thing, found).astype(int)
    assert np.abs(again - picture).max() <= 3


def test_no_rim_of_the_old_ground_is_left() -> None:
    cut = cut_out(ball((220, 60, 40), WHITE))
    assert cut is not None
    seen = cut[0][cut[0][..., 3] > 20]
    assert np.abs(seen[:, :3].astype(int) - (220, 60, 40)).max() < 40


def test_a_white_thing_on_a_drawn_white_ground_stays_whole() -> None:
    cut = cut_out(ball(PALE, WHITE))
    assert cut is not None
    assert cut[0][64, 64, 3] == 255


def test_the_noise_of_a_photograph_is_ground() -> None:
    picture = ball((220, 60, 40), WHITE).copy()
    noise = np.random.default_rng(0).normal(0, 6, picture.shape[:2])
    picture[..., :3] = np.clip(picture[..., :3] + noise[..., None], 0, 255)
    ground = find_ground(picture)
    assert ground is not None
    assert ground.mask[:16].mean() > 0.95


def test_what_has_no_even_ground_is_left_alone() -> None:
    busy = np.random.default_rng(0).integers(0, 256, (64, 64, 4), dtype=np.uint8)
    busy[..., 3] = 255
    assert cut_out(busy) is None
    clear = ball((220, 60, 40), WHITE).copy()
    clear[0, 0, 3] = 0
    assert cut_out(clear) is None  # it says itself where the thing is
    assert cut_out(np.full((64, 64, 4), 255, np.uint8)) is None  # nothing but ground
