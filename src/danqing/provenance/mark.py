"""The visible mark: 「AI生成」 in the bottom-right corner (GB 45438-2025, 5.2).

The clause asks for text with an AI element and a generation element, at an edge or corner,
legible, its height at least 5 % of the shortest side. "Height" is not defined there, so the
strictest reading is kept: the ink of the drawn glyphs, measured, and the capitals alone reach 5
% too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

MARK_TEXT = "AI生成"
MINIMUM_SHARE = 0.05
# Capitals of the font are 0.733 em high: 0.072 em-share puts them at 5.3 % and the Han glyphs
# at 6.7 %.
EM_SHARE = 0.072
MIN_EM_PX = 13  # below this 「生成」 can't be told from a smudge
MINIMUM_CONTRAST = 4.5  # WCAG 2.2, 1.4.3

INK_COLOUR, PLATE_COLOUR = "#ffffff", "#18181b"
_INK_RGB = np.array((255, 255, 255), np.float32)
_PLATE_RGB = np.array((24, 24, 27), np.float32)
_PLATE_OPACITY = 0.8


@dataclass(frozen=True, slots=True)
class Box:
    """Pixels left ≤ x < right, top ≤ y < bottom."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height_px(self) -> int:
        return self.bottom - self.top


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A mark as it was drawn. plate: its ground in the picture. ink: the glyphs' own box in the
    picture.

    glyphs: (plate height, plate width) uint8, how much of each pixel of the plate is ink.
    """

    text: str
    plate: Box
    ink: Box
    glyphs: npt.NDArray[np.uint8]


@lru_cache(maxsize=16)
def mark_font(em_px: int) -> FreeTypeFont:
    """The bundled font at a size. Basic layout: the same shapes whether or not Pillow has Raqm."""
    from PIL import ImageFont

    data = files("danqing.provenance").joinpath("fonts/DanqingMark.otf").read_bytes()
    return ImageFont.truetype(BytesIO(data), em_px, layout_engine=ImageFont.Layout.BASIC)


def em_px_for(width_px: int, height_px: int) -> int:
    """The mark's font size for a picture of this size."""
    return max(MIN_EM_PX, -int(-EM_SHARE * min(width_px, height_px) // 1))


def draw_mark(pixels: Pixels) -> tuple[Pixels, Mark]:
    """A marked copy of (H, W, 4) uint8 straight RGBA, and the mark as measured.

    Under the mark the copy is opaque, so that it stays legible wherever a transparent picture
    is laid. Raises ProvenanceError when the picture is too small for a legible mark.
    """
    height, width = pixels.shape[:2]
    em = em_px_for(width, height)
    glyphs = glyphs_at(em)
    pad_x, pad_y = max(2, em // 4), max(2, em // 6)
    coverage = np.pad(glyphs, ((pad_y, pad_y), (pad_x, pad_x)))
    plate_h, plate_w = coverage.shape
    margin = em // 6
    left, top = width - margin - plate_w, height - margin - plate_h
    if left < 0 or top < 0:
        raise ProvenanceError("provenance.too_small", width_px=width, height_px=height)
    plate = Box(left, top, left + plate_w, top + plate_h)
    mark = Mark(MARK_TEXT, plate, _ink_box(coverage, plate), coverage)
    if mark.ink.height_px < MINIMUM_SHARE * min(width, height):
        raise ProvenanceError("provenance.too_small", width_px=width, height_px=height)
    marked = pixels.copy()
    region = marked[plate.top : plate.bottom, plate.left : plate.right]
    region[:] = _painted(region, coverage, _rounded(plate_h, plate_w, max(2, em // 5)))
    return marked, mark


@lru_cache(maxsize=16)
def glyphs_at(em_px: int) -> npt.NDArray[np.uint8]:
    """The mark's text as coverage, cropped to its ink."""
    from PIL import Image, ImageDraw

    font = mark_font(em_px)
    left, top, right, bottom = (int(v) for v in font.getbbox(MARK_TEXT))
    canvas = Image.new("L", (right - left + 4, bottom - top + 4))
    ImageDraw.Draw(canvas).text((2 - left, 2 - top), MARK_TEXT, fill=255, font=font)
    return np.asarray(canvas.crop(canvas.getbbox()))


def _ink_box(coverage: npt.NDArray[np.uint8], plate: Box) -> Box:
    """Where the glyphs are more ink than not: the soft outer edge does not count towards the 5
    %."""
    rows = np.flatnonzero((coverage >= 128).any(axis=1))
    columns = np.flatnonzero((coverage >= 128).any(axis=0))
    return Box(
        plate.left + int(columns[0]),
        plate.top + int(rows[0]),
        plate.left + int(columns[-1]) + 1,
        plate.top + int(rows[-1]) + 1,
    )


def _rounded(height: int, width: int, radius_px: int) -> npt.NDArray[np.float32]:
    """(height, width, 1) coverage in [0, 1] of a rectangle with rounded corners, edges smoothed."""
    y = np.abs(np.arange(height) - (height - 1) / 2)[:, None] - (height / 2 - radius_px)
    x = np.abs(np.arange(width) - (width - 1) / 2)[None, :] - (width / 2 - radius_px)
    distance = np.hypot(np.maximum(x, 0), np.maximum(y, 0)) - radius_px
    cover: npt.NDArray[np.float32] = np.clip(0.5 - distance, 0, 1).astype(np.float32)
    return cover[..., None]


def _painted(
    ground: Pixels, coverage: npt.NDArray[np.uint8], plate: npt.NDArray[np.float32]
) -> Pixels:
    """Ink over plate over ground. Inside the plate alpha is 255; the picture shines through
    faintly."""
    alpha = ground[..., 3:].astype(np.float32) / 255
    below = ground[..., :3].astype(np.float32)
    shade = _PLATE_OPACITY * _PLATE_RGB + (1 - _PLATE_OPACITY) * alpha * below
    ink = coverage[..., None].astype(np.float32) / 255
    inside = ink * _INK_RGB + (1 - ink) * shade
    alpha_out = plate + (1 - plate) * alpha
    mixed = plate * inside + (1 - plate) * alpha * below
    rgb = np.divide(mixed, alpha_out, out=below, where=alpha_out > 0)
    return np.concatenate((rgb, 255 * alpha_out), axis=2).round().astype(np.uint8)


def contrast_in(pixels: Pixels, mark: Mark) -> float:
    """The contrast ratio (WCAG 2.2) of ink to plate in (H, W, 4) uint8 pixels where the mark
    should be.

    1.0 means that nothing can be read there; transparent ink counts as none.
    """
    box = mark.plate
    region = pixels[box.top : box.bottom, box.left : box.right].astype(np.float64) / 255
    if region.shape[:2] != mark.glyphs.shape:
        return 1.0
    linear = np.where(region <= 0.04045, region / 12.92, ((region + 0.055) / 1.055) ** 2.4)
    luminance = linear[..., :3] @ (0.2126, 0.7152, 0.0722) * region[..., 3]
    ink = mark.glyphs >= 192
    rows, columns = np.nonzero(mark.glyphs >= 128)
    near = np.zeros_like(ink)
    near[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] = True
    light, dark = luminance[ink].mean(), luminance[near & (mark.glyphs == 0)].mean()
    return float((max(light, dark) + 0.05) / (min(light, dark) + 0.05))
