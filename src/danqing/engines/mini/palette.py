"""Each style has its colours, and a drawing is brought to them.

Art sets are drawn from few colours, and by those one tells them apart: the yellow of a face, the blue of
glass. A sketch is of another set than the one that is asked for, and a network led by it keeps its colours.
So sketches are brought to the asked style's palette, in training as in drawing, and so is what was drawn.
Every pixel moves towards its nearest colours; the movement, not the picture, is then smoothed, so that
fills change as a whole, shading stays and no speckles come of two colours that are equally near.

People are all drawn in the middle of the five skin tones and given theirs afterwards, be it one of the five
or the yellow in which a style draws whoever has none. Left to the network a dark face lost its eyes and
mouth, which differ little from it and so weighed little in training, and a yellow one its yellow hair; this
way all have the same drawing. Art sets are made alike: one figure, six sets of colours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    """things: style → the colours of all that has no skin.

    people: style → skin tone → the colours of people, the n-th being those of the same things in every tone.
    Tones are 1 (light) to 5 (dark), and 0 is how the style draws those whose tone is left open.
    """

    things: Mapping[str, Colours]
    people: Mapping[str, Mapping[int, Colours]]

    @classmethod
    def read(cls, record: Mapping[str, Any]) -> Palettes:
        """From the model card: a palette is one `rrggbbrrggbb…`. Raises ValueError for anything else."""
        return cls(
            {style: _colours(packed) for style, packed in record["things"].items()},
            {
                style: {int(skin): _colours(packed) for skin, packed in tones.items()}
                for style, tones in record["people"].items()
            },
        )

    def record(self) -> dict[str, Any]:
        """As `read` takes it."""
        return {
            "things": {style: _packed(colours) for style, colours in self.things.items()},
            "people": {
                style: {str(skin): _packed(colours) for skin, colours in tones.items()}
                for style, tones in self.people.items()
            },
        }

    def bring(
        self, straight: npt.NDArray[np.uint8], style: str | None, skin: int
    ) -> npt.NDArray[np.uint8]:
        """A drawing in the colours of a style: of a person of this tone, or of a thing where it is 0. As it
        is where the style's drawings have no such skin, or the style no palette."""
        colours = self._people_of(style).get(skin) if skin else self.things.get(style or "")
        return straight if colours is None else brought_to(straight, colours)

    def open_tone(self, style: str, chance: np.random.Generator) -> int:
        """The tone of a person of whom none was said: the style's own way to leave it open, or any of the
        five, none being the usual one, or 0 where the style knows no tones."""
        tones = self._people_of(style)
        if not tones or 0 in tones:
            return 0
        return int(chance.choice(sorted(tones)))

    def drawn_tone(self, style: str, skin: int) -> int:
        """The tone to draw a person of this tone in, before `tone`: the middle one where the style's colours
        are known in both, else the tone itself."""
        return MIDDLE_TONE if {skin, MIDDLE_TONE} <= self._people_of(style).keys() else skin

    def tone(
        self, straight: npt.NDArray[np.uint8], style: str | None, drawn: int, skin: int
    ) -> npt.NDArray[np.uint8]:
        """Someone drawn in one tone, (H, W, 4) uint8 straight RGBA, with another; as they are where the
        style has not the colours of both."""
        tones = self._people_of(style)
        if drawn == skin or not {drawn, skin} <= tones.keys():
            return straight
        return exchanged(straight, tones[drawn], tones[skin])

    def _people_of(self, style: str | None) -> Mapping[int, Colours]:
        return self.people.get(style or "", {})


NO_PALETTES = Palettes({}, {})


def _colours(packed: str) -> Colours:
    return np.frombuffer(bytes.fromhex(packed), np.uint8).reshape(-1, 3)


def _packed(colours: Colours) -> str:
    return colours.tobytes().hex()


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
