"""A picture of several things is drawn thing by thing, each as large as the network can, and put together.

The network has 16 × 16 latents for a whole canvas. A child at half its side would be drawn in 8 × 8 of
them, where no face has room; drawn alone it gets them all, and its place is the planner's to choose. The
scenes of training are put together by the same planner (cf. layered generation: Zhang & Agrawala 2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from danqing.engines.mini.canvas import Straight, compose
from danqing.engines.mini.conditions import Recalled
from danqing.engines.mini.layout import Box

FULL = Box(0.5, 0.5, 0.94, 0.94)
_NEARLY_FULL = 0.8  # a thing this large is drawn where it stands; moving it would only soften it


@dataclass(frozen=True, slots=True)
class Layer:
    """objects: what the network is told to draw on one sheet. box: where the sheet goes on the canvas; None
    where it is the canvas."""

    objects: tuple[Recalled, ...]
    style: str
    box: Box | None = None


def in_layers(objects: tuple[Recalled, ...]) -> tuple[Layer, ...]:
    """From back to front, one thing on each."""
    if len(objects) == 1 and objects[0].placed.box.w > _NEARLY_FULL:
        return (Layer(objects, objects[0].style),)
    return tuple(_alone(recalled) for recalled in objects)


def _alone(recalled: Recalled) -> Layer:
    placed = replace(recalled.placed, box=FULL, backdrop=False)
    box = recalled.placed.box.scaled(1 / FULL.w)
    return Layer((replace(recalled, placed=placed),), recalled.style, box)


def put_together(sheets: Sequence[tuple[Straight, Box | None]], side_px: int) -> Image.Image:
    """Square sheets, each in its box, as one clear RGBA canvas of this side."""
    boxed = [(pixels, box) for pixels, box in sheets if box is not None]
    if boxed:
        return Image.fromarray(compose(boxed, side_px))
    canvas = Image.fromarray(sheets[0][0])
    if canvas.width != side_px:
        canvas = canvas.convert("RGBa").resize((side_px, side_px), Image.Resampling.LANCZOS)
    return canvas.convert("RGBA")
