"""Teach the judge to tell in which style one thing is drawn, and measure how well it does.

It learns from half of the concepts, in every style the generator draws, and is measured on the others:
what is to be told is the hand, and a hand that drew a pear is known again by its lantern. A linear
classifier on features of photographs knew fewer of those (recipes/LOG.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from danqing.evaluation.augment import recolour
from danqing.evaluation.judge import STYLE_SIDE
from danqing.evaluation.networks import StyleNet
from danqing.evaluation.train_judge import JudgeRecipe, Stage, export, train_network
from danqing.training.art import ArtSet

STYLE_RECIPE = JudgeRecipe(steps=3000, batch=64, kernel_lr=0.01, other_lr=3e-3)
_TRAIN_SHARE = 0.5
# Gaussian deviations of a blur: how crisp a line is is another measure and mustn't tell a style.
_SOFTEST_PX, _MEASURED_SOFT_PX = 1.4, 0.9
_SIZES = (0.6, 1.0)
_RECOLOURED = 0.25  # of what `recolour` does at most
_NOISE = 0.03
_SMOOTHED = 0.05  # of the labels
_MEASURE_BATCH = 64


def learns_style(concept: str) -> bool:
    """Whether the style network trains on this concept; it is measured on the others."""
    number = int.from_bytes(hashlib.sha256(f"style {concept}".encode()).digest()[:8], "big")
    return number / 2**64 < _TRAIN_SHARE


def make_style(
    real: ArtSet, styles: tuple[str, ...], folder: Path, recipe: JudgeRecipe
) -> Generator[Stage, None, dict[str, float]]:
    """Train and export `style.onnx`, yielding what is done. Returns its own score: how many it names right
    (top1), how many when they are softened, and of how many.

    real: 128 px drawings in `styles`; others are passed over.
    """
    kept = [i for i, row in enumerate(real.rows) if row.style in styles]
    labels = torch.tensor([styles.index(real.rows[i].style) for i in kept])
    learned = torch.tensor([learns_style(real.rows[i].concept) for i in kept])
    pictures = torch.stack([_premultiplied(np.asarray(real.pictures[i])) for i in kept])
    rare = 1 / torch.bincount(labels[learned], minlength=len(styles)).clamp(min=1).sqrt()
    chance = rare[labels] * learned

    def some(g: torch.Generator, _progress: float) -> tuple[Tensor, Tensor]:
        chosen = torch.multinomial(chance, recipe.batch, replacement=True, generator=g)
        return _varied(pictures[chosen], g), labels[chosen]

    torch.manual_seed(recipe.seed)
    net = StyleNet(len(styles))
    for step in train_network(net, some, _loss, recipe, folder / "training" / "style.pt"):
        yield Stage("style", step.step, recipe.steps)
    net.eval()
    export(net, folder / "style.onnx", (4, STYLE_SIDE, STYLE_SIDE))
    right = {
        name: float((_told(net, pictures[~learned], soft_px) == labels[~learned]).float().mean())
        for name, soft_px in (("top1", 0.0), ("softened", _MEASURED_SOFT_PX))
    }
    return right | {"count": int((~learned).sum())}


def _loss(logits: Tensor, labels: Tensor) -> Tensor:
    return F.cross_entropy(logits, labels, label_smoothing=_SMOOTHED)


def _told(net: StyleNet, pictures: Tensor, soft_px: float) -> Tensor:
    with torch.inference_mode():
        batches = pictures.split(_MEASURE_BATCH)
        return torch.cat([net(_softened(batch, soft_px)).argmax(1) for batch in batches])


def _premultiplied(picture: npt.NDArray[np.uint8]) -> Tensor:
    """(H, W, 4) straight RGBA → (4, H, W) in [0, 1]."""
    unit = torch.from_numpy(picture.astype(np.float32) / 255).permute(2, 0, 1)
    return torch.cat([unit[:3] * unit[3:], unit[3:]])


def _varied(x: Tensor, g: torch.Generator) -> Tensor:
    """The batch softer, smaller, mirrored, noisy and in colours slightly off: what is the same in all of
    these is the style."""
    if _chance(g) < 0.6:
        x = _softened(x, 0.35 + (_SOFTEST_PX - 0.35) * _chance(g))
    if _chance(g) < 0.5:
        x = x.flip(3)
    side = round(STYLE_SIDE * (_SIZES[0] + (_SIZES[1] - _SIZES[0]) * _chance(g)))
    small = F.interpolate(x, (side, side), mode="bilinear", antialias=True)
    left = int(torch.randint(STYLE_SIDE - side + 1, (), generator=g))
    top = int(torch.randint(STYLE_SIDE - side + 1, (), generator=g))
    x = F.pad(small, (left, STYLE_SIDE - side - left, top, STYLE_SIDE - side - top))
    x = recolour(x, torch.zeros(len(x), dtype=torch.bool), g, _RECOLOURED)
    noise = torch.randn(x.shape, generator=g) * _NOISE * _chance(g)
    return x + noise * (x[:, 3:] > 0)


def _chance(g: torch.Generator) -> float:
    return float(torch.rand((), generator=g))


def _softened(x: Tensor, deviation_px: float) -> Tensor:
    """A Gaussian blur, one direction after the other; of 0 px the picture itself."""
    if not deviation_px:
        return x
    reach = round(3 * deviation_px)
    kernel = torch.exp(-((torch.arange(-reach, reach + 1) / deviation_px) ** 2) / 2)
    kernel = (kernel / kernel.sum()).expand(x.shape[1], 1, 1, -1)
    across = F.conv2d(F.pad(x, (reach, reach, 0, 0)), kernel, groups=x.shape[1])
    down = kernel.transpose(2, 3)
    return F.conv2d(F.pad(across, (0, 0, reach, reach)), down, groups=x.shape[1])
