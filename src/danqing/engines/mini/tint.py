"""Recolour a picture as a whole: black → the asked colour → white, anchored on its median lightness.

A duotone keeps shading, whites of eyes and dark outlines where they were, which is what a person means
by "a blue cat". Used on memory sketches when drawing and on rendered art when training.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

NAMED_COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (222, 42, 42),
    "orange": (245, 134, 30),
    "yellow": (250, 208, 44),
    "green": (64, 168, 66),
    "cyan": (44, 190, 200),
    "blue": (44, 106, 222),
    "purple": (140, 74, 196),
    "pink": (245, 130, 176),
    "brown": (134, 84, 48),
    "black": (44, 44, 48),
    "white": (240, 240, 242),
    "grey": (146, 150, 156),
}
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601
_HIGHLIGHT = 0.8


def tint(straight: npt.NDArray[np.uint8], colour: str) -> npt.NDArray[np.uint8]:
    """Recolour (H, W, 4) uint8 straight RGBA to one of NAMED_COLOURS; alpha stays."""
    rgb = straight[..., :3].astype(np.float32) / 255
    light = rgb @ _LUMA
    solid = straight[..., 3] > 127
    if not solid.any():
        return straight.copy()
    anchor = float(np.clip(np.median(light[solid]), 0.15, 0.85))
    target = np.array(NAMED_COLOURS[colour], np.float32) / 255
    shade = np.minimum(light / anchor, 1)[..., None]
    lift = np.clip((light - anchor) / (1 - anchor), 0, 1)[..., None] ** 1.5
    out = straight.copy()
    out[..., :3] = ((target * shade + _HIGHLIGHT * (1 - target) * lift) * 255 + 0.5).astype(
        np.uint8
    )
    return out
