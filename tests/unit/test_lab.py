"""CIELAB against published values, and there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from danqing.lab import to_lab, to_rgb


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 255, 255), (100.0, 0.0, 0.0)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((0, 255, 0), (87.73, -86.18, 83.18)),
    ],
)
def test_lab_of_the_corners(rgb: tuple[int, int, int], lab: tuple[float, float, float]) -> None:
    """Published L*a*b* (D65) of the sRGB primaries."""
    assert to_lab(np.array(rgb, np.uint8)) == pytest.approx(lab, abs=0.05)


channel = st.integers(0, 255)


@given(st.tuples(channel, channel, channel))
def test_there_and_back(rgb: tuple[int, int, int]) -> None:
    assert tuple(to_rgb(to_lab(np.array(rgb, np.uint8)))) == rgb


def test_what_no_screen_shows_is_clipped() -> None:
    assert to_rgb(np.array([60.0, -120.0, -120.0], np.float32))[0] == 0
