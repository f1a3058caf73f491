"""The invisible watermark: its code, its key, what marking changes, what can be read afterwards."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.provenance import Labeller
from danqing.provenance.encode import decode
from danqing.provenance.pdq import distance, pdq_hash
from danqing.provenance.watermark import WatermarkKey, code, detect, embed
from danqing.provenance.watermark.comb import find_scales, light_of, residue_of
from danqing.provenance.watermark.detect import MIN_SCORE, Watermark
from danqing.provenance.watermark.tile import SIDE, draw_tile, lines, signs_of, spectrum_of
from danqing.request.types import PictureFormat
from support.pictures import ARTWORK_ID, WATERMARK, cleared
from support.scenery import (
    as_jpeg,
    cropped,
    drawings,
    on_white,
    photograph,
    psnr_db,
    resized,
    sticker,
)

KINDS = {
    "photograph": photograph(1),
    "sticker": sticker(2),
    "clear": sticker(3, clear=True),
    "white": np.full((512, 512, 4), 255, np.uint8),
}
MARKED = {kind: embed(pixels, WATERMARK, ARTWORK_ID) for kind, pixels in KINDS.items()}


# The code


def test_every_payload_comes_back_through_noise() -> None:
    rng = np.random.default_rng(1)
    payloads = [0, 1, 2**32 - 1, *(int(p) for p in rng.integers(0, 2**32, 60))]
    sent = np.stack([code.encode(payload) for payload in payloads]).astype(np.float64)
    assert sent.shape == (63, code.SYMBOLS)
    assert code.decode(sent) == payloads
    assert code.decode(sent + rng.normal(0, 0.8, sent.shape)) == payloads


def test_ten_flipped_symbols_of_144_are_put_right() -> None:
    """Free distance 18 guarantees 8; spread out, more."""
    sent = code.encode(0xDA9C1146).astype(np.float64)
    sent[5:144:14] *= -1
    assert code.decode(sent[None]) == [0xDA9C1146]


def test_noise_is_no_payload() -> None:
    noise = np.random.default_rng(2).normal(0, 1, (400, code.SYMBOLS))
    assert [found for found in code.decode(noise) if found is not None] == []


def test_two_words_of_the_code_are_far_apart() -> None:
    words = np.stack([code.encode(1 << bit) for bit in range(32)] + [code.encode(0)])
    apart = [(a != b).sum() for i, a in enumerate(words) for b in words[:i]]
    assert min(apart) >= 18


# The key


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert WatermarkKey.load(folder) is None
    key = WatermarkKey.load_or_create(folder, lambda n: bytes(range(n)))
    assert WatermarkKey.load_or_create(folder) == key == WatermarkKey.load(folder)
    assert (folder / "watermark.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in folder.iterdir()] == ["watermark.key"]
    assert "0102" not in repr(key)


@pytest.mark.parametrize("content", ["", "00", "zz" * 32, "00" * 33])
def test_a_damaged_key_is_an_error_and_stays_as_it_is(tmp_path: Path, content: str) -> None:
    (tmp_path / "watermark.key").write_text(content)
    for load in (WatermarkKey.load, WatermarkKey.load_or_create):
        with pytest.raises(ProvenanceError) as caught:
            load(tmp_path)
        assert caught.value.code == "provenance.watermark_key_damaged"
    assert (tmp_path / "watermark.key").read_text() == content


def test_what_is_derived_differs_by_key_id_and_purpose() -> None:
    other = WatermarkKey(bytes(32))
    assert WATERMARK.payload_of("a") != WATERMARK.payload_of("b") != other.payload_of("b")
    assert WATERMARK.offset_of("a", SIDE) != WATERMARK.offset_of("b", SIDE)
    signs = WATERMARK.signs("data", 4_096)
    assert set(signs.tolist()) == {1, -1}
    assert abs(int(signs.sum())) < 300
    assert abs(int((signs * WATERMARK.signs("pilot", 4_096)).sum())) < 300


# Marking


def test_a_tile_repeats_without_a_seam_and_has_its_strength() -> None:
    tile = draw_tile(spectrum_of(WATERMARK, 7))
    assert tile.shape == (SIDE, SIDE)
    assert math.isclose((tile**2).mean(), 1, abs_tol=1e-9)
    assert abs(tile.mean()) < 1e-12
    assert 2 * (~lines().is_pilot).sum() == len(signs_of(WATERMARK).data)
    assert set(signs_of(WATERMARK).symbol.tolist()) == set(range(code.SYMBOLS))


@pytest.mark.parametrize("kind", KINDS)
def test_the_change_is_small_and_the_same_each_time(kind: str) -> None:
    picture, marked = KINDS[kind], MARKED[kind]
    assert np.array_equal(marked, embed(picture, WATERMARK, ARTWORK_ID))
    assert np.array_equal(picture[..., 3], marked[..., 3])
    assert psnr_db(picture, marked) >= 40
    assert np.abs(marked.astype(int) - picture).max() <= 14
    clear = picture[..., 3] == 0
    assert np.array_equal(picture[clear], marked[clear])


@pytest.mark.parametrize("noise", [20, 60, 120])
def test_even_pure_noise_keeps_forty_decibels(noise: int) -> None:
    values = np.random.default_rng(noise).integers(128 - noise, 128 + noise, (256, 256, 1))
    picture = np.concatenate(
        (np.repeat(values, 3, axis=2), np.full((256, 256, 1), 255)), axis=2
    ).astype(np.uint8)
    assert psnr_db(picture, embed(picture, WATERMARK, "x")) >= 40


@pytest.mark.parametrize("size", [(64, 64), (64, 900), (700, 130), (1, 1), (2048, 64)])
def test_any_size_can_be_marked(size: tuple[int, int]) -> None:
    picture = np.full((*size, 4), 180, np.uint8)
    assert embed(picture, WATERMARK, "x").shape == picture.shape


# Reading


def found_in(pixels: Pixels) -> Watermark:
    found = detect(pixels, WATERMARK)
    assert found is not None
    assert found.payload == WATERMARK.payload_of(ARTWORK_ID)
    assert found.score >= MIN_SCORE
    assert found.chance < 1e-10
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_read_from_the_picture_as_made(kind: str) -> None:
    found = found_in(MARKED[kind])
    assert found.tile_px == pytest.approx((64, 64), rel=0.005)
    assert not found.turned


@pytest.mark.parametrize("kind", KINDS)
def test_it_survives_jpeg(kind: str) -> None:
    found_in(as_jpeg(MARKED[kind], 90))
    if kind != "white":  # an empty page loses it here, and docs/watermark.md says so
        found_in(as_jpeg(MARKED[kind], 70))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", [0.5, 0.77, 2.0])
def test_it_survives_another_size(kind: str, factor: float) -> None:
    found = found_in(resized(MARKED[kind], factor))
    assert found.tile_px == pytest.approx((64 * factor, 64 * factor), rel=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_it_survives_a_crop_anywhere(kind: str) -> None:
    for corner in ((0.0, 0.0), (1.0, 0.3)):
        found_in(cropped(MARKED[kind], 0.1, corner))


def test_it_survives_stretching_a_little_and_all_at_once() -> None:
    found_in(as_jpeg(resized(cropped(MARKED["photograph"], 0.1), 0.7), 80))


@pytest.mark.parametrize("quarter", [0, 1, 2, 3])
@pytest.mark.parametrize("mirrored", [False, True])
def test_it_is_read_in_every_orientation(quarter: int, mirrored: bool) -> None:
    picture = np.rot90(MARKED["photograph"], quarter)
    found = found_in(np.ascontiguousarray(picture[:, ::-1] if mirrored else picture))
    assert found.turned == (mirrored or quarter > 0)


@pytest.mark.parametrize("size", [(256, 256), (384, 640), (1024, 768), (900, 513)])
def test_other_shapes_and_sizes_carry_it_too(size: tuple[int, int]) -> None:
    marked = embed(photograph(5, *size), WATERMARK, ARTWORK_ID)
    found_in(marked)
    found_in(as_jpeg(marked, 75))


def test_a_large_picture_made_small_still_has_it() -> None:
    marked = embed(photograph(6, 1400, 1400), WATERMARK, ARTWORK_ID)
    found_in(resized(marked, 0.25))


def test_a_picture_drawn_over_another_carries_both() -> None:
    """The tile begins elsewhere for each id: the better one is read, never a mixture."""
    twice = embed(MARKED["photograph"], WATERMARK, "another")
    found = detect(twice, WATERMARK)
    assert found is not None
    assert found.payload in (WATERMARK.payload_of(ARTWORK_ID), WATERMARK.payload_of("another"))


def test_another_key_sees_tiles_but_no_mark() -> None:
    stranger = WatermarkKey(bytes(32))
    light, _ = light_of(MARKED["sticker"])
    assert find_scales(residue_of(light))
    assert detect(MARKED["sticker"], stranger) is None


def test_the_projects_own_drawings_carry_it() -> None:
    for picture in drawings(every=40, clear=True):
        found_in(as_jpeg(on_white(embed(picture, WATERMARK, ARTWORK_ID)), 70))


# On the road


@pytest.mark.parametrize("media_format", ["png", "webp", "jpeg"])
def test_what_leaves_carries_it_and_the_master_does_not(
    labeller: Labeller, media_format: PictureFormat
) -> None:
    picture = cleared(KINDS["photograph"])
    done = labeller.label(picture, artwork_id=ARTWORK_ID, media_format=media_format)
    found_in(decode(done.data))
    assert done.fingerprint.payload == WATERMARK.payload_of(ARTWORK_ID)
    shown = pdq_hash(decode(done.data))
    assert distance(done.fingerprint.pdq, shown.text) <= 8  # a few in JPEG
    assert np.array_equal(decode(done.master), KINDS["photograph"])


def test_a_sheet_carries_its_own_and_an_svg_none(labeller: Labeller) -> None:
    picture = cleared(KINDS["photograph"])
    sheet = labeller.label_sheet([picture] * 4, artwork_id=ARTWORK_ID)
    found_in(decode(sheet.data))
    drawn = cleared(resized(KINDS["sticker"], 0.25))
    svg = labeller.label(drawn, artwork_id=ARTWORK_ID, media_format="svg")
    assert svg.fingerprint.payload is None
    assert len(svg.fingerprint.pdq) == 64


# Where there is none


def test_nothing_is_read_from_pictures_that_were_never_marked() -> None:
    for seed in range(100):
        side = 128 + seed % 3 * 32
        period = 14 + seed % 40
        tile = photograph(seed, period, period)
        tiled = np.tile(tile, (side // period + 1, side // period + 1, 1))[:side, :side]
        for picture in (photograph(seed, side, side), sticker(seed, side), tiled):
            assert detect(picture, WATERMARK) is None


@pytest.mark.parametrize("value", [0, 127, 255])
@pytest.mark.parametrize("size", [(1, 1), (20, 300), (64, 64), (512, 512)])
def test_a_plain_picture_of_any_size_is_no_trouble(size: tuple[int, int], value: int) -> None:
    assert detect(np.full((*size, 4), value, np.uint8), WATERMARK) is None


def test_chance_is_bounded_as_the_docstring_says() -> None:
    """Score of a fixed word on fixed waves, over many keys: under exp(-t²/2) at every t."""
    waves = np.random.default_rng(4).standard_cauchy(370)  # as unlike a bell curve as it gets
    word = code.encode(99)
    scores = []
    for number in range(4_000):
        signs = WatermarkKey(number.to_bytes(32, "big")).signs("data", 370)
        scores.append(float(signs * word[np.arange(370) * 61 % code.SYMBOLS] @ waves))
    scores = np.array(scores) / np.linalg.norm(waves)
    for t in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0):
        assert (scores >= t).mean() <= math.exp(-(t**2) / 2)


def test_the_chance_of_a_score_is_what_it_says() -> None:
    mark = Watermark(1, 10.0, (64, 64), False)
    assert mark.chance == pytest.approx(16 * 2**32 * math.exp(-50))
    assert mark.chance < 1.4e-11
    assert Watermark(1, 0.0, (64, 64), False).chance == 1
