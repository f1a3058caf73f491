"""Pictures from outside: every format, upright, bounded, and never a crash."""

from __future__ import annotations

import random
import struct
import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from danqing.errors import InputError
from danqing.messages import languages, say
from danqing.sources import MAX_FILE_BYTES, open_picture


def packed(picture: Image.Image, media_format: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, media_format, **options)
    return out.getvalue()


def halves(width: int = 60, height: int = 40) -> Image.Image:
    """Red above, blue below."""
    picture = Image.new("RGB", (width, height), (220, 20, 20))
    picture.paste((20, 20, 220), (0, height // 2, width, height))
    return picture


@pytest.mark.parametrize(
    ("media_format", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp"), ("GIF", "image/gif")],
)
def test_every_format_is_read(media_format: str, media_type: str) -> None:
    opened = open_picture(packed(halves(), media_format))
    assert opened.media_type == media_type
    assert (opened.width_px, opened.height_px) == (60, 40)
    assert opened.pixels.shape == (40, 60, 4)
    assert opened.pixels.dtype == np.uint8
    assert np.abs(opened.pixels[5, 5].astype(int) - (220, 20, 20, 255)).max() < 24
    assert np.abs(opened.pixels[-5, 5].astype(int) - (20, 20, 220, 255)).max() < 24


def test_of_a_moving_gif_the_first_frame() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    data = packed(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert open_picture(data).pixels[0, 0].tolist() == [255, 0, 0, 255]


@pytest.mark.parametrize("media_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright(orientation: int, media_format: str) -> None:
    """Whatever way the camera was held, the red half comes out on top."""
    upright = halves(80, 48)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    lying = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_picture(packed(lying, media_format, exif=exif))
    assert (opened.width_px, opened.height_px) == (80, 48)
    assert opened.pixels.shape == (48, 80, 4)
    assert opened.pixels[4, 40, 0] > 150 > opened.pixels[-4, 40, 0]


def test_what_is_larger_than_any_picture_drawn_here_is_made_smaller() -> None:
    opened = open_picture(packed(halves(4100, 1000), "JPEG"))
    assert opened.pixels.shape == (500, 2048, 4)
    assert (opened.width_px, opened.height_px) == (4100, 1000)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_way_to_keep_colours(mode: str) -> None:
    grey = Image.fromarray(np.full((10, 10), 40_000, np.uint16)) if mode == "I;16" else None
    picture = grey or Image.new("RGB", (10, 10), "white").convert(mode)
    opened = open_picture(packed(picture, "JPEG" if mode == "CMYK" else "PNG"))
    assert opened.pixels[0, 0, :3].min() > (150 if mode == "I;16" else 250)


def test_clear_stays_clear() -> None:
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([200, 0, 0, 0, 0, 200])
    assert open_picture(packed(palette, "PNG", transparency=0)).pixels[..., 3].max() == 0
    assert open_picture(packed(Image.new("LA", (8, 8)), "PNG")).pixels[..., 3].max() == 0


def bomb(width: int, height: int) -> bytes:
    """A PNG of very few bytes that says it is this large."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side_px", [4_900, 9_500, 14_000, 60_000])
def test_more_pixels_than_are_let_in(side_px: int) -> None:
    """Over our bound, over the one where Pillow warns, and over the one where it refuses."""
    with pytest.raises(InputError) as caught:
        open_picture(bomb(side_px, side_px))
    assert caught.value.code == "source.too_many_pixels"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "source.unreadable"),
        (b"not a picture", "source.unreadable"),
        (b"\x89PNG\r\n\x1a\n", "source.unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "source.unreadable"),
        (packed(halves(), "BMP"), "source.unreadable"),
        (packed(halves(), "PNG")[:90], "source.unreadable"),
        (bytes(MAX_FILE_BYTES + 1), "source.too_large"),
    ],
    ids=range(7),
)
def test_what_is_no_picture_is_said_to_be_none(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        open_picture(data)
    assert caught.value.code == code
    for language in languages():
        assert say(code, language, **caught.value.facts)


def test_broken_files_are_pictures_or_errors_of_ours() -> None:
    random_bytes = random.Random(20261122)
    originals = [packed(halves(), name) for name in ("PNG", "JPEG", "WEBP", "GIF")]
    for turn in range(400):
        data = bytearray(originals[turn % 4])
        for _ in range(random_bytes.randint(1, 8)):
            data[random_bytes.randrange(len(data))] = random_bytes.randrange(256)
        try:
            assert open_picture(bytes(data)).pixels.ndim == 3
        except InputError:
            continue
