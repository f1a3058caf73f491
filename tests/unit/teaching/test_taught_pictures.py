"""From files to sketches: grounds, transparency, orientation, and files that are none."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from danqing.engines.protocol import Pixels
from danqing.errors import InputError
from danqing.teaching.pictures import SKETCH_SIDE_PX, open_picture, sketch
from support.teaching import ORANGE, WHITE, ball, file


def sketched(data: bytes) -> Pixels:
    drawn = sketch(open_picture(data, "p"))
    assert drawn is not None
    assert drawn.shape == (SKETCH_SIDE_PX, SKETCH_SIDE_PX, 4)
    assert drawn.dtype == np.uint8
    return drawn


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("ground", [WHITE, (30, 90, 60)])
def test_an_even_ground_is_cut_away(kind: str, ground: tuple[int, int, int]) -> None:
    drawn = sketched(file(ball(ground), kind))
    assert drawn[0, 0, 3] == drawn[-1, -1, 3] == 0
    assert drawn[32, 32, 3] == 255
    assert np.abs(drawn[32, 32, :3].astype(int) - ORANGE).max() < 20
    # The ball fills the square but for its margin.
    opaque = np.flatnonzero((drawn[..., 3] > 128).any(axis=0))
    assert opaque[-1] - opaque[0] >= SKETCH_SIDE_PX - 10


def test_the_ground_is_taken_from_outside_only() -> None:
    drawn = sketched(file(ball(WHITE)))  # the white of its eye is of the ground's colour
    eye = drawn[17:25, 17:25]
    assert eye[..., 3].min() == 255
    assert eye[..., :3].min(axis=-1).max() > 180


def test_transparency_says_best_where_the_thing_is() -> None:
    drawn = sketched(file(ball((0, 0, 0, 0))))
    assert drawn[0, 0, 3] == 0
    assert drawn[32, 32, 3] == 255


def test_a_busy_ground_keeps_the_central_square() -> None:
    drawn = sketched(file(ball(noise=250)))
    assert drawn[..., 3].min() == 255
    assert np.abs(drawn[36, 32, :3].astype(int) - ORANGE).max() < 30


def test_photographs_are_turned_upright() -> None:
    picture = Image.new("RGB", (80, 80), (200, 0, 0))
    picture.paste((0, 0, 200), (0, 0, 80, 40))  # blue above, red below
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    drawn = sketched(file(picture, "JPEG", exif=exif, quality=95))
    assert drawn[8, 32, 0] > 150  # red above
    assert drawn[-8, 32, 2] > 150


def test_sixteen_bits_a_pixel_keep_their_shades() -> None:
    levels = np.full((60, 60), 60_000, np.uint16)
    levels[20:40, 20:40] = 20_000
    drawn = sketched(file(Image.fromarray(levels)))
    assert abs(int(drawn[32, 32, 0]) - (20_000 >> 8)) < 3


def test_one_colour_all_over_is_kept_whole() -> None:
    assert sketched(file(Image.new("RGB", (50, 40), (9, 99, 9))))[..., 3].min() == 255


def test_a_clear_picture_is_empty() -> None:
    assert sketch(open_picture(file(Image.new("RGBA", (50, 50))), "p")) is None


def bomb() -> bytes:
    """A PNG of 60,000 × 60,000 pixels in a hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "teaching.picture_unreadable"),
        (b"not a picture", "teaching.picture_unreadable"),
        (file(ball())[:200], "teaching.picture_unreadable"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "teaching.picture_unreadable"),
        (bomb(), "teaching.picture_large"),
        (bytes(32 * 2**20 + 1), "teaching.picture_large"),
    ],
    ids=["empty", "text", "cut", "eps", "bomb", "large"],
)
def test_what_is_no_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        open_picture(data, "p")
    assert caught.value.code == code
