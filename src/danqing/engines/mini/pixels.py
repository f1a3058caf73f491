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
    colour = np.divide(
        unit[..., :3], alpha, out=np.zeros_like(unit[..., :3]), where=alpha > 1 / 255
    )
    straight = np.concatenate([np.clip(colour, 0, 1), alpha], axis=-1)
    return (straight * 255 + 0.5).astype(np.uint8)


def sketch_patches(sketches: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """(B, 64, 64, 4) uint8 straight RGBA → (B, 64, 256): the 8 × 8 square under each latent patch."""
    squares = to_network(sketches).reshape(len(sketches), 4, 8, 8, 8, 8)
    patches = squares.transpose(0, 2, 4, 1, 3, 5).reshape(len(sketches), 64, 256)
    return np.ascontiguousarray(patches)


def enlarge(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(B, C, H, W) → (B, C, 2H, 2W), bilinear, edges held; the same in training and in drawing."""
    for axis in (2, 3):
        length = x.shape[axis]
        before = np.take(x, np.maximum(np.arange(length) - 1, 0), axis)
        after = np.take(x, np.minimum(np.arange(length) + 1, length - 1), axis)
        doubled = np.stack([0.75 * x + 0.25 * before, 0.75 * x + 0.25 * after], axis + 1)
        shape = [2 * n if a == axis else n for a, n in enumerate(x.shape)]
        x = doubled.reshape(shape)
    return x


def latent_patches(latent: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(B, 8, 16, 16) → (B, 64, 32), row by row; within a patch channels outermost."""
    squares = latent.reshape(len(latent), 8, 8, 2, 8, 2).transpose(0, 2, 4, 1, 3, 5)
    return np.ascontiguousarray(squares.reshape(len(latent), 64, 32))
