"""What the upscaler does to rims, without any training."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("ignore")]
pytest.importorskip("torch", reason="training needs the [train] extra")

import torch

from danqing.diffusion.steepen import steepen
from danqing.diffusion.upscaler import SCALE, Upscaler


def rim(width_px: int) -> torch.Tensor:
    """Dark left, light right, an even slope of this width between them: (1, 1, 16, 64) in [-1, 1]."""
    slope = ((torch.arange(64.0) - 31.5) / (width_px / 2)).clamp(-1, 1)
    return slope.expand(1, 1, 16, 64)


def test_a_wide_rim_becomes_a_narrow_one_in_the_same_place() -> None:
    wide = rim(8)
    steep = steepen(wide, 9, 4.0)
    assert (steep.diff(dim=-1).square().sum() > 1.6 * wide.diff(dim=-1).square().sum()).item()
    torch.testing.assert_close((steep > 0), (wide > 0))
    assert steep.abs().max() <= 1 + 1e-5


def test_flat_areas_and_long_gradients_stay_as_they_are() -> None:
    flat = torch.full((1, 4, 32, 32), 0.3)
    torch.testing.assert_close(steepen(flat, 9, 4.0), flat)
    gradient = torch.linspace(-1, 1, 64).expand(1, 1, 16, 64)
    torch.testing.assert_close(
        steepen(gradient, 9, 4.0)[..., 8:-8, 8:-8], gradient[..., 8:-8, 8:-8]
    )


def test_an_untrained_upscaler_enlarges() -> None:
    small = rim(2).repeat(1, 4, 1, 1)[..., 16:48]
    with torch.no_grad():
        large = Upscaler()(small)
    assert large.shape == (1, 4, 16 * SCALE, 32 * SCALE)
    torch.testing.assert_close(
        torch.nn.functional.avg_pool2d(large, SCALE), small, atol=0.25, rtol=0
    )
