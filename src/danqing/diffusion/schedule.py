"""The straight path between noise and picture, and where on it we stand.

    z_t = t·x + (1 − t)·ε,   ε ~ N(0, I),   t: 0 = noise → 1 = picture

Rectified flow (Liu et al. 2022; Lipman et al. 2023), with the network predicting x (Li & He 2025, JiT).
Since x is nearly determined by the condition, most of what there is to learn sits at the noisy end, so
training times are drawn from a logit-normal centred there (Esser et al. 2024, §3.1).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

LOGIT_MEAN = -0.8
UNIFORM_SHARE = 0.1
WEIGHT_FLOOR = 0.3


def interpolate(x: Array, noise: Array, t: Array) -> Array:
    """z_t for x, noise: (B, …) and t: (B,) in [0, 1]."""
    t = t.reshape(-1, *[1] * (x.ndim - 1))
    return t * x + (1 - t) * noise


def velocity(z: Array, x_hat: Array, t: float) -> Array:
    """dz/dt = (x̂ − z_t) / (1 − t) along the straight path, for t < 1."""
    return (x_hat - z) / np.float32(1 - t)


def sample_times(count: int, rng: np.random.Generator) -> Array:
    """Training times in (0, 1): logit-normal at the noisy end, a tenth of them uniform."""
    normal = 1 / (1 + np.exp(-(rng.standard_normal(count) + LOGIT_MEAN)))
    uniform = rng.random(count)
    return np.where(rng.random(count) < UNIFORM_SHARE, uniform, normal).astype(np.float32)


def loss_weight(t: Array) -> Array:
    """1 / max(1 − t, 0.3): between flat x-loss and the velocity loss's 1/(1 − t)², bounded."""
    return (1 / np.maximum(1 - t, WEIGHT_FLOOR)).astype(np.float32)


def times(steps: int, start: float = 0.0) -> Array:
    """The sampler's grid from `start` to 1: steps + 1 values, uniform."""
    return np.linspace(start, 1, steps + 1, dtype=np.float32)
