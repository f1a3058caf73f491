"""Mottled fills become even, rims stay, and a drawing that is flat as it is hardly changes."""

from __future__ import annotations

import numpy as np

from danqing.engines.mini.evenness import evened, share_changed


def card(side_px: int = 64) -> np.ndarray:
    """A square of two fills on a clear ground, premultiplied in [-1, 1]."""
    picture = np.full((1, 4, side_px, side_px), -1, np.float32)
    picture[:, 3, 8:56, 8:56] = 1
    picture[:, 0, 8:56, 8:32] = 0.8
    picture[:, 2, 8:56, 32:56] = 0.6
    return picture


def mottled(seed: int = 0) -> np.ndarray:
    blotches = np.random.default_rng(seed).normal(0, 0.05, (1, 3, 64, 64)).astype(np.float32)
    picture = card()
    picture[:, :3] += blotches * (picture[:, 3:] > 0)
    return picture.clip(-1, 1)


def test_a_flat_drawing_stays_as_it_is() -> None:
    assert np.abs(evened(card()) - card()).max() < 0.02
    assert share_changed(card()) < 0.002


def test_blotches_go_and_rims_stay() -> None:
    noisy = mottled()
    even = evened(noisy)
    left, right = even[0, :3, 12:52, 12:28], even[0, :3, 12:52, 36:52]
    for fill in (left, right):
        assert fill.std(axis=(1, 2)).max() < 0.01
    assert noisy[0, :3, 12:52, 12:28].std(axis=(1, 2)).max() > 0.04
    assert abs(even[0, 0, 30, 31] - even[0, 0, 30, 32]) > 1.5
    assert share_changed(noisy) > 10 * share_changed(card())


def test_what_is_clear_all_over_changes_nothing() -> None:
    assert share_changed(np.full((1, 4, 32, 32), -1, np.float32)) == 0
