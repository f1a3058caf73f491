"""Sharpness and near copies."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from danqing.evaluation.references import (
    References,
    calibrate_near,
    descriptor,
    distances,
    edge_energy,
)


def _disc(colour: tuple[int, int, int], radius: float = 40, side: int = 128) -> np.ndarray:
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    picture = np.zeros((side, side, 4), np.uint8)
    inside = np.hypot(x, y) < radius
    picture[inside] = (*colour, 255)
    return picture


def test_blur_costs_edge_energy() -> None:
    crisp = _disc((200, 40, 40))
    soft = np.asarray(Image.fromarray(crisp).filter(ImageFilter.GaussianBlur(2)))
    assert edge_energy(soft) < 0.4 * edge_energy(crisp)


def test_nothing_has_no_edges() -> None:
    assert edge_energy(np.zeros((32, 32, 4), np.uint8)) == 0


def test_descriptor_ignores_size_and_place() -> None:
    small = np.roll(_disc((200, 40, 40), 20), (20, -15), (0, 1))
    large = _disc((200, 40, 40), 50)
    assert distances(descriptor(small), descriptor(large)[None])[0] < 0.05


def test_descriptor_sees_colour_and_shape() -> None:
    red, blue = descriptor(_disc((200, 40, 40))), descriptor(_disc((40, 40, 200)))
    assert distances(red, blue[None])[0] > 0.2


def test_near_is_calibrated_on_styles_of_one_thing() -> None:
    rng = np.random.default_rng(0)
    pictures = [descriptor(_disc((c, 40, 40))) for c in (40, 80, 120, 200)]
    labels = ("flat ball", "noto ball", "flat disc", "noto disc")
    near = calibrate_near(np.stack(pictures), labels, rng)
    apart = distances(pictures[0], pictures[1][None])[0]
    assert near == pytest.approx(apart, rel=0.2)


def test_save_and_load(tmp_path: Path) -> None:
    picture = _disc((200, 40, 40))
    made = References(
        descriptor(picture)[None], np.array([0.5], np.float32), ("flat ball",), {"flat": 0.1}, 0.07
    )
    made.save(tmp_path / "r.npz")
    loaded = References.load(tmp_path / "r.npz")
    assert loaded.nearest(picture) == 0
    assert loaded.energy_of("flat", "ball") == pytest.approx(0.5)
    assert loaded.energy_of("noto", "ball") is None
    assert loaded.energy_512 == pytest.approx({"flat": 0.1})
