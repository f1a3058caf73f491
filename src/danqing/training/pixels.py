"""Between pictures as files hold them and pictures as the network sees them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def to_network(straight: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(B, H, W, 4) uint8 straight RGBA → (B, 4, H, W) float32 premultiplied RGBA in [-1, 1]."""
    unit = straight.astype(np.float32) / 255
    unit[..., :3] *= unit[..., 3:]
    return np.ascontiguousarray((unit * 2 - 1).transpose(0, 3, 1, 2))


def to_straight(network: npt.NDArray[np.float32]) -> npt.NDArray[np.uint8]:
    """(B, 4, H, W) float32 premultiplied RGBA, clipped to [-1, 1] → (B, H, W, 4) uint8 straight RGBA."""
    unit = (np.clip(network, -1, 1).transpose(0, 2, 3, 1) + 1) / 2
    alpha = unit[..., 3:]
    colour = np.divide(unit[..., :3], alpha, out=np.zeros_like(unit[..., :3]), where=alpha > 1 / 255)
    straight = np.concatenate([np.clip(colour, 0, 1), alpha], axis=-1)
    return (straight * 255 + 0.5).astype(np.uint8)
