"""A classifier for few examples: angles between whitened features.

Close to linear discriminant analysis (Fisher 1936; Hastie et al. 2009, §4.3), with a shrunken covariance:
every class is a mean, and what lies within classes is alike for all. With two to five drawings a class there
is nothing to fit beyond that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of feature. mean: (d,). whiten: (d, d). directions: (d, classes), unit columns: the
    classes' whitened means. weight: of this block's cosines against the others'."""

    mean: Array
    whiten: Array
    directions: Array
    weight: float

    def cosines(self, features: Array) -> Array:
        """(N, d) → (N, classes), in [-1, 1]."""
        white = (features - self.mean) @ self.whiten
        lengths = np.linalg.norm(white, axis=1, keepdims=True) + 1e-9
        cosines: Array = (white / lengths) @ self.directions
        return cosines


def fit_block(
    features: Array,
    labels: npt.NDArray[np.int64],
    hands: npt.NDArray[np.int64],
    shrink: float,
    weight: float,
) -> Block:
    """Fit one block. hands: (classes,) in how many styles each class is drawn.

    What lies within a class is learned from classes drawn by several hands; a class drawn by one
    has no such spread, and its mean is noisy. Angles forgive that, distances don't: under
    them no picture is ever near a class of one drawing.
    """
    classes = len(hands)
    mean = features.mean(0)
    centred = (features - mean).astype(np.float64)
    counts = np.bincount(labels, minlength=classes)
    means = np.zeros((classes, features.shape[1]))
    np.add.at(means, labels, centred)
    means /= counts[:, None]
    several = (hands > 1)[labels] if (hands > 1).any() else np.ones(len(labels), bool)
    within = (centred - means[labels])[several]
    covariance = within.T @ within / len(within)
    covariance += shrink * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    whiten = np.linalg.cholesky(np.linalg.inv(covariance))
    directions = (means @ whiten).T
    directions /= np.linalg.norm(directions, axis=0, keepdims=True) + 1e-9
    return Block(
        mean.astype(np.float32), whiten.astype(np.float32), directions.astype(np.float32), weight
    )


@dataclass(frozen=True, slots=True)
class Blend:
    """Blocks over parts of one feature vector, their weighted cosines added. parts: where each
    block reads.

    sharpness: what the sum is multiplied by to become log-odds, for where shares of several
    pictures are compared; it changes no ranking.
    """

    blocks: tuple[Block, ...]
    parts: tuple[slice, ...]
    sharpness: float = 20.0

    def scores(self, features: Array) -> Array:
        """(N, features) → (N, classes)."""
        total = sum(
            block.weight * block.cosines(features[:, part])
            for block, part in zip(self.blocks, self.parts, strict=True)
        )
        scores: Array = np.asarray(total, np.float32) * np.float32(self.sharpness)
        return scores

    def arrays(self) -> dict[str, Array]:
        """To store with `np.savez`."""
        return {
            f"blend{i}_{name}": np.asarray(getattr(block, name))
            for i, block in enumerate(self.blocks)
            for name in ("mean", "whiten", "directions", "weight")
        }

    @classmethod
    def read(cls, stored: Mapping[str, Array], parts: tuple[slice, ...]) -> Blend:
        blocks = tuple(
            Block(
                stored[f"blend{i}_mean"],
                stored[f"blend{i}_whiten"],
                stored[f"blend{i}_directions"],
                float(stored[f"blend{i}_weight"]),
            )
            for i in range(len(parts))
        )
        return cls(blocks, parts)
