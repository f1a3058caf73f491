"""What every training loop shares: the facts it yields, its schedules, averages and checkpoints.

A loop is a generator of `TrainStep`. It never prints, plots or saves by itself: whoever runs it decides.
Batches are drawn from a generator seeded by (seed, step), so a run that is killed and resumed follows
the loss curve it would have followed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

    def copy_to(self, module: nn.Module) -> None:
        for parameter, value in zip(module.parameters(), self.values, strict=True):
            parameter.data.copy_(value)


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


def parameter_count(parameters: Iterable[Tensor]) -> int:
    return sum(p.numel() for p in parameters)
