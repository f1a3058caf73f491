"""Pixels to file bytes and back, with the settings each format is released in."""

from __future__ import annotations

import hashlib
import struct
from io import BytesIO

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.request.types import PictureFormat

PNG_LEVEL = 4
MASTER_PNG_LEVEL = 1
WEBP_METHOD = 1
JPEG_QUALITY = 92
LOSSLESS: tuple[PictureFormat, ...] = ("png", "webp")


def pixels_sha256(pixels: Pixels) -> str:
    """SHA-256 over width and height (unsigned 32-bit, big-endian) and the RGBA bytes, row by
    row."""
    height, width = pixels.shape[:2]
    digest = hashlib.sha256(struct.pack(">II", width, height))
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


def check_pixels(pixels: Pixels) -> None:
    """Raise ProvenanceError unless these are (H, W, 4) uint8."""
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 4:
        raise ProvenanceError("provenance.pixels", shape=str(pixels.shape), dtype=str(pixels.dtype))


def on_white(pixels: Pixels) -> Pixels:
    """(H, W, 3) uint8: what a (H, W, 4) picture looks like on white paper."""
    from PIL import Image

    picture = Image.fromarray(pixels)
    if (pixels[..., 3] != 255).any():
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    return np.asarray(picture.convert("RGB"))


def encode(pixels: Pixels, media_format: PictureFormat) -> bytes:
    """(H, W, 4) uint8 straight RGBA as a file without metadata.

    PNG and WebP are lossless, colour under clear pixels included; JPEG has no alpha and lies on
    white; SVG is not made of pixels (`svg.draw`). Raises ProvenanceError when the encoder fails.
    """
    from PIL import Image

    if media_format == "jpeg":
        picture = Image.fromarray(on_white(pixels))
    else:
        opaque = bool((pixels[..., 3] == 255).all())
        picture = Image.fromarray(pixels).convert("RGB" if opaque else "RGBA")
    out = BytesIO()
    try:
        if media_format == "png":
            picture.save(out, "PNG", compress_level=PNG_LEVEL)
        elif media_format == "webp":
            picture.save(out, "WEBP", lossless=True, method=WEBP_METHOD, quality=40, exact=True)
        else:
            picture.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    except (OSError, ValueError) as error:
        raise ProvenanceError("provenance.encode", format=media_format) from error
    return out.getvalue()


def encode_master(pixels: Pixels) -> bytes:
    """The sealed, unmarked original: a PNG, RGBA whatever the alpha, compressed quickly."""
    from PIL import Image

    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=MASTER_PNG_LEVEL)
    return out.getvalue()


def decode(data: bytes) -> Pixels:
    """The pixels of one of our own files, (H, W, 4) uint8. Raises ProvenanceError when they
    can't be read."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=("PNG", "WEBP", "JPEG")) as picture:
            return np.array(picture.convert("RGBA"))
    except (OSError, ValueError, SyntaxError) as error:
        raise ProvenanceError("provenance.read_back", what="pixels") from error
