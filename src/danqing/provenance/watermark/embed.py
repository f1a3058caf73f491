"""Putting the mark in: a little more or less light, in all three channels alike.

A flat area gets FLAT_LEVELS, which is seen, if at all, as the faintest grain of paper; texture hides
more and gets more. Over the whole picture the change stays under MAX_RMS_LEVELS, which is a PSNR of 40.1
dB, whatever the picture. Clear pixels keep every bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels
from danqing.provenance.encode import on_white
from danqing.provenance.watermark.key import WatermarkKey
from danqing.provenance.watermark.tile import SIDE, draw_tile, spectrum_of

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

REFERENCE_PX = 512
"""Up to this shorter side a cell of the tile is a pixel; from there on it grows with the picture,
so that 2048² made small keeps as much of its mark as 512² does."""
FLAT_LEVELS, TEXTURE_LEVELS, LEVELS_PER_ROUGHNESS = 1.25, 4.0, 0.16
SATURATED_GAIN = 1.35
"""Where light can only go one way, half of the mark is cut off; this makes up for some of it."""
MAX_RMS_LEVELS = 2.5
_CREST = 2.5  # the tile's own peaks, in its root mean squares, beyond which it is cut

Levels = npt.NDArray[np.float32]


def embed(pixels: Pixels, key: WatermarkKey, artwork_id: str) -> Pixels:
    """A marked copy of (H, W, 4) uint8 straight RGBA. The same arguments give the same pixels."""
    from PIL import Image

    height, width = pixels.shape[:2]
    scale = max(1.0, min(width, height) / REFERENCE_PX)
    light = Image.fromarray(on_white(pixels)).convert("L")
    alpha = pixels[..., 3].astype(np.float32) / 255
    levels = _levels(light, scale) * alpha
    levels *= min(1.0, MAX_RMS_LEVELS / max(1e-6, float(np.sqrt((levels**2).mean()))))
    change = np.rint(levels * _pattern(key, artwork_id, width, height, scale)).astype(np.int16)
    marked = pixels.copy()
    for channel in range(3):  # four times as fast as all at once
        lit = pixels[..., channel] + change
        np.clip(lit, 0, 255, out=marked[..., channel], casting="unsafe")
    return marked


def _pattern(key: WatermarkKey, artwork_id: str, width: int, height: int, scale: float) -> Levels:
    """(height, width) of the tile, over and over, mean square 1. Each id begins it elsewhere: two
    marks in one picture, its own and its source's, then both stay readable."""
    from PIL import Image

    tile = draw_tile(spectrum_of(key, key.payload_of(artwork_id)))
    tile = np.roll(tile, key.offset_of(artwork_id, SIDE), (0, 1)).clip(-_CREST, _CREST)
    rows, columns = height / scale, width / scale
    repeats = (int(-(-rows // SIDE)) + 1, int(-(-columns // SIDE)) + 1)
    pattern = np.tile(tile.astype(np.float32), repeats)
    if scale == 1:
        return pattern[:height, :width]
    whole = Image.fromarray(pattern)
    box = (0, 0, columns, rows)
    return np.asarray(whole.resize((width, height), Image.Resampling.BICUBIC, box=box))


def _levels(light: Picture, scale: float) -> Levels:
    """How strong the mark may be at each pixel, in levels of 255: what the eye lets pass there."""
    from PIL import Image, ImageFilter

    near = max(1, round(2 * scale))
    values = np.asarray(light).astype(np.int16)
    around = np.asarray(light.filter(ImageFilter.BoxBlur(near)))
    rough = Image.fromarray(np.abs(values - around).astype(np.uint8))
    roughness = np.asarray(rough.filter(ImageFilter.BoxBlur(2 * near)), np.float32)
    levels: Levels = np.minimum(FLAT_LEVELS + LEVELS_PER_ROUGHNESS * roughness, TEXTURE_LEVELS)
    levels[(values >= 253) | (values <= 2)] *= SATURATED_GAIN
    return levels
