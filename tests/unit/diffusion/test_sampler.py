"""The sampler against the closed form for a Gaussian, the one distribution whose denoiser is known."""

from __future__ import annotations

import numpy as np
import pytest

from danqing.diffusion.sampler import guided, sample
from danqing.diffusion.schedule import interpolate, loss_weight, sample_times, times, velocity

MEAN, DEVIATION = 0.7, 0.4


def best_denoiser(z: np.ndarray, t: float) -> tuple[np.ndarray, np.ndarray]:
    """E[x | z_t] for x ~ N(m, s²): m + t·s² / (t²s² + (1−t)²) · (z − t·m)."""
    gain = t * DEVIATION**2 / (t**2 * DEVIATION**2 + (1 - t) ** 2)
    x_hat = (MEAN + gain * (z - t * MEAN)).astype(np.float32)
    return x_hat, np.zeros_like(x_hat)


def drawn(steps: int, **more: object) -> np.ndarray:
    noise = np.random.default_rng(0).standard_normal((20_000, 1), dtype=np.float32)
    return list(sample(best_denoiser, noise, steps=steps, guidance=1.0, **more))[-1]  # type: ignore[arg-type]


def test_many_steps_reproduce_the_gaussian() -> None:
    x = drawn(200)
    assert x.mean() == pytest.approx(MEAN, abs=0.01)
    assert x.std() == pytest.approx(DEVIATION, abs=0.01)


def test_the_flow_maps_each_noise_to_its_closed_form_end() -> None:
    """For a Gaussian the ODE's solution is x = m + s·ε, noise by noise."""
    noise = np.linspace(-2, 2, 9, dtype=np.float32).reshape(-1, 1)
    (*_, x) = sample(best_denoiser, noise, steps=400, guidance=1.0)
    np.testing.assert_allclose(x, MEAN + DEVIATION * noise, atol=0.01)


def test_fewer_steps_are_worse_but_keep_the_mean() -> None:
    one, many = drawn(1), drawn(200)
    assert one.mean() == pytest.approx(MEAN, abs=0.01)
    assert one.std() < many.std() / 10  # one step can only answer with the mean


def test_guidance_of_one_changes_nothing() -> None:
    a, b = np.float32([1.0, 2.0]), np.float32([5.0, -3.0])
    np.testing.assert_array_equal(guided(a, b, 1.0), a)
    np.testing.assert_array_equal(guided(a, b, 0.0), b)


def test_starting_late_stays_near_the_picture() -> None:
    picture = np.full((20_000, 1), 2.0, np.float32)
    near = drawn(50, picture=picture, start=0.9)
    far = drawn(50, picture=picture, start=0.0)
    assert abs(near.mean() - 2.0) < abs(far.mean() - 2.0)


def test_what_is_not_to_be_redrawn_is_kept_exactly() -> None:
    picture = np.full((20_000, 1), 2.0, np.float32)
    redraw = np.zeros((20_000, 1), np.float32)
    redraw[:100] = 1
    x = drawn(10, picture=picture, redraw=redraw)
    np.testing.assert_allclose(x[100:], 2.0, atol=1e-6)
    assert abs(x[:100].mean() - 2.0) > 0.5


def test_times_run_from_noise_to_picture() -> None:
    np.testing.assert_allclose(times(4), [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(times(2, 0.5), [0.5, 0.75, 1])


def test_the_path_is_straight() -> None:
    x, noise = np.float32([[3.0]]), np.float32([[-1.0]])
    for t in (0.0, 0.3, 0.9):
        z = interpolate(x, noise, np.float32([t]))
        np.testing.assert_allclose(velocity(z, x, t), x - noise, rtol=1e-5)


def test_training_times_lean_to_the_noisy_end() -> None:
    t = sample_times(50_000, np.random.default_rng(1))
    assert t.min() > 0
    assert t.max() < 1
    assert 0.3 < np.median(t) < 0.36  # sigmoid(-0.8) = 0.31, a tenth uniform
    assert (loss_weight(t) <= 1 / 0.3 + 1e-6).all()


@pytest.mark.train
def test_steps_agree_with_diffusers() -> None:
    """FlowMatchEulerDiscreteScheduler counts σ = 1 − t and steps along dz/dσ = ε − x."""
    torch = pytest.importorskip("torch")
    diffusers = pytest.importorskip("diffusers")
    steps, shape = 8, (2, 3)
    noise = np.random.default_rng(2).standard_normal(shape, dtype=np.float32)

    def denoise(z: np.ndarray, t: float) -> tuple[np.ndarray, np.ndarray]:
        return np.tanh(z) * np.float32(0.5 + t), z

    ours = list(sample(denoise, noise, steps=steps, guidance=1.0))
    scheduler = diffusers.FlowMatchEulerDiscreteScheduler(shift=1.0)
    scheduler.set_timesteps(sigmas=[1 - n / steps for n in range(steps)])
    z = torch.from_numpy(noise)
    for step, mine in zip(scheduler.timesteps, ours, strict=True):
        sigma = float(step) / 1000
        x_hat = torch.from_numpy(denoise(z.numpy(), 1 - sigma)[0])
        z = scheduler.step((z - x_hat) / sigma, step, z).prev_sample
        np.testing.assert_allclose(mine, z.numpy(), atol=2e-5)
