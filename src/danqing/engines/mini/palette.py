"""Each style has its colours, and a drawing is brought to them.

Art sets are drawn from few colours, and by those one tells them apart: the yellow of a face, the blue of
glass. A sketch is of another set than the one that is asked for, and a network led by it keeps its colours.
So sketches are brought to the asked style's palette, in training as in drawing, and so is what was drawn.
Every pixel moves towards its nearest colours; the movement, not the picture, is then smoothed, so that
fills change as a whole, shading stays and no speckles come of two colours that are equally near.

People are all drawn in the middle of the five skin tones and given theirs afterwards. Left to the network a
dark face lost its eyes and mouth, which differ little from it and so weighed little in training; this way
every tone has the same drawing. Art sets are made alike: one figure, five sets of colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from danqing.lab import Array, to_lab, to_rgb

Colours = npt.NDArray[np.uint8]
"""(N, 3) sRGB."""
_NEAREST = 40.0  # squared ΔE over which a colour counts e times less than the nearest
_BLENDED = (
    100.0  # the same where a skin tone is changed: softer, for there nothing is smoothed afterwards
)
_UNSEEN = 3  # of 255: a drawing's clear ground is full of alpha as low as that
MIDDLE_TONE = 3  # of 1 (light) to 5 (dark)
_REACH = 4  # pixels; the Gaussian below is cut off there
_SIGMA = 2.0  # pixels of a drawing 128 across
_DRAWN_SIDE = 128
_FEWEST = 0.02  # of the weight under the Gaussian: less is beyond the rim


@dataclass(frozen=True, slots=True)
class Palettes:
    """style → skin tone (0 unstated, else 1 to 5) → its colours. In tones 1 to 5 of a style the n-th colour
    is that of the same things."""

    by_style: Mapping[str, Mapping[int, Colours]]

    @classmethod
    def read(cls, record: Mapping[str, Mapping[str, str]]) -> Palettes:
        """From the model card: a palette is one `rrggbbrrggbb…`. Raises ValueError for anything else."""
        return cls(
            {
                style: {int(skin): _colours(packed) for skin, packed in tones.items()}
                for style, tones in record.items()
            }
        )

    def record(self) -> dict[str, dict[str, str]]:
        """As `read` takes them."""
        return {
            style: {str(skin): colours.tobytes().hex() for skin, colours in tones.items()}
            for style, tones in self.by_style.items()
        }

    def bring(
        self, straight: npt.NDArray[np.uint8], style: str | None, skin: int
    ) -> npt.NDArray[np.uint8]:
        """A drawing in the colours of a style; as it is where the style's drawings have no such skin, or
        the style no palette."""
        colours = self.by_style.get(style or "", {}).get(skin)
        return straight if colours is None else brought_to(straight, colours)

    def drawn_tone(self, style: str | None, skin: int) -> int:
        """The skin tone to draw someone of this tone in, before `tone`: the middle one where the style's
        colours are known in both, else the tone itself."""
        tones = self.by_style.get(style or "", {})
        return MIDDLE_TONE if skin and {skin, MIDDLE_TONE} <= tones.keys() else skin

    def tone(
        self, straight: npt.NDArray[np.uint8], style: str | None, skin: int
    ) -> npt.NDArray[np.uint8]:
        """Someone drawn in `drawn_tone`, (H, W, 4) uint8 straight RGBA, with their own skin tone."""
        drawn = self.drawn_tone(style, skin)
        if drawn == skin:
            return straight
        tones = self.by_style[style or ""]
        return exchanged(straight, tones[drawn], tones[skin])


NO_PALETTES = Palettes({})


def _colours(packed: str) -> Colours:
    return np.frombuffer(bytes.fromhex(packed), np.uint8).reshape(-1, 3)


def brought_to(straight: npt.NDArray[np.uint8], colours: Colours) -> npt.NDArray[np.uint8]:
    """(H, W, 4) uint8 straight RGBA in these colours; alpha stays."""
    solid = straight[..., 3] > _UNSEEN
    if not solid.any():
        return straight
    lab, wanted = to_lab(straight[solid][:, :3]), to_lab(colours)
    nearness = _nearness(lab, wanted, _NEAREST)
    weight = straight[..., 3].astype(np.float32) / 255
    movement = np.zeros((*solid.shape, 4), np.float32)
    movement[solid, :3] = (nearness @ wanted - lab) * weight[solid, None]
    movement[..., 3] = weight
    smooth = _smoothed(movement, _SIGMA * straight.shape[0] / _DRAWN_SIDE)[solid]
    moved = lab + smooth[:, :3] / np.maximum(smooth[:, 3:], _FEWEST)
    out = straight.copy()
    out[solid, :3] = to_rgb(moved.astype(np.float32))
    return out


def exchanged(
    straight: npt.NDArray[np.uint8], colours: Colours, others: Colours
) -> npt.NDArray[np.uint8]:
    """(H, W, 4) uint8 straight RGBA with the n-th of `others` for the n-th colour, shades in step with it.

    Not smoothed: the white of an eye is as small as the smoothing is wide."""
    solid = straight[..., 3] > _UNSEEN
    lab, near = to_lab(straight[solid][:, :3]), to_lab(colours)
    out = straight.copy()
    moved = lab + _nearness(lab, near, _BLENDED) @ (to_lab(others) - near)
    out[solid, :3] = to_rgb(moved.astype(np.float32))
    return out


def _nearness(lab: Array, colours: Array, reach: float) -> Array:
    """(N, 3) and (k, 3) in L*a*b* → (N, k): how near each colour is, a softmax over -|x - c|² / reach."""
    # Less |x|², which is the same for every colour and so goes out in the softmax.
    nearness = (2 * lab @ colours.T - np.square(colours).sum(1)) / reach
    nearness = np.exp(nearness - nearness.max(1, keepdims=True))
    shares: Array = nearness / nearness.sum(1, keepdims=True)
    return shares


def _smoothed(values: Array, sigma_px: float) -> Array:
    """(H, W, C) under a Gaussian, nothing beyond the edges."""
    height, width = values.shape[:2]
    at = np.arange(-_REACH, _REACH + 1)
    kernel = np.exp(-np.square(at / sigma_px) / 2).astype(np.float32)
    kernel /= kernel.sum()
    wide = np.pad(values, ((_REACH, _REACH), (0, 0), (0, 0)))
    down = sum(k * wide[i : i + height] for i, k in enumerate(kernel))
    wide = np.pad(np.asarray(down), ((0, 0), (_REACH, _REACH), (0, 0)))
    across = sum(k * wide[:, i : i + width] for i, k in enumerate(kernel))
    return np.asarray(across)
