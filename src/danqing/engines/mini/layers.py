"""A picture of several things is drawn thing by thing, each as large as the network can, and put together.

The network has 16 × 16 latents for a whole canvas. A child at half its side would be drawn in 8 × 8 of
them, where no face has room; drawn alone it gets them all, and its place is the planner's to choose. The
scenes of training are put together by the same planner (cf. layered generation: Zhang & Agrawala 2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageFilter

from danqing.engines.mini.canvas import Straight, compose
from danqing.engines.mini.conditions import Recalled
from danqing.engines.mini.layout import Box

FULL = Box(0.5, 0.5, 0.94, 0.94)
_NEARLY_FULL = 0.8  # a thing this large is drawn where it stands; moving it would only soften it
_SMALL_PX, _RIM_PX, _SOLID, _CLEAR = 128, 5, 200, 60
_TOO_LIKE, _LOST_SHARE = 30.0, 0.25
# White paper first, then pale tints of it: 月白, 杏, 竹青, 藕荷.
_PAPERS = ((255, 255, 255), (205, 229, 238), (250, 226, 196), (208, 228, 203), (232, 212, 220))
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Layer:
    """objects: what the network is told to draw on one sheet. box: where the sheet goes on the canvas; None
    where it is the canvas."""

    objects: tuple[Recalled, ...]
    box: Box | None = None


def in_layers(objects: tuple[Recalled, ...]) -> tuple[Layer, ...]:
    """From back to front, one thing on each."""
    if len(objects) == 1 and objects[0].placed.box.w > _NEARLY_FULL:
        return (Layer(objects),)
    return tuple(_alone(recalled) for recalled in objects)


def _alone(recalled: Recalled) -> Layer:
    placed = replace(recalled.placed, box=FULL, backdrop=False)
    return Layer((replace(recalled, placed=placed),), recalled.placed.box.scaled(1 / FULL.w))


def put_together(sheets: Sequence[tuple[Straight, Box | None]], side_px: int) -> Image.Image:
    """Square sheets, each in its box, as one clear RGBA canvas of this side."""
    boxed = [(pixels, box) for pixels, box in sheets if box is not None]
    if boxed:
        return Image.fromarray(compose(boxed, side_px))
    canvas = Image.fromarray(sheets[0][0])
    if canvas.width != side_px:
        canvas = canvas.convert("RGBa").resize((side_px, side_px), Image.Resampling.LANCZOS)
    return canvas.convert("RGBA")


def paper_for(canvas: Image.Image) -> Colour:
    """White, unless a good part of the drawing's rim would be lost on it, as of a white bun; then the
    first of some pale tints that shows it, or the one that shows most."""
    small = canvas.resize((_SMALL_PX, _SMALL_PX), Image.Resampling.NEAREST)
    pixels = np.asarray(small)
    clear = Image.fromarray(((pixels[..., 3] < _CLEAR) * 255).astype(np.uint8))
    beside = np.asarray(clear.filter(ImageFilter.MaxFilter(_RIM_PX))) > 0
    rim = pixels[(pixels[..., 3] > _SOLID) & beside][:, :3].astype(np.float32)
    if not len(rim):
        return _PAPERS[0]
    lost = [float((np.linalg.norm(rim - paper, axis=1) < _TOO_LIKE).mean()) for paper in _PAPERS]
    fit = [paper for paper, share in zip(_PAPERS, lost, strict=True) if share <= _LOST_SHARE]
    return fit[0] if fit else _PAPERS[int(np.argmin(lost))]
