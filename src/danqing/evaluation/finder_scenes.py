"""Scenes that teach the finder where things are: judge-only art, one to six things, on any ground
(torch).

The places are drawn at random here; the generator's layout planner has no part in it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from danqing.evaluation import augment
from danqing.evaluation.networks import SIDE
from danqing.training.art import ArtSet

CELLS = 16
MAX_THINGS = 6
_COUNT_SHARES = (0.24, 0.2, 0.18, 0.16, 0.12, 0.1)
_ONE_KIND_SHARE = 0.5
_HELD_SHARE = 0.1
_LARGEST = (0.95, 0.56, 0.5, 0.46, 0.42, 0.38)
Boxes = npt.NDArray[np.float32]


def tight_boxes(art: ArtSet) -> Boxes:
    """(N, 4) left, top, right, bottom of the solid pixels of every picture, as shares of its
    side."""
    boxes = np.empty((len(art.pictures), 4), np.float32)
    for i, picture in enumerate(art.pictures):
        solid = picture[..., 3] > 100
        xs, ys = np.flatnonzero(solid.any(0)), np.flatnonzero(solid.any(1))
        if len(xs):
            boxes[i] = xs[0], ys[0], xs[-1] + 1, ys[-1] + 1
        else:
            boxes[i] = 0, 0, picture.shape[1], picture.shape[0]
    boxes /= art.pictures.shape[1]
    return boxes


def scatter(count: int, rng: np.random.Generator) -> Boxes:
    """(count, 4) centre x, y and size (w = h) of things that hardly overlap, as shares of the
    side."""
    if count == 2 and rng.random() < _HELD_SHARE * 2:
        return _held(rng)
    for _ in range(200):
        side = rng.uniform(0.55, 1, count) * _LARGEST[count - 1]
        centres = rng.uniform(side[:, None] / 2 - 0.02, 1.02 - side[:, None] / 2, (count, 2))
        gap = np.abs(centres[:, None] - centres[None]).max(-1)
        touch = (side[:, None] + side[None]) / 2 * 0.88
        if (gap + np.eye(count) * 9 >= touch).all():
            return np.concatenate([centres, side[:, None], side[:, None]], 1).astype(np.float32)
    rows = np.array([(x, y) for y in (0.26, 0.74) for x in (0.2, 0.5, 0.8)][:count])
    sides = np.full((count, 1), 0.3)
    grid: Boxes = np.concatenate([rows, sides, sides], 1).astype(np.float32)
    return grid


def _held(rng: np.random.Generator) -> Boxes:
    """Something small before something large, as when it is held or worn."""
    large, small = rng.uniform(0.7, 0.9), rng.uniform(0.3, 0.45)
    x, y = rng.uniform(0.2, 0.8, 2)
    return np.array([[0.5, 0.5, large, large], [x, y, small, small]], np.float32)


def finder_batch(
    art: ArtSet, tight: Boxes, singles: list[int], size: int, g: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Pictures (B, 3, 64, 64) and targets (B, 3, 16, 16): centre heat in [0, 1], width, height."""
    rng = np.random.default_rng(int(torch.randint(2**62, (), generator=g).item()))
    counts = rng.choice(MAX_THINGS, size=size, p=_COUNT_SHARES) + 1
    rows = rng.choice(singles, size=(size, MAX_THINGS))
    same = rng.random(size) < _ONE_KIND_SHARE
    rows[same] = rows[same][:, :1]
    places = np.zeros((size, MAX_THINGS, 4), np.float32)
    for b, count in enumerate(counts):
        places[b, :count] = scatter(int(count), rng)
    alike = torch.from_numpy(same).view(-1, 1, 1, 1)
    anything = torch.ones(size, dtype=torch.bool)
    unit = first = torch.zeros(size, 4, SIDE, SIDE)
    target = torch.zeros(size, 3, CELLS, CELLS)
    for slot in range(MAX_THINGS):
        present = torch.from_numpy(counts > slot)
        x = torch.from_numpy(np.ascontiguousarray(art.pictures[rows[:, slot]]))
        x = x.permute(0, 3, 1, 2).float() / 255
        x = torch.cat([x[:, :3] * x[:, 3:], x[:, 3:]], 1)
        painted = augment.recolour(x, anything, g)
        if slot:  # of one kind: the very same thing again
            painted = torch.where(alike, first, painted)
        else:
            first = painted
        placed = _place(painted, torch.from_numpy(places[:, slot]))
        placed = placed * present.view(-1, 1, 1, 1)
        unit = placed + unit * (1 - placed[:, 3:])
        _mark(target, places[:, slot], tight[rows[:, slot]], counts > slot)
    unit = augment.restyle(unit, g)
    return augment.wear(augment.on_ground(unit, g, 0.6), g, 0.3), target


def _place(x: Tensor, places: Tensor) -> Tensor:
    """Shrink each picture into its square. places: (B, 4) centre and size."""
    size = places[:, 2].clamp(min=0.05)
    zero = torch.zeros_like(size)
    theta = torch.stack(
        [
            torch.stack([1 / size, zero, -(places[:, 0] * 2 - 1) / size], 1),
            torch.stack([zero, 1 / size, -(places[:, 1] * 2 - 1) / size], 1),
        ],
        1,
    )
    # Soften first: sampling alone would skip pixels of what is shrunk a lot.
    soft = F.avg_pool2d(x, 3, stride=1, padding=1)
    x = torch.where((size < 0.6).view(-1, 1, 1, 1), soft, x)
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, align_corners=False)


def _mark(target: Tensor, places: Boxes, tight: Boxes, present: npt.NDArray[np.bool_]) -> None:
    """Write centre heat and size of one thing per picture into the targets."""
    left = places[:, 0] + (tight[:, 0] - 0.5) * places[:, 2]
    top = places[:, 1] + (tight[:, 1] - 0.5) * places[:, 2]
    right = places[:, 0] + (tight[:, 2] - 0.5) * places[:, 2]
    bottom = places[:, 1] + (tight[:, 3] - 0.5) * places[:, 2]
    width, height = right - left, bottom - top
    column = np.clip((left + right) / 2 * CELLS, 0, CELLS - 1).astype(int)
    row = np.clip((top + bottom) / 2 * CELLS, 0, CELLS - 1).astype(int)
    ys, xs = torch.meshgrid(torch.arange(CELLS), torch.arange(CELLS), indexing="ij")
    for b in np.flatnonzero(present):
        sigma = max(0.6, 0.1 * CELLS * float(min(width[b], height[b])))
        distance = (xs - int(column[b])) ** 2 + (ys - int(row[b])) ** 2
        heat = torch.exp(-distance / (2 * sigma**2))
        target[b, 0] = torch.maximum(target[b, 0], heat)
        target[b, 1, row[b], column[b]] = float(width[b])
        target[b, 2, row[b], column[b]] = float(height[b])


def finder_loss(found: Tensor, target: Tensor) -> Tensor:
    """Focal loss of the centres (α = 2, β = 4; Law & Deng 2018) + 2·|size error| at each centre."""
    heat, logit = target[:, 0], found[:, 0]
    centre = heat > 0.999
    p = torch.sigmoid(logit)
    hit = -((1 - p) ** 2) * F.logsigmoid(logit)
    miss = -((1 - heat) ** 4) * p**2 * F.logsigmoid(-logit)
    count = centre.sum().clamp(min=1)
    size_error = (found[:, 1:] - target[:, 1:]).abs().sum(1)[centre].sum()
    total: Tensor = (hit[centre].sum() + miss[~centre].sum() + 2 * size_error) / count
    return total
