"""Train guidance into the denoiser, and out of it what a mean of drawings looks like.

A pupil learns its teacher's guided predictions, so that it draws in one pass a step what guidance needs two
or three for. It learns them partly where its own drawings pass by, for these are not noised pictures: they
set out from a sketch and carry every earlier mistake. And since a squared error is smallest for a mean,
which has neither shading nor fine lines, a critic of latents tells it what drawings in each style have
(adversarial distillation, Sauer et al. 2024).
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from danqing.diffusion.critic import Critic, critic_gradient, critic_loss, with_critic
from danqing.diffusion.transformer import Denoiser, from_patches
from danqing.engines.mini.conditions import SKETCH_PIXELS
from danqing.engines.mini.vocabulary import Vocabulary
from danqing.training.adversarial import other_styles
from danqing.training.flow import (
    Batch,
    BatchMaker,
    FlowRecipe,
    denoiser_facts,
    denoiser_optimisers,
    noised,
    weighted_error,
)
from danqing.training.loop import TrainStep, optimise

CRITIC_WIDTHS = (160, 256)  # a patch of 2 × 2 latents, then one of 4 × 4, each with its neighbours


@dataclass(frozen=True, slots=True)
class GuideRecipe(FlowRecipe):
    """guidance, style_guidance: w and w_s of `guided_prediction`. drawn_share: of batches met on the pupil's
    own way. critic: size of the critic's pull beside the error's own, 0 for none."""

    guidance: float = 3.0
    style_guidance: float = 2.0
    drawn_share: float = 0.5
    critic: float = 0.7
    critic_lr: float = 6e-4


def train_guide(
    batches: BatchMaker,
    teacher: Denoiser,
    vocabulary: Vocabulary,
    recipe: GuideRecipe,
    checkpoint: Path,
    *,
    steps: int,
    start: float,
) -> Iterator[TrainStep]:
    """Train, yielding each step's facts; resumes from `checkpoint` and writes it as it goes.

    batches: of `recipe.batch` scenes. teacher: learned without guidance; the pupil begins with its weights.
    steps, start: how the pupil is going to draw, see `drawn_so_far`.
    """
    torch.manual_seed(recipe.seed)
    pupil, critic = deepcopy(teacher).train(), Critic(8, CRITIC_WIDTHS)
    critics = torch.optim.AdamW(critic.parameters(), betas=(0.5, 0.95), weight_decay=0)

    def loss_of(step: int) -> Tensor:
        rng = np.random.default_rng((recipe.seed, step, 2))
        batch = batches.make(step)
        if rng.random() < recipe.drawn_share:
            z, t = drawn_so_far(pupil, batch, int(rng.integers(steps)), steps, start)
        else:
            z, t = noised(batch), batch.t
        target = guided_prediction(teacher, z, t, batch, recipe.guidance, recipe.style_guidance)
        with torch.autocast("cpu", torch.bfloat16):
            drawn = from_patches(pupil(z, t, *batch.conditions).float())
            loss = weighted_error(drawn, from_patches(target), t)
            if not recipe.critic:
                return loss
            real, style = from_patches(batch.x), batch.style
            pull = critic_gradient(critic, drawn, real, style)
            loss = with_critic(loss, drawn, pull, recipe.critic)
            wrong = other_styles(style, batches.styles, rng)
            return loss + critic_loss(critic, drawn, real, style, wrong)

    both = nn.ModuleList([pupil, critic])
    optimisers = [*denoiser_optimisers(pupil, recipe), (critics, recipe.critic_lr)]
    facts = denoiser_facts(pupil, vocabulary, batches)
    yield from optimise(both, optimisers, loss_of, recipe, checkpoint, facts)


def guided_prediction(
    teacher: nn.Module,
    z: Tensor,
    t: Tensor,
    batch: Batch,
    guidance: float,
    style_guidance: float = 0.0,
) -> Tensor:
    """x̂₀ + w·(x̂₁ − x̂₀) + w_s·(x̂₁ − x̂₂), like z: x̂₁ told everything, x̂₀ nothing and x̂₂ all but the
    style (Meng et al. 2023, §3.1; two conditions: Brooks et al. 2023, §3.2.1)."""
    objects, boxes, style, *others = batch.conditions
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        told = teacher(z, t, *batch.conditions).float()
        target: Tensor = teacher(z, t, *map(torch.zeros_like, batch.conditions)).float()
        target += guidance * (told - target)
        if style_guidance:
            unstyled = teacher(z, t, objects, boxes, torch.zeros_like(style), *others).float()
            target += style_guidance * (told - unstyled)
    return target


def drawn_so_far(
    net: nn.Module, batch: Batch, done: int, steps: int, start: float
) -> tuple[Tensor, Tensor]:
    """z, (B, 64, 32), and t, (B,), after `done` of `steps` Euler steps of the net's own, 0 ≤ done < steps.

    As the engine draws (`diffusion.sampler`): from the noised sketch at `start` where there is one, else from
    noise. With equal steps a step goes 1 / (steps left) of the way to x̂, wherever it set out.
    """
    sketch, has_sketch = batch.conditions[4], batch.conditions[5]
    began = start * has_sketch
    at = began.view(-1, 1, 1)
    z = at * sketch[..., SKETCH_PIXELS:] + (1 - at) * batch.noise
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for step in range(done):
            t = began + (1 - began) * step / steps
            z = z + (net(z, t, *batch.conditions).float() - z) / (steps - step)
    return z, began + (1 - began) * done / steps
