"""Linear discriminant analysis (Fisher 1936; Hastie et al. 2009, §4.3) with a shrunken covariance.

Every class is a Gaussian of its own mean and one covariance for all, so that log P(class | f) is linear
in f up to a constant. With two to five drawings a class there is nothing to fit beyond that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LinearClassifier:
    """weight: (features, classes). bias: (classes,). Scores are f · weight + bias."""

    weight: Array
    bias: Array

    def scores(self, features: Array) -> Array:
        """(N, features) → (N, classes): log P(class | f) up to a constant per row."""
        scores: Array = features @ self.weight + self.bias
        return scores


def fit(
    features: Array, labels: npt.NDArray[np.int64], classes: int, shrink: float
) -> LinearClassifier:
    """Fit on (N, features) with labels 0 … classes - 1; every class needs an example.

    shrink: how much of the mean variance is added to the pooled covariance's diagonal. Classes count
    alike, however many examples they have.
    """
    counts = np.bincount(labels, minlength=classes)
    means = np.zeros((classes, features.shape[1]))
    np.add.at(means, labels, features)
    means /= counts[:, None]
    within = (features - means[labels]) / np.sqrt(counts[labels])[:, None]
    covariance = within.T @ within / classes
    covariance += shrink * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    weight = np.linalg.solve(covariance, means.T)
    bias = -0.5 * np.einsum("cf,fc->c", means, weight)
    return LinearClassifier(weight.astype(np.float32), bias.astype(np.float32))
