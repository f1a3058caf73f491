"""Enlarged sheets keep narrow rims (that the filter is the networks' own: tests/unit/training)."""

from __future__ import annotations

import numpy as np

from danqing.engines.mini.enlarging import enlarged


def sheet(seed: int = 0) -> np.ndarray:
    """Coloured squares on a clear ground, premultiplied in [-1, 1]."""
    picture = np.full((1, 4, 64, 64), -1, np.float32)
    picture[:, 3, 10:50, 10:50] = 1
    colours = np.random.default_rng(seed).uniform(-1, 1, (3, 2)).astype(np.float32)
    picture[0, :3, 10:50, 10:30] = colours[:, 0, None, None]
    picture[0, :3, 10:50, 30:50] = colours[:, 1, None, None]
    return picture


def widest_rim(picture: np.ndarray) -> int:
    """How many pixels of a row are neither clear nor solid."""
    alpha = picture[0, 3, picture.shape[2] // 2]
    return int(((alpha > -0.8) & (alpha < 0.8)).sum())


def test_twice_as_large_and_hardly_softer() -> None:
    large = enlarged(sheet(), 136)
    assert large.shape == (1, 4, 136, 136)
    assert large.min() >= -1.001
    assert large.max() <= 1.001
    assert widest_rim(sheet()) == 0
    assert widest_rim(large) <= 2  # one pixel at either end; resampling alone leaves two
    assert (large[:, :3] <= large[:, 3:] + 1e-6).all()  # premultiplied it stays
