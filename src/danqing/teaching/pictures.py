"""From any picture file to a sketch: the thing alone, in a square, 32 pixels a side.

Transparency says best where the thing is. Without it, an even ground is flooded from the edges
and taken away. A picture without an even ground is cropped to its central square and stays as it is.
"""

from __future__ import annotations

import warnings
from io import BytesIO

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from danqing.engines.protocol import Pixels
from danqing.errors import InputError

SKETCH_SIDE_PX = 32
MAX_FILE_BYTES, MAX_PIXELS = 32 * 2**20, 64 * 2**20
# Not EPS, which Pillow would hand to another program.
FORMATS = (
    "PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM", "ICO", "TGA", "JPEG2000",
)  # fmt: skip
_WORKING_SIDE_PX = 256
_OPAQUE = 250  # of 255
_EVEN_TOLERANCE = 36  # largest difference of a channel, in levels of 255; JPEG blurs flat colours
_EVEN_SHARE = 0.9  # of the edge
_SMALLEST_SHARE, _LARGEST_SHARE = 0.01, 0.97
_MARGIN = 0.04
Mask = npt.NDArray[np.bool_]


def open_picture(data: bytes, name: str) -> Pixels:
    """The first frame, upright, at most 256 px a side: (H, W, 4) uint8 straight RGBA.

    name: for the message. Raises InputError: teaching.picture_unreadable, teaching.picture_large.
    """
    if len(data) > MAX_FILE_BYTES:
        raise InputError("teaching.picture_large", file=name)
    Image.init()
    known = [kind for kind in FORMATS if kind in Image.OPEN]  # a Pillow may be built without some
    too_large = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=known)
        with picture:
            # Known from the header, before any pixel is unpacked.
            if picture.width * picture.height > MAX_PIXELS:
                raise InputError("teaching.picture_large", file=name)
            upright = ImageOps.exif_transpose(picture)
            working = _rgba(upright).convert("RGBa")
            working.thumbnail((_WORKING_SIDE_PX, _WORKING_SIDE_PX), Image.Resampling.BOX)
            return np.asarray(working.convert("RGBA"))
    except InputError:
        raise
    except too_large as problem:
        raise InputError("teaching.picture_large", file=name) from problem
    except Exception as problem:  # decoders raise anything at all on broken bytes
        raise InputError("teaching.picture_unreadable", file=name) from problem


def _rgba(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits a pixel, which Pillow would clip
        levels = np.asarray(picture).astype(np.int64) >> 8
        picture = Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))
    return picture.convert("RGBA")


def sketch(picture: Pixels) -> Pixels | None:
    """The thing in a picture: (32, 32, 4) uint8 straight RGBA. None when the picture is empty.

    picture: (H, W, 4) uint8 straight RGBA, as `open_picture` gives it.
    """
    if picture[..., 3].max() < _OPAQUE // 2:
        return None
    if picture[..., 3].min() < _OPAQUE:
        return _fitted(picture)
    ground = _even_ground(picture)
    if ground is None:
        return _fitted(_central_square(picture))
    cut_out = picture.copy()
    cut_out[ground] = 0
    return _fitted(cut_out)


def _even_ground(picture: Pixels) -> Mask | None:
    """The even ground that reaches the edge, (H, W), or None where there is none to speak of."""
    colours = picture[..., :3].astype(np.int16)
    edge = np.concatenate([colours[0], colours[-1], colours[:, 0], colours[:, -1]])
    alike = np.abs(colours - np.median(edge, axis=0)).max(axis=-1) <= _EVEN_TOLERANCE
    on_edge = np.concatenate([alike[0], alike[-1], alike[:, 0], alike[:, -1]])
    if on_edge.mean() < _EVEN_SHARE:
        return None
    ground = _flooded(alike)
    thing_share = 1 - ground.mean()
    return ground if _SMALLEST_SHARE <= thing_share <= _LARGEST_SHARE else None


def _flooded(alike: Mask) -> Mask:
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


def _central_square(picture: Pixels) -> Pixels:
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return picture[top : top + side, left : left + side]


def _fitted(picture: Pixels) -> Pixels:
    """What isn't clear, centred in a square with a little air around it, 32 px a side."""
    seen = picture[..., 3] > 255 - _OPAQUE
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    thing = picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    image = Image.fromarray(thing).convert("RGBa")
    whole = seen.all()  # a photograph fills its square
    room = SKETCH_SIDE_PX if whole else SKETCH_SIDE_PX * (1 - 2 * _MARGIN)
    fit = room / max(image.size)
    size = (max(1, round(image.width * fit)), max(1, round(image.height * fit)))
    small = image.resize(size, Image.Resampling.BOX).convert("RGBA")
    square = Image.new("RGBA", (SKETCH_SIDE_PX, SKETCH_SIDE_PX))
    square.paste(small, ((SKETCH_SIDE_PX - size[0]) // 2, (SKETCH_SIDE_PX - size[1]) // 2))
    return np.asarray(square)
