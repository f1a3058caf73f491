"""An even ground behind a thing: found, taken away, put back.

The embedded engine draws things on nothing. What it starts from should be such a thing too: encoded
with its white ground, a picture comes back under a haze of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels

_OPAQUE = 250  # of 255
_STRICTEST, _LOOSEST = 4, 36  # difference of a channel, in levels of 255; JPEG blurs flat colours
_EVEN_SHARE = 0.9  # of the edge
_SMALLEST_SHARE, _LARGEST_SHARE = 0.01, 0.97
_EDGE_PX = 2  # how far a thing's colour runs into the ground's
GroundMask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ground:
    """colour: (r, g, b), 0 to 255. mask: (H, W), where the picture is nothing else."""

    colour: tuple[int, int, int]
    mask: GroundMask


def find_ground(picture: Pixels) -> Ground | None:
    """The even ground that reaches the edge, or None where there is none to speak of.

    How even it must be the edge itself says: a white rabbit on a drawn white ground is told from it
    by a few levels, which in a JPEG would be noise. picture: (H, W, 4) uint8; its alpha is not
    looked at.
    """
    colours = picture[..., :3].astype(np.int16)
    edge = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    colour = np.median(edge, axis=0)
    unevenness = float(np.quantile(np.abs(edge - colour).max(axis=-1), _EVEN_SHARE))
    if unevenness > _LOOSEST:
        return None
    tolerance = min(_LOOSEST, _STRICTEST + 3 * unevenness)
    mask = _flooded(np.abs(colours - colour).max(axis=-1) <= tolerance)
    if not _SMALLEST_SHARE <= 1 - mask.mean() <= _LARGEST_SHARE:
        return None
    red, green, blue = (round(float(channel)) for channel in colour)
    return Ground((red, green, blue), mask)


def cut_out(picture: Pixels) -> tuple[Pixels, Ground] | None:
    """The thing alone, with soft edges, and the ground it stood on; None for a picture that is clear
    somewhere, or whose ground is not even.

    Along its edge, a thing's colour c is mixed with the ground's g: c = a·t + (1 - a)·g. The share a
    is how far c is from g, measured by the farthest of its neighbours, which are taken for t.
    """
    if picture[..., 3].min() < _OPAQUE:
        return None
    ground = find_ground(picture)
    if ground is None:
        return None
    colours = picture[..., :3].astype(np.float32)
    behind = np.array(ground.colour, np.float32)
    apart = np.abs(colours - behind).max(axis=-1)
    share = np.where(_grown(ground.mask, _EDGE_PX), apart / np.maximum(_highest(apart), 1), 1.0)
    share = np.where(ground.mask, 0.0, share)[..., None]
    thing = np.divide(
        colours - (1 - share) * behind, share, out=np.zeros_like(colours), where=share > 0
    )
    straight = np.concatenate((np.clip(thing, 0, 255), share * 255), axis=-1)
    pixels: Pixels = (straight + 0.5).astype(np.uint8)
    return pixels, ground


def put_on(picture: Pixels, ground: Ground) -> Pixels:
    """A picture over the colour of a ground: (H, W, 4) uint8, opaque."""
    from PIL import Image

    page = Image.new("RGBA", (picture.shape[1], picture.shape[0]), (*ground.colour, 255))
    page.alpha_composite(Image.fromarray(picture))
    return np.array(page)


def _flooded(alike: GroundMask) -> GroundMask:
    """What of a mask is joined to its edge, by sides."""
    flooded = np.zeros_like(alike)
    flooded[[0, -1]], flooded[:, [0, -1]] = alike[[0, -1]], alike[:, [0, -1]]
    reached = -1
    while reached != (reached := int(flooded.sum())):
        wider = flooded.copy()
        wider[1:] |= flooded[:-1]
        wider[:-1] |= flooded[1:]
        wider[:, 1:] |= flooded[:, :-1]
        wider[:, :-1] |= flooded[:, 1:]
        flooded = wider & alike
    return flooded


def _grown(mask: GroundMask, by_px: int) -> GroundMask:
    """A mask and what lies within so many pixels of it."""
    from PIL import Image, ImageFilter

    grown = Image.fromarray(mask.astype(np.uint8) * 255)
    return np.asarray(grown.filter(ImageFilter.MaxFilter(2 * by_px + 1))) > 0


def _highest(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Each value's highest neighbour, itself included, within twice the width of an edge."""
    from PIL import Image, ImageFilter

    levels = Image.fromarray(values.astype(np.uint8))
    return np.asarray(levels.filter(ImageFilter.MaxFilter(4 * _EDGE_PX + 1))).astype(np.float32)
