"""Pictures to teach from: a ball with two eyes, on any ground, as any kind of file."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

ORANGE, WHITE = (220, 120, 40), (255, 255, 255)


def ball(
    ground: tuple[int, ...] = WHITE, *, size: tuple[int, int] = (200, 150), noise: int = 0
) -> Image.Image:
    """An orange ball in the middle, half the height wide. noise: levels the ground varies by."""
    picture = Image.new("RGBA" if len(ground) == 4 else "RGB", size, ground)
    if noise:
        spread = np.random.default_rng(1).integers(0, noise, (size[1], size[0], 3))
        picture = Image.fromarray(spread.astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    (x, y), r = (size[0] / 2, size[1] / 2), size[1] / 4
    pen.ellipse((x - r, y - r, x + r, y + r), fill=ORANGE)
    pen.ellipse((x - r / 2, y - r / 2, x - r / 4, y - r / 4), fill=(250, 250, 250))
    pen.ellipse((x + r / 4, y - r / 2, x + r / 2, y - r / 4), fill=(10, 10, 10))
    return picture


def file(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()
