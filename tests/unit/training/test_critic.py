"""The critic learns what a drawing looks like, and pulls at pixels without learning from that."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("ignore")]
pytest.importorskip("torch", reason="training needs the [train] extra")

import torch

from danqing.diffusion.critic import Critic, critic_gradient, critic_loss, with_critic


def stripes(count: int, generator: torch.Generator) -> torch.Tensor:
    """Crisp pictures: left dark, right light, divided anywhere."""
    at = torch.randint(8, 24, (count, 1, 1, 1), generator=generator)
    return (torch.arange(32).view(1, 1, 1, 32) >= at).float().expand(count, 4, 32, 32) * 2 - 1


def blurred(x: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.avg_pool2d(x, 7, stride=1, padding=3, count_include_pad=False)


@pytest.fixture(scope="module")
def trained() -> Critic:
    """Taught on crisp stripes against blurred ones; in style 2 they are paler than in style 1."""
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    critic = Critic()
    optimiser = torch.optim.Adam(critic.parameters(), 3e-3, betas=(0.5, 0.95))
    for _ in range(150):
        style = torch.randint(1, 3, (8,), generator=generator)
        real = in_style(stripes(8, generator), style)
        loss = critic_loss(critic, blurred(real), real, style, 3 - style)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return critic.eval()


def in_style(picture: torch.Tensor, style: torch.Tensor) -> torch.Tensor:
    return picture / style.view(-1, 1, 1, 1) ** 2


def test_crisp_is_told_from_soft_and_style_from_style(trained: Critic) -> None:
    real = stripes(16, torch.Generator().manual_seed(1))
    first, second = torch.full((16,), 1), torch.full((16,), 2)
    crisp, _ = trained(real, first)
    assert crisp.shape == (16, 4, 4)
    assert crisp.mean() > trained(blurred(real), first)[0].mean() + 0.1
    assert crisp.mean() > trained(real, second)[0].mean() + 0.5
    pale = in_style(real, second)
    assert trained(pale, second)[0].mean() > trained(pale, first)[0].mean()


def test_one_for_latents_has_fewer_stages() -> None:
    scores, features = Critic(8, (16, 24))(torch.zeros(2, 8, 16, 16), torch.ones(2).long())
    assert scores.shape == (2, 4, 4)
    assert [f.shape[1:] for f in features] == [(16, 8, 8), (24, 4, 4)]


def test_its_pull_leads_towards_crisp_pictures_and_teaches_it_nothing(trained: Critic) -> None:
    real = stripes(4, torch.Generator().manual_seed(2))
    style, soft = torch.full((4,), 1), blurred(real)
    trained.zero_grad()
    pull = critic_gradient(trained, soft, real, style)
    assert all(p.grad is None for p in trained.parameters())
    step = soft - 0.5 * pull / pull.abs().max()
    assert trained(step, style)[0].mean() > trained(soft, style)[0].mean()


def test_the_pull_is_added_at_the_asked_size() -> None:
    weights = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(3)).requires_grad_()
    drawn, wanted = weights * 2, torch.randn(2, 4, 8, 8)
    loss = drawn.square().mean()
    own = 2 * drawn.detach() / drawn.numel()
    joined = with_critic(loss, drawn, wanted, 0.5)
    assert joined.item() == pytest.approx(loss.item())
    joined.backward()
    expected = 2 * (own + 0.5 * own.norm() / wanted.norm() * wanted)
    torch.testing.assert_close(weights.grad, expected)
