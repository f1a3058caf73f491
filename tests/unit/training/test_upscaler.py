"""What the upscaler does to rims, without any training."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("ignore")]
pytest.importorskip("torch", reason="training needs the [train] extra")

import numpy as np
import torch

from danqing.diffusion.steepen import apart, steepen
from danqing.diffusion.upscaler import SCALE, Upscaler
from danqing.engines.mini.enlarging import GAIN, RIM_PX, steepened


def rim(width_px: int) -> torch.Tensor:
    """Dark left, light right, an even slope of this width between them: (1, 1, 16, 64) in [-1, 1]."""
    slope = ((torch.arange(64.0) - 31.5) / (width_px / 2)).clamp(-1, 1)
    return slope.expand(1, 1, 16, 64)


def test_a_wide_rim_becomes_a_narrow_one_in_the_same_place() -> None:
    wide = rim(8)
    steep = apart(wide, 9, 4.0)
    assert (steep.diff(dim=-1).square().sum() > 1.6 * wide.diff(dim=-1).square().sum()).item()
    torch.testing.assert_close((steep > 0), (wide > 0))
    assert steep.abs().max() <= 1 + 1e-5


def test_flat_areas_and_long_gradients_stay_as_they_are() -> None:
    flat = torch.full((1, 4, 32, 32), 0.3)
    torch.testing.assert_close(apart(flat, 9, 4.0), flat)
    gradient = torch.linspace(-1, 1, 64).expand(1, 1, 16, 64)
    torch.testing.assert_close(apart(gradient, 9, 4.0)[..., 8:-8, 8:-8], gradient[..., 8:-8, 8:-8])


def test_no_line_darker_than_what_it_divides_appears_where_alpha_falls_before_colour() -> None:
    colour, alpha = (rim(8).roll(by, -1)[..., 8:-8] for by in (0, -2))
    # White on clear ground, its colour two pixels behind its alpha: dark over white in between.
    picture = torch.cat([torch.minimum(colour, alpha).expand(1, 3, 16, 48), alpha], 1)
    over_white = [p[:, :3] + 1 - p[:, 3:] for p in (picture, steepen(picture, 9, 3.0))]
    assert over_white[1].min() >= over_white[0].min() - 1e-4
    each = torch.cat([apart(picture[:, :3], 9, 3.0), apart(picture[:, 3:], 9, 3.0)], 1)
    assert (each[:, :3] + 1 - each[:, 3:]).min() < over_white[0].min() - 0.1


def test_the_engines_own_filter_is_the_same() -> None:
    soft = np.random.default_rng(1).uniform(-1, 1, (1, 4, 40, 40)).astype(np.float32)
    theirs = steepen(torch.from_numpy(soft), RIM_PX, GAIN)
    torch.testing.assert_close(torch.from_numpy(steepened(soft, RIM_PX, GAIN)), theirs)


def test_an_untrained_upscaler_enlarges() -> None:
    small = rim(2).repeat(1, 4, 1, 1)[..., 16:48]
    with torch.no_grad():
        large = Upscaler()(small)
    assert large.shape == (1, 4, 16 * SCALE, 32 * SCALE)
    torch.testing.assert_close(
        torch.nn.functional.avg_pool2d(large, SCALE), small, atol=0.25, rtol=0
    )
