"""The paper under a drawing, where nobody asked for a ground: white, or a tint that shows what is white."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

_SMALL_PX, _RIM_PX, _SOLID, _CLEAR = 128, 5, 200, 60
_TOO_LIKE, _LOST_SHARE = 30.0, 0.25
# White paper first, then pale tints of it: 月白, 杏, 竹青, 藕荷.
_PAPERS = ((255, 255, 255), (205, 229, 238), (250, 226, 196), (208, 228, 203), (232, 212, 220))
Colour = tuple[int, int, int]


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
