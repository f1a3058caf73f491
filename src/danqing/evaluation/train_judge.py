"""Train and export the judge's own networks (torch): the finder, on art the generator never sees (Twemoji,
EmojiOne, OpenMoji, and variant `b` of our own drawings), and the one that tells styles.

The loop yields facts and resumes from its checkpoint, as `danqing.training.loop` has it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from danqing.evaluation.networks import Convolution
from danqing.training.loop import (
    TrainStep,
    generator_for,
    load_checkpoint,
    save_checkpoint,
    trapezoid,
)

MakeBatch = Callable[[torch.Generator, float], tuple[Tensor, Tensor]]
"""(source of randomness, how far the training is, in [0, 1]) → pictures (B, C, H, W), targets."""
Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class JudgeRecipe:
    """steps, batch: of the network. kernel_lr: Muon's, for convolutions; other_lr: AdamW's, for the
    rest."""

    steps: int
    batch: int = 40
    kernel_lr: float = 0.02
    other_lr: float = 2.5e-3
    warmup: int = 60
    decay_share: float = 0.7
    weight_decay: float = 0.03
    seed: int = 7
    checkpoint_every: int = 50


FINDER_RECIPE = JudgeRecipe(steps=420, batch=32)


@dataclass(frozen=True, slots=True)
class Stage:
    """So much of a part of the judge is done."""

    part: str
    done: int
    of: int


def train_network(
    net: nn.Module, make: MakeBatch, loss_of: Loss, recipe: JudgeRecipe, checkpoint: Path
) -> Iterator[TrainStep]:
    """Train in place, yielding each step's facts; resumes from `checkpoint` and writes it as it
    goes."""
    net.to(memory_format=torch.channels_last).train()
    kernels = [m.weight for m in net.modules() if isinstance(m, Convolution)]
    known = {id(p) for p in kernels}
    others = [p for p in net.parameters() if id(p) not in known]
    optimisers: list[tuple[torch.optim.Optimizer, float]] = [
        (torch.optim.Muon(kernels, lr=0.0, weight_decay=0.0, momentum=0.95), recipe.kernel_lr),
        (torch.optim.AdamW(others, lr=0.0, weight_decay=recipe.weight_decay), recipe.other_lr),
    ]
    start = 0
    if checkpoint.exists():
        state = load_checkpoint(checkpoint)
        net.load_state_dict(state["net"])
        for (optimiser, _), saved in zip(optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        start = state["step"]
    began = time.monotonic()
    for step in range(start, recipe.steps):
        factor = trapezoid(step, recipe.steps, recipe.warmup, recipe.decay_share)
        for optimiser, peak in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = peak * factor
            optimiser.zero_grad()
        x, target = make(generator_for(recipe.seed, step), step / recipe.steps)
        with torch.autocast("cpu", torch.bfloat16):
            out = net(x.contiguous(memory_format=torch.channels_last))
        loss = loss_of(out.float(), target)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        for optimiser, _ in optimisers:
            optimiser.step()
        done = step + 1
        if done % recipe.checkpoint_every == 0 or done == recipe.steps:
            saved = [optimiser.state_dict() for optimiser, _ in optimisers]
            save_checkpoint(
                checkpoint, {"net": net.state_dict(), "optimisers": saved, "step": done}
            )
        rate = (done - start) / (time.monotonic() - began)
        yield TrainStep(
            done, loss.item(), factor, rate * recipe.batch, (recipe.steps - done) / rate
        )
    net.eval()


def export(net: nn.Module, file: Path, shape: tuple[int, int, int]) -> None:
    """Write a network as ONNX with a free batch size. shape: of one picture, (C, H, W)."""
    torch.onnx.export(
        net.float().to(memory_format=torch.contiguous_format),
        (torch.zeros(2, *shape),),
        str(file),
        input_names=["x"],
        output_names=["y"],
        dynamic_shapes={"x": {0: torch.export.Dim("batch", min=1, max=4096)}},
        external_data=False,
        dynamo=True,
        verbose=False,
    )
