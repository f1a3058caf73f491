"""Pixels to vector outlines, by VTracer (Pun, Fung and Tsang, 2020): smooth curves, flat fills.

Only what is known of VTracer's output is taken over, path by path, so that nothing else can get
into a file of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError

OPAQUE = 128  # of 255: what is more clear than not is left out
_BLEED_PX = 3
_PATH = re.compile(
    r'<path d="([-0-9MCLZ ., ]*)" fill="(#[0-9A-F]{6})" transform="translate\(([-0-9.,]+)\)"/>'
)
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outline:
    """A filled path. d: SVG path data, from (x, y) on; lengths in pixels. fill: #RRGGBB."""

    d: str
    fill: str
    x: float
    y: float


def trace_colours(pixels: Pixels) -> tuple[Outline, ...]:
    """The areas of a picture, each over the ones before it, without regard to transparency.

    pixels: (H, W, 4) uint8 straight RGBA. What is clear takes on the colour beside it, so that
    whatever is cut out of it later has clean edges.
    """
    return _traced(
        _bled(pixels),
        colormode="color",
        hierarchical="stacked",
        filter_speckle=4,
        color_precision=6,
        layer_difference=16,
        path_precision=1,
    )


def trace_mask(mask: Mask, precision: int = 1) -> tuple[Outline, ...]:
    """The outlines of a (H, W) mask, holes included. precision: decimals of a pixel."""
    grey = np.where(mask, 0, 255).astype(np.uint8)
    rgb = np.repeat(grey[..., None], 3, axis=2)
    return _traced(rgb, colormode="binary", filter_speckle=1, path_precision=precision)


def _traced(rgb: npt.NDArray[np.uint8], **settings: object) -> tuple[Outline, ...]:
    import vtracer
    from PIL import Image

    file = BytesIO()
    Image.fromarray(rgb).save(file, "PNG", compress_level=0)
    drawn: str = vtracer.convert_raw_image_to_svg(
        file.getvalue(), img_format="png", mode="spline", **settings
    )
    found = _PATH.findall(drawn)
    if len(found) != drawn.count("<path"):
        raise ProvenanceError("provenance.encode", format="SVG")
    outlines = []
    for d, fill, shift in found:
        x, y = map(float, shift.split(","))
        outlines.append(Outline(d.strip(), fill, x, y))
    return tuple(outlines)


def _bled(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """(H, W, 3): opaque colours carried a few pixels into what is clear, and white beyond."""
    known = pixels[..., 3] >= OPAQUE
    if known.all():
        return np.ascontiguousarray(pixels[..., :3])
    colour = np.where(known[..., None], pixels[..., :3], 0).astype(np.float32)
    for _ in range(_BLEED_PX):
        total, count = np.zeros_like(colour), np.zeros(known.shape, np.float32)
        for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
            total += _shifted(colour * known[..., None], axis, step)
            count += _shifted(known.astype(np.float32), axis, step)
        new = ~known & (count > 0)
        colour[new] = total[new] / count[new][:, None]
        known = known | new
    colour[~known] = 255
    return (colour + 0.5).astype(np.uint8)


def _shifted(values: npt.NDArray[np.float32], axis: int, step: int) -> npt.NDArray[np.float32]:
    """Moved by one along an axis, zeros coming in."""
    moved = np.roll(values, step, axis)
    edge = [slice(None)] * values.ndim
    edge[axis] = slice(0, 1) if step > 0 else slice(-1, None)
    moved[tuple(edge)] = 0
    return moved
