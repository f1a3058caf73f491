"""Sources made to fit, masks, what a mask protects, and telling our own pictures again."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from danqing.engines.protocol import Pixels
from danqing.errors import InputError, NotDeclared
from danqing.sources import (
    fit,
    fit_mask,
    ingest,
    keep_outside,
    open_picture,
    read_mask,
    same_picture,
    size_for,
    unseal_mask,
)
from support.pictures import gradient, sticker


def png(picture: Image.Image | Pixels) -> bytes:
    out = BytesIO()
    (Image.fromarray(picture) if isinstance(picture, np.ndarray) else picture).save(out, "PNG")
    return out.getvalue()


def left_half(width: int, height: int) -> Image.Image:
    mask = Image.new("L", (width, height))
    mask.paste(255, (0, 0, width // 2, height))
    return mask


@pytest.mark.parametrize(
    ("source", "size"),
    [((512, 512), (512, 512)), ((300, 200), (300, 200)), ((4000, 3000), (2048, 1536)),
     ((20, 10), (128, 64)), ((2048, 1), (2048, 64)), ((9000, 9), (2048, 64))],
)  # fmt: skip
def test_the_size_is_the_sources_own_within_what_is_drawn(
    source: tuple[int, int], size: tuple[int, int]
) -> None:
    assert size_for(*source) == size


def test_a_source_of_the_right_size_is_not_touched() -> None:
    for pixels in (gradient(90, 70), sticker(90, 70)):
        assert np.array_equal(fit(pixels, 90, 70, transparent=True), pixels)


def test_another_shape_is_fitted_in_whole() -> None:
    pixels = np.full((50, 100, 4), (10, 200, 30, 255), np.uint8)
    clear, white = (fit(pixels, 64, 64, transparent=t) for t in (True, False))
    assert clear.shape == white.shape == (64, 64, 4)
    assert clear[32, 32].tolist() == white[32, 32].tolist() == [10, 200, 30, 255]
    assert clear[2, 2, 3] == 0
    assert white[2, 2].tolist() == [255, 255, 255, 255]


def test_without_a_clear_ground_everything_lies_on_white() -> None:
    assert fit(sticker(64, 64), 64, 64, transparent=False)[0, 0].tolist() == [255] * 4


def test_a_mask_is_placed_as_its_picture_is() -> None:
    mask = np.asarray(left_half(100, 50))
    placed = fit_mask(mask, 64, 64)
    assert placed.shape == (64, 64)
    assert set(np.unique(placed)) == {0, 255}
    assert placed[32, 5] == 255 > placed[32, 60]
    assert placed[2].max() == 0, "what the picture leaves free is kept"


def test_masks_are_read_in_every_way_people_paint_them() -> None:
    painted = Image.new("RGBA", (40, 20))
    painted.paste((255, 255, 255, 255), (0, 0, 20, 20))
    for picture in (left_half(40, 20), left_half(40, 20).convert("RGB"), painted):
        mask = read_mask(png(picture), 40, 20)
        assert np.array_equal(unseal_mask(mask.data), np.asarray(left_half(40, 20)))
    assert read_mask(png(left_half(40, 20)), 40, 20) == read_mask(png(painted), 40, 20)


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (left_half(41, 20), "source.mask_size"),
        (left_half(20, 40), "source.mask_size"),
        (Image.new("L", (40, 20)), "source.mask_empty"),
        (Image.new("L", (40, 20), 120), "source.mask_empty"),
    ],
)
def test_masks_that_will_not_do(picture: Image.Image, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_mask(png(picture), 40, 20)
    assert caught.value.code == code


def test_nothing_but_the_mask_is_kept_of_its_file() -> None:
    out = BytesIO()
    left_half(40, 20).save(out, "PNG", exif=b"Exif\0\0secret")
    assert b"secret" in out.getvalue()
    assert b"secret" not in read_mask(out.getvalue(), 40, 20).data


@pytest.mark.parametrize("source", [gradient(120, 80), sticker(120, 80)], ids=["opaque", "clear"])
def test_outside_the_mask_not_a_bit_changes(source: Pixels) -> None:
    drawn = gradient(120, 80)[::-1].copy()
    mask = np.zeros((80, 120), np.uint8)
    mask[20:60, 30:90] = 255
    kept = keep_outside(drawn, source, mask)
    assert np.array_equal(kept[mask == 0], source[mask == 0])
    assert np.array_equal(kept[30:50, 45:75], drawn[30:50, 45:75])
    assert kept.dtype == np.uint8


def test_at_the_edge_of_the_mask_there_is_no_seam() -> None:
    black, white = (np.full((200, 200, 4), (v, v, v, 255), np.uint8) for v in (0, 255))
    mask = np.asarray(left_half(200, 200))
    row = keep_outside(white, black, mask)[100, :, 0].astype(int)
    assert np.abs(np.diff(row)).max() < 128
    assert row[0] == 255 > row[99] > 0 == row[100]


def test_the_same_picture_is_told_after_packing_and_scaling() -> None:
    picture = gradient(512, 512)
    packed = BytesIO()
    Image.fromarray(picture).convert("RGB").resize((300, 300)).save(packed, "JPEG", quality=50)
    assert same_picture(open_picture(packed.getvalue()).pixels, picture)


def test_a_retouched_picture_is_another() -> None:
    picture = gradient(512, 512)
    retouched = picture.copy()
    retouched[200:240, 200:240, :3] ^= 0x80
    assert not same_picture(retouched, picture)
    assert not same_picture(picture[:, :400], picture)


def test_taking_in_needs_the_declaration() -> None:
    data = png(gradient(60, 40))
    with pytest.raises(NotDeclared):
        ingest(data, declared=False, anchors=None)
    upload = ingest(data, declared=True, anchors=None)
    assert upload.declaration == "1"
    assert not upload.findings.claims_ai
    assert np.array_equal(upload.pixels, gradient(60, 40))
