"""Make few scenes into many: recolour them, redraw them, put them on a ground (torch).

Pictures come in as (B, 4, H, W) float32 premultiplied RGBA in [0, 1] and leave `on_ground` as
(B, 3, H, W) RGB in [-1, 1]. All randomness comes from the generator handed in. `strength` in [0, 1]
says how much is varied: a network that sees the wildest pictures from the first step learns nothing
for
long.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

_LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601
_HUE_DEVIATION = 0.2


def _uniform(shape: tuple[int, ...], low: float, high: float, g: torch.Generator) -> Tensor:
    return torch.rand(shape, generator=g) * (high - low) + low


def _some(count: int, share: float, g: torch.Generator, dims: int = 4) -> Tensor:
    """(B, 1, …) bool, true for about `share` of the batch."""
    return torch.rand((count, *[1] * (dims - 1)), generator=g) < share


def recolour(x: Tensor, tintable: Tensor, g: torch.Generator, strength: float = 1.0) -> Tensor:
    """Shift hue, saturation and brightness a little; wash some of the `tintable` (B,) in one
    colour."""
    b = len(x)
    rgb, alpha = x[:, :3], x[:, 3:]
    light = sum(rgb[:, i : i + 1] * w for i, w in enumerate(_LUMA))
    turned = _turn_hue(rgb, torch.randn(b, generator=g) * _HUE_DEVIATION * strength)
    wild = tintable & (torch.rand(b, generator=g) < 0.1 * strength)
    wildly = _turn_hue(rgb, _uniform((b,), -math.pi, math.pi, g))
    turned = torch.where(wild[:, None, None, None], wildly, turned)
    saturation = 1 + _uniform((b, 1, 1, 1), -0.5, 0.4, g) * strength
    rgb = light + (turned - light) * saturation
    wash = tintable & (torch.rand(b, generator=g) < 0.15 * strength)
    colour = torch.rand(b, 3, 1, 1, generator=g)
    mean = (light.sum((2, 3), keepdim=True) / alpha.sum((2, 3), keepdim=True).clamp(min=1)).clamp(
        0.15, 0.85
    )
    shade = (light / mean).clamp(max=1)
    lift = ((light - mean * alpha) / (1 - mean)).clamp(0, 1)
    washed = colour * shade * alpha + 0.8 * (1 - colour) * lift
    rgb = torch.where(wash[:, None, None, None], washed, rgb)
    gain = torch.exp(torch.randn(b, 3, 1, 1, generator=g) * 0.06 * strength)
    gain = gain * torch.exp(torch.randn(b, 1, 1, 1, generator=g) * 0.12 * strength)
    rgb = torch.minimum((rgb * gain).clamp(min=0), alpha)
    return torch.cat([rgb, alpha], 1)


def _turn_hue(rgb: Tensor, angle: Tensor) -> Tensor:
    """Rotate about the grey axis (Rodrigues' formula)."""
    cos, sin = angle.cos().view(-1, 1, 1, 1), angle.sin().view(-1, 1, 1, 1)
    mean = rgb.mean(1, keepdim=True)
    r, gr, bl = rgb.unbind(1)
    cross = torch.stack([bl - gr, r - bl, gr - r], 1) / math.sqrt(3)
    return mean + (rgb - mean) * cos + cross * sin


def restyle(x: Tensor, g: torch.Generator, strength: float = 1.0) -> Tensor:
    """As another hand might have drawn it: an outline, a soft light, a contrast of its own."""
    b, _, height, width = x.shape
    rgb, alpha = x[:, :3], x[:, 3:]
    glow = torch.randn(b, 1, 3, 3, generator=g) * _uniform((b, 1, 1, 1), 0, 0.25 * strength, g)
    light = F.interpolate(glow, (height, width), mode="bilinear", align_corners=False)
    rgb = torch.minimum((rgb * torch.exp(light)).clamp(min=0), alpha)
    edge = F.max_pool2d(alpha, 3, stride=1, padding=1)
    inked = _some(b, 0.2 * strength, g)
    ink = torch.rand(b, 3, 1, 1, generator=g) * 0.35
    rgb = torch.where(inked, rgb + ink * (edge - alpha).clamp(min=0), rgb)
    alpha = torch.where(inked, edge, alpha)
    return torch.cat([rgb, alpha], 1)


def on_ground(x: Tensor, g: torch.Generator, white_share: float = 0.65) -> Tensor:
    """Over white, else a plain colour, else two colours running into each other: (B, 3, H, W) in
    [-1, 1]."""
    b, _, height, width = x.shape
    corners = torch.rand(b, 3, 2, 2, generator=g)
    corners = torch.where(_some(b, 0.6, g), corners[:, :, :1, :1].expand_as(corners), corners)
    corners = torch.where(_some(b, white_share, g), torch.ones_like(corners), corners)
    ground = F.interpolate(corners, (height, width), mode="bilinear", align_corners=True)
    return (x[:, :3] + ground * (1 - x[:, 3:])) * 2 - 1


def wear(rgb: Tensor, g: torch.Generator, strength: float = 1.0) -> Tensor:
    """Soften some of the batch, cover a rectangle in some, add a little noise."""
    b, _, height, width = rgb.shape
    side = int(torch.randint(24, 56, (), generator=g).item())
    soft = F.interpolate(rgb, (side, side), mode="bilinear", antialias=True)
    soft = F.interpolate(soft, (height, width), mode="bilinear", align_corners=False)
    rgb = torch.where(_some(b, 0.35 * strength, g), soft, rgb)
    centre = _uniform((b, 2), 0, 1, g)
    half = _uniform((b, 2), 0.05, 0.16, g)
    ys = torch.linspace(0, 1, height)[None, :, None]
    xs = torch.linspace(0, 1, width)[None, None, :]
    inside = ((ys - centre[:, :1, None]).abs() < half[:, :1, None]) & (
        (xs - centre[:, 1:, None]).abs() < half[:, 1:, None]
    )
    covered = inside[:, None] & _some(b, 0.2 * strength, g)
    rgb = torch.where(covered, _uniform((b, 3, 1, 1), -1, 1, g), rgb)
    noise = torch.randn(rgb.shape, generator=g) * _uniform((b, 1, 1, 1), 0, 0.06 * strength, g)
    return rgb + noise
