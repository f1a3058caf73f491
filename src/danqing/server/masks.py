"""Masks as that API has them, clear where the picture is to change, turned into ours: white there."""

from __future__ import annotations

from io import BytesIO

import numpy as np

from danqing.sources import open_picture


def white_where_clear(data: bytes) -> bytes:
    """A black and white PNG. A mask that is nowhere clear is taken as black and white already, as
    other programs make them. Raises InputError for what can't be read as a picture."""
    from PIL import Image

    pixels = open_picture(data).pixels
    clear = pixels[..., 3] < 128
    if not clear.any():
        return data
    out = BytesIO()
    Image.fromarray(np.where(clear, 255, 0).astype(np.uint8)).save(out, "PNG")
    return out.getvalue()


def inverted(data: bytes) -> bytes:
    """The mask with black and white changed places. Raises InputError."""
    from PIL import Image, ImageOps

    grey = Image.fromarray(open_picture(data).pixels).convert("L")
    out = BytesIO()
    ImageOps.invert(grey).save(out, "PNG")
    return out.getvalue()
