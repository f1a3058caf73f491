"""What every training loop shares: the facts it yields, its schedules, averages and checkpoints.

`optimise` is the one loop: a generator of `TrainStep` that prints and plots nothing. A network brings its
optimisers and a loss per step; batches are drawn from a generator seeded by (seed, step), so a run that
is killed and resumed follows the loss curve it would have followed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class TrainStep:
    """One optimiser step. loss: this batch's. lr: the share of the recipe's peak rate, in [0, 1]."""

    step: int
    loss: float
    lr: float
    images_per_s: float
    left_s: float


class Schedule(Protocol):
    """What every recipe says of its loop. ema: decay of the average. checkpoint_every: steps."""

    @property
    def steps(self) -> int: ...
    @property
    def batch(self) -> int: ...
    @property
    def warmup(self) -> int: ...
    @property
    def decay_share(self) -> float: ...
    @property
    def ema(self) -> float: ...
    @property
    def clip(self) -> float: ...
    @property
    def checkpoint_every(self) -> int: ...


def optimise(
    net: nn.Module,
    optimisers: Sequence[tuple[torch.optim.Optimizer, float]],
    loss_of: Callable[[int], Tensor],
    schedule: Schedule,
    checkpoint: Path,
    facts: dict[str, Any] | None = None,
) -> Iterator[TrainStep]:
    """Train `net`, yielding each step's facts; resumes from `checkpoint` and writes it as it goes.

    optimisers: with the peak rate of each; what is trained is what they hold. loss_of: the loss of a step,
    the same for the same step. facts: what else the checkpoint tells. Its "average" holds the weights to
    use, in the order of `net.parameters()`.
    """
    trained = [p for o, _ in optimisers for group in o.param_groups for p in group["params"]]
    average = Average(net, schedule.ema)
    start = 0
    if checkpoint.exists():
        state = load_checkpoint(checkpoint)
        net.load_state_dict(state["net"])
        for (optimiser, _), saved in zip(optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(saved)
        average.values, average.updates, start = state["average"], state["updates"], state["step"]
    began = time.monotonic()
    for step in range(start, schedule.steps):
        factor = trapezoid(step, schedule.steps, schedule.warmup, schedule.decay_share)
        loss = loss_of(step)
        for optimiser, peak in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = peak * factor
            optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch ships it untyped
        nn.utils.clip_grad_norm_(trained, schedule.clip)
        for optimiser, _ in optimisers:
            optimiser.step()
        average.update(net)
        done = step + 1
        if done % schedule.checkpoint_every == 0 or done == schedule.steps:
            state = {
                "net": net.state_dict(),
                "optimisers": [optimiser.state_dict() for optimiser, _ in optimisers],
                "average": average.values,
                "updates": average.updates,
                "step": done,
            }
            save_checkpoint(checkpoint, state | (facts or {}))
        rate = (done - start) / (time.monotonic() - began)
        left_s = (schedule.steps - done) / rate
        yield TrainStep(done, loss.item(), factor, rate * schedule.batch, left_s)


def generator_for(seed: int, step: int) -> torch.Generator:
    """The source of all randomness of one step."""
    return torch.Generator().manual_seed(seed * 1_000_003 + step)


def trapezoid(step: int, steps: int, warmup: int, decay_share: float) -> float:
    """Learning-rate factor: linear warm-up, constant, linear to 2 % over the last `decay_share`."""
    left = (steps - step) / max(1.0, steps * decay_share)
    return min(1.0, (step + 1) / warmup) * max(0.02, min(1.0, left))


class Average:
    """Exponential moving average of a module's parameters, warmed up as (1 + n) / (10 + n)."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self.values = [p.detach().clone() for p in module.parameters()]

    def update(self, module: nn.Module) -> None:
        self.updates += 1
        keep = min(self.decay, (1 + self.updates) / (10 + self.updates))
        torch._foreach_lerp_(self.values, [p.detach() for p in module.parameters()], 1 - keep)


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write all or nothing: a kill in the middle leaves the previous checkpoint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def load_checkpoint(path: Path) -> dict[str, Any]:
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


def averaged(net: nn.Module, state: dict[str, Any]) -> None:
    """Give a network a checkpoint's averaged weights: all of them, or the first, where what was trained
    beside it came after it."""
    parameters = list(net.parameters())
    for parameter, value in zip(parameters, state["average"][: len(parameters)], strict=True):
        parameter.data.copy_(value)
