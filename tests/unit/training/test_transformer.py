"""A denoiser that learns words, next to one that knows none."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.train
pytest.importorskip("torch", reason="training needs the [train] extra")

import torch
from torch import Tensor

from danqing.diffusion.transformer import Denoiser, TransformerShape, attend, mean_of_pieces
from danqing.training.flow import grown

SMALL = {"width": 64, "depth": 2, "heads": 2, "hidden": 96}


def nets() -> tuple[Denoiser, Denoiser]:
    """A model without words and one grown from it."""
    torch.manual_seed(0)
    old = Denoiser(TransformerShape(10, 3, **SMALL))
    for parameter in old.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    new = Denoiser(TransformerShape(12, 3, subwords=50, subword_width=8, **SMALL))
    new.load_state_dict(grown(old.state_dict(), new))
    return old, new


def inputs() -> list[Tensor]:
    torch.manual_seed(1)
    objects = torch.randint(0, 3, (4, 6, 5))
    objects[:, 3:] = 0
    return [
        torch.randn(4, 64, 32), torch.rand(4), objects, torch.rand(4, 6, 4),
        torch.tensor([0, 1, 2, 1]), torch.tensor([0, 3, 1, 0]), torch.randn(4, 64, 288),
        torch.tensor([1.0, 0.0, 1.0, 0.0]),
    ]  # fmt: skip


def test_attention_written_out_is_the_fused_one() -> None:
    torch.manual_seed(2)
    q, k, v = torch.randn(3, 2, 4, 73, 64)
    fused = torch.nn.functional.scaled_dot_product_attention(q, k, v)
    torch.testing.assert_close(attend(q, k, v), fused)


@torch.no_grad()
def test_a_trained_model_that_learns_words_starts_unchanged() -> None:
    old, new = nets()
    before = old(*inputs())
    torch.testing.assert_close(new(*inputs()), before)
    words = torch.zeros(4, 6, 8, dtype=torch.int64)
    torch.testing.assert_close(new(*inputs(), words), before)
    told = inputs()
    words[(told[2][..., 0] > 0)] = 7  # beside the concepts: the table says nothing yet
    torch.testing.assert_close(new(*told, words), before)


@torch.no_grad()
def test_a_word_alone_makes_an_object() -> None:
    old, new = nets()
    torch.nn.init.normal_(new.subword_in.weight, std=0.5)
    words = torch.zeros(4, 6, 8, dtype=torch.int64)
    before = new(*inputs(), words)
    words[:, 4, :2] = torch.tensor([3, 9])
    one = new(*inputs(), words)
    assert not torch.allclose(one, before)
    words[:, 4, :2] = torch.tensor([9, 3])  # their order says nothing
    torch.testing.assert_close(new(*inputs(), words), one)
    torch.testing.assert_close(old(*inputs(), words), old(*inputs()))


def test_what_is_not_there_weighs_nothing() -> None:
    pieces = torch.tensor([[[[1.0], [3.0], [100.0]], [[5.0], [5.0], [5.0]]]])
    there = torch.tensor([[[True, True, False], [False, False, False]]])
    assert mean_of_pieces(pieces, there).flatten().tolist() == [2.0, 0.0]
