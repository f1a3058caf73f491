"""The visible mark (GB 45438-2025, 5.2; acceptance test 2)."""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.provenance.mark import (
    MARK_TEXT,
    MINIMUM_CONTRAST,
    contrast_in,
    draw_mark,
    em_px_for,
    mark_font,
)
from support.pictures import gradient, sticker

SIZES = [
    (64, 64),
    (64, 2048),
    (2048, 64),
    (100, 77),
    (256, 256),
    (512, 512),
    (1024, 512),
    (512, 2048),
    (2048, 2048),
]


def plain(width: int, height: int, rgba: tuple[int, int, int, int]) -> Pixels:
    return np.full((height, width, 4), rgba, np.uint8)


def test_the_wording_has_both_elements() -> None:
    text = unicodedata.normalize("NFKC", MARK_TEXT)
    assert re.search("人工智能|AI", text)
    assert re.search("生成|合成", text)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_ink_as_drawn_is_tall_enough(width: int, height: int) -> None:
    # Measured on the picture, not on what the code says: white ink on a black picture.
    marked, mark = draw_mark(plain(width, height, (0, 0, 0, 255)))
    rows = np.flatnonzero((marked[..., :3].min(axis=2) >= 140).any(axis=1))
    ink_height = rows[-1] - rows[0] + 1
    assert ink_height >= 0.05 * min(width, height)
    assert ink_height == pytest.approx(mark.ink.height_px, abs=1)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_capitals_alone_are_tall_enough(width: int, height: int) -> None:
    left, top, right, bottom = mark_font(em_px_for(width, height)).getbbox("A")
    assert bottom - top >= 0.05 * min(width, height)
    assert right > left


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_sits_in_the_bottom_right_corner_and_changes_nothing_else(
    width: int, height: int
) -> None:
    picture = gradient(width, height)
    before = picture.copy()
    marked, mark = draw_mark(picture)
    assert np.array_equal(picture, before), "the picture handed in stays as it was"
    rows, columns = np.nonzero((marked != picture).any(axis=2))
    assert (columns.min(), rows.min()) >= (mark.plate.left, mark.plate.top)
    assert 0 <= width - 1 - columns.max() <= max(3, 0.05 * min(width, height))
    assert 0 <= height - 1 - rows.max() <= max(3, 0.05 * min(width, height))


GROUNDS = {
    "white": plain(256, 256, (255, 255, 255, 255)),
    "black": plain(256, 256, (0, 0, 0, 255)),
    "grey": plain(256, 256, (128, 128, 128, 255)),
    "yellow": plain(256, 256, (255, 240, 0, 255)),
    "noise": np.random.default_rng(0).integers(0, 256, (256, 256, 4), np.uint8),
    "clear": plain(256, 256, (255, 255, 255, 0)),
    "sticker": sticker(256, 256),
}


@pytest.mark.parametrize("name", GROUNDS)
def test_it_is_legible_on_any_ground_and_opaque_on_a_clear_one(name: str) -> None:
    marked, mark = draw_mark(GROUNDS[name])
    assert contrast_in(marked, mark) >= MINIMUM_CONTRAST
    ink = mark.glyphs >= 128
    plate = marked[mark.plate.top : mark.plate.bottom, mark.plate.left : mark.plate.right]
    assert (plate[ink][:, 3] == 255).all()


def test_contrast_tells_when_the_mark_is_gone() -> None:
    picture = gradient(256, 256)
    marked, mark = draw_mark(picture)
    assert contrast_in(picture, mark) < 1.6
    assert contrast_in(plain(256, 256, (255, 255, 255, 0)), mark) == pytest.approx(1)
    faded = (marked.astype(np.float32) * 0.15 + 0.85 * 255).astype(np.uint8)
    assert contrast_in(faded, mark) < MINIMUM_CONTRAST
    assert contrast_in(picture[:100, :100], mark) == 1.0


@pytest.mark.parametrize(("width", "height"), [(40, 64), (64, 12), (1, 1)])
def test_no_room_for_a_mark_means_no_picture(width: int, height: int) -> None:
    with pytest.raises(ProvenanceError) as caught:
        draw_mark(gradient(width, height))
    assert caught.value.code == "provenance.too_small"


def test_no_glyph_is_missing() -> None:
    """Whatever marks and sheets write is in the bundled subset: nothing comes out as tofu."""
    tool = Path(__file__).parents[3] / "tools/make_mark_font.py"
    characters = re.findall(r'^(?:HAN|PUNCTUATION) = "(.+)"$', tool.read_text("utf-8"), re.M)
    font = mark_font(64)
    tofu = bytes(font.getmask("\U0010ffff"))
    for character in {*MARK_TEXT, *"人工智能生成合成", *"0123456789", *"".join(characters)}:
        assert bytes(font.getmask(character)) != tofu, character
    assert bytes(font.getmask("熊")) == tofu, "the check can fail"


def test_the_licence_stands_beside_the_font() -> None:
    spec = importlib.util.find_spec("danqing.provenance")
    assert spec
    assert spec.origin
    folder = Path(spec.origin).parent / "fonts"
    licence = (folder / "OFL.txt").read_text("utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Adobe" in licence
    assert (folder / "DanqingMark.otf").stat().st_size < 40_000
