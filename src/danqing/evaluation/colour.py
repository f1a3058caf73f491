"""Which of the twelve named colours something has, in CIELAB (numpy only).

sRGB → XYZ (D65) → L*a*b* as in IEC 61966-2-1 and CIE 15:2004. A drawn thing has outlines, lights
and other-coloured details, so each solid pixel votes for its nearest name, and the name with most
votes
wins.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from danqing.engines.mini.tint import NAMED_COLOURS

Array = npt.NDArray[np.float32]
COLOUR_NAMES: tuple[str, ...] = tuple(NAMED_COLOURS)
_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]], np.float32,
)  # fmt: skip
_WHITE_D65 = np.array([0.95047, 1.0, 1.08883], np.float32)
_LIGHTNESS_WEIGHT = 0.55  # shading moves lightness, not the name, except along the greys
_SHADES = (1.0, 0.72, 0.5)  # a name also covers its own shadows


def to_lab(rgb: npt.NDArray[np.uint8]) -> Array:
    """(..., 3) uint8 sRGB → (..., 3) float32 L* in [0, 100], a*, b*."""
    unit = rgb.astype(np.float32) / 255
    linear = np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / _WHITE_D65
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    lab = np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1
    )
    return lab.astype(np.float32)


def _palette() -> tuple[Array, npt.NDArray[np.int64]]:
    """Reference Lab colours and the index of the name each stands for."""
    colours, names = [], []
    for i, (name, rgb) in enumerate(NAMED_COLOURS.items()):
        shades = (1.0,) if name in ("white", "grey", "black", "brown") else _SHADES
        for shade in shades:
            colours.append(np.array(rgb, np.float32) * shade)
            names.append(i)
    return to_lab(np.array(colours).astype(np.uint8)), np.array(names, np.int64)


def name_pixels(rgb: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """(N, 3) uint8 → (N,) index of the nearest name in COLOUR_NAMES."""
    palette, names = _palette()
    scale = np.array([_LIGHTNESS_WEIGHT, 1, 1], np.float32)
    difference = (to_lab(rgb)[:, None] - palette[None]) * scale
    nearest: npt.NDArray[np.int64] = names[np.square(difference).sum(-1).argmin(1)]
    return nearest


def votes(straight: npt.NDArray[np.uint8], ground: tuple[int, int, int] | None = None) -> Array:
    """Share of solid pixels per colour name, (12,). straight: (H, W, 4) uint8.

    ground: a colour behind the thing that doesn't vote (pixels within ΔE 12 of it).
    """
    solid = straight[..., 3] > 200
    pixels = straight[solid][:, :3]
    if ground is not None and len(pixels):
        reference = to_lab(np.array(ground, np.uint8))
        pixels = pixels[np.linalg.norm(to_lab(pixels) - reference, axis=-1) > 12]
    if not len(pixels):
        return np.zeros(len(COLOUR_NAMES), np.float32)
    counts = np.bincount(name_pixels(pixels), minlength=len(COLOUR_NAMES))
    shares: Array = (counts / counts.sum()).astype(np.float32)
    return shares


def dominant(straight: npt.NDArray[np.uint8], ground: tuple[int, int, int] | None = None) -> str:
    """The name most solid pixels have; black only where little else is there, since outlines are
    black."""
    share = votes(straight, ground)
    share[COLOUR_NAMES.index("black")] *= 0.6
    return COLOUR_NAMES[int(share.argmax())]


def ground_colour(straight: npt.NDArray[np.uint8]) -> str | None:
    """The named colour of the picture's rim, or None where the rim is clear."""
    rim = np.concatenate([straight[:2].reshape(-1, 4), straight[-2:].reshape(-1, 4),
                          straight[:, :2].reshape(-1, 4), straight[:, -2:].reshape(-1,
                              4)])  # fmt: skip
    if (rim[:, 3] > 200).mean() < 0.5:
        return None
    return COLOUR_NAMES[int(np.bincount(name_pixels(rim[:, :3]), minlength=12).argmax())]
