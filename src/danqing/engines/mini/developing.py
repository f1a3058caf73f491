"""From latents to the picture: each sheet is decoded, evened, brought to its colours and enlarged; then all
are put together on the ground that was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.engines.mini.enlarging import enlarged
from danqing.engines.mini.evenness import evened
from danqing.engines.mini.layers import Layer, put_together
from danqing.engines.mini.layout import Box
from danqing.engines.mini.model import MiniModel
from danqing.engines.mini.paper import paper_for
from danqing.engines.mini.pixels import to_network, to_straight
from danqing.engines.mini.tint import NAMED_COLOURS
from danqing.engines.mini.understanding import Drawable
from danqing.engines.protocol import Pixels, Spec

MUCH_LARGER = 320  # from here on a sheet is worth the learned upscaler
Array = npt.NDArray[np.float32]
# What is drawn on one sheet: normalised latent patches (1, 64, 32), what they show and where it goes.
Sheet = tuple[Array, Layer]
# The same to be looked at: (side, side, 4) uint8 straight RGBA and where it goes.
Developed = tuple[Pixels, Box | None]


@dataclass(frozen=True, slots=True)
class Darkroom:
    """What becomes of one picture's sheets. Safe to share between threads."""

    model: MiniModel
    spec: Spec
    drawable: Drawable

    def develop(self, sheet: Sheet, *, quick: bool = False) -> Developed:
        """quick: neither evened nor enlarged by the network for it."""
        patches, layer = sheet
        # A picture that is changed keeps its own style unless another was asked.
        kept = self.spec.picture is not None and not self.drawable.style_asked
        style = None if kept else layer.style
        drawn = self.model.decode(patches, style)
        if not quick and style in self.model.card.flat_styles:
            drawn = evened(drawn)
        if self.spec.picture is None:
            drawn = self._coloured(drawn, layer)
        needed_px = (
            self._side if layer.box is None else round(min(layer.box.w, layer.box.h) * self._side)
        )
        if not quick and needed_px > MUCH_LARGER:
            drawn = self.model.upscaler.run(None, {"x": drawn})[0]
        elif not quick and needed_px > drawn.shape[-1]:
            drawn = enlarged(drawn, needed_px)
        return to_straight(drawn)[0], layer.box

    def put_together(self, sheets: Sequence[Developed]) -> Pixels:
        """All of a picture, on its ground: (height, width, 4) uint8 straight RGBA."""
        spec, background = self.spec, self.drawable.brief.background
        drawn = put_together(sheets, self._side)
        ground: tuple[int, ...] = (0, 0, 0, 0)
        if background is not None:
            ground = (*NAMED_COLOURS[background], 255)
        elif not spec.transparent:
            ground = (*paper_for(drawn), 255)
        page = Image.new("RGBA", drawn.size, ground)
        page.alpha_composite(drawn)
        # What lies beside the square that is drawn: the picture it was made from, or more ground.
        canvas = Image.new("RGBA", (spec.width_px, spec.height_px), ground)
        if spec.picture is not None:
            canvas = Image.fromarray(spec.picture)
        canvas.paste(page, ((spec.width_px - self._side) // 2, (spec.height_px - self._side) // 2))
        return np.asarray(canvas)

    def glimpse(self, sheets: Sequence[Sheet]) -> Pixels:
        """The picture as far as it is, made fast."""
        return self.put_together([self.develop(sheet, quick=True) for sheet in sheets])

    @property
    def _side(self) -> int:
        return min(self.spec.width_px, self.spec.height_px)

    def _coloured(self, drawn: Array, layer: Layer) -> Array:
        """A decoded sheet, (1, 4, 128, 128), in its style's colours and its skin tone, unless the thing on
        it was asked in a colour of its own."""
        (shown,) = layer.objects
        if shown.placed.colour:
            return drawn
        palettes = self.model.card.palettes
        straight = palettes.bring(to_straight(drawn)[0], shown.style, shown.placed.skin)
        return to_network(palettes.tone(straight, shown.style, shown.placed.skin, shown.skin)[None])
