"""The classifier on points whose right answer is known."""

from pathlib import Path

import numpy as np
import pytest

from danqing.evaluation.linear import Blend, fit_block


def _clouds(counts: list[int], spread: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Gaussian clouds around the unit vectors of 8 dimensions; the last two dimensions are loud noise."""
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(len(counts)), counts)
    points = np.eye(8)[labels] + rng.normal(0, spread, (len(labels), 8))
    points[:, 6:] += rng.normal(0, 5, (len(labels), 2))
    return points.astype(np.float32), labels


def test_a_class_of_one_drawing_can_be_found() -> None:
    """Under distances its noisy mean is far from everything; angles don't mind."""
    points, labels = _clouds([60, 60, 60, 60, 60, 1], spread=0.25)
    hands = np.array([3, 3, 3, 3, 3, 1])
    block = fit_block(points, labels, hands, shrink=0.01, weight=1.0)
    fresh, _ = _clouds([0, 0, 0, 0, 0, 50], spread=0.25)
    assert (block.cosines(fresh).argmax(1) == 5).mean() > 0.5


def test_a_blend_adds_its_blocks_and_survives_storage(tmp_path: Path) -> None:
    points, labels = _clouds([30] * 6, spread=0.2)
    parts = (slice(0, 6), slice(6, 8))
    hands = np.full(6, 3)
    blocks = tuple(
        fit_block(points[:, part], labels, hands, 0.1, weight)
        for part, weight in zip(parts, (1.0, 0.0), strict=True)
    )
    blend = Blend(blocks, parts)
    alone = blend.sharpness * blocks[0].cosines(points[:, :6])
    assert blend.scores(points) == pytest.approx(alone, abs=1e-4)
    np.savez(tmp_path / "blend.npz", **blend.arrays())
    with np.load(tmp_path / "blend.npz") as stored:
        again = Blend.read(stored, parts)
    assert again.scores(points) == pytest.approx(blend.scores(points), abs=1e-5)
