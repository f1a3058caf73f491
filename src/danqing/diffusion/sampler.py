"""Draw from the model: Euler steps along dz/dt = (x̂ − z)/(1 − t), with guidance.

`denoise(z, t)` returns (x̂ with condition, x̂ without), both like z; `guided` joins them as
x̂ = x̂₀ + w·(x̂₁ − x̂₀), so w = 1 leaves the conditional prediction as it is (Ho & Salimans 2022), and
the prediction without is then not needed and may be None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from danqing.diffusion.schedule import interpolate, times, velocity

Array = npt.NDArray[np.float32]
Denoise = Callable[[Array, float], tuple[Array, Array | None]]


def guided(conditional: Array, unconditional: Array | None, guidance: float) -> Array:
    if unconditional is None:
        return conditional
    return unconditional + np.float32(guidance) * (conditional - unconditional)


def sample(
    denoise: Denoise,
    noise: Array,
    *,
    steps: int,
    guidance: float,
    picture: Array | None = None,
    start: float = 0.0,
    redraw: Array | None = None,
) -> Iterator[Array]:
    """Yield z after each step; the last is the picture.

    noise: standard normal, the shape of z. picture with start > 0: image-to-image, beginning at z_start
    (start = 1 − strength). redraw: 1 where the picture may change, 0 where it is kept (inpainting,
    RePaint without resampling; Lugmayr et al. 2022); broadcasts against z.
    """
    if picture is not None and start >= 1:
        yield picture  # strength 0: nothing is redrawn
        return
    grid = times(steps, start)
    z = noise if picture is None else interpolate(picture, noise, _full(noise, start))
    for t, following in pairwise(grid):
        x_hat = guided(*denoise(z, float(t)), guidance)
        z = z + velocity(z, x_hat, float(t)) * (following - t)
        if picture is not None and redraw is not None:
            kept = interpolate(picture, noise, _full(noise, float(following)))
            z = redraw * z + (1 - redraw) * kept
        yield z


def _full(like: Array, t: float) -> Array:
    return np.full(len(like), t, np.float32)
