"""Which of the twelve named colours something has, in CIELAB (numpy only).

A drawn thing has outlines, lights and other-coloured details, so each solid pixel votes for its nearest
name, and the name with most votes wins.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from danqing.engines.mini.tint import NAMED_COLOURS
from danqing.lab import Array, to_lab

COLOUR_NAMES: tuple[str, ...] = tuple(NAMED_COLOURS)
_LIGHTNESS_WEIGHT = 0.55  # shading moves lightness, not the name, except along the greys
_SHADES = (1.0, 0.72, 0.5)  # a name also covers its own shadows


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
