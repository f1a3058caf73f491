from __future__ import annotations

import numpy as np
import pytest

from danqing.errors import ProvenanceError
from danqing.provenance import Labeller
from danqing.provenance.encode import decode
from danqing.provenance.mark import draw_mark
from danqing.provenance.sheet import MAX_SHEET_SIDE_PX, compose
from support.pictures import ARTWORK_ID, cleared, gradient, sticker


@pytest.mark.parametrize("count", [1, 2, 4, 7, 50, 196, 200])
def test_the_sheet_stays_within_bounds_and_its_mark_covers_no_picture(count: int) -> None:
    red = np.full((32, 32, 4), (255, 0, 0, 255), np.uint8)
    sheet = compose([red] * count)
    assert max(sheet.shape[:2]) <= MAX_SHEET_SIDE_PX
    assert (sheet[..., 3] == 255).all()
    _, mark = draw_mark(sheet)
    below = sheet[mark.plate.top : mark.plate.bottom, mark.plate.left : mark.plate.right]
    assert (below == 255).all(), "an empty band"
    assert mark.ink.height_px >= 0.05 * min(sheet.shape[:2])


def test_pictures_stand_in_reading_order() -> None:
    colours = [(250, 0, 0, 255), (0, 250, 0, 255), (0, 0, 250, 255)]
    sheet = compose([np.full((64, 64, 4), colour, np.uint8) for colour in colours])
    centres = []
    for colour in colours:
        rows, columns = np.nonzero((sheet == colour).all(axis=2))
        centres.append((rows.mean(), columns.mean()))
    first, second, third = centres
    assert first[0] == second[0] < third[0]
    assert first[1] == third[1] < second[1]


def test_each_number_is_another() -> None:
    clear = np.zeros((64, 64, 4), np.uint8)
    sheet = compose([clear] * 4).astype(int)
    dark = sheet[..., :3].max(axis=2) < 100
    rows = np.flatnonzero(dark.any(axis=1))
    bands = np.split(rows, np.flatnonzero(np.diff(rows) > 5) + 1)
    assert len(bands) == 2
    drawn = []
    for band in bands:
        columns = np.flatnonzero(dark[band].any(axis=0))
        for number in np.split(columns, np.flatnonzero(np.diff(columns) > 20) + 1):
            drawn.append(dark[np.ix_(band, number)].tobytes())
    assert len(set(drawn)) == len(drawn) == 4


def test_shapes_keep_their_proportions() -> None:
    wide = np.full((20, 100, 4), (250, 0, 0, 255), np.uint8)
    sheet = compose([wide])
    rows, columns = np.nonzero((sheet == (250, 0, 0, 255)).all(axis=2))
    ratio = (np.ptp(columns) + 1) / (np.ptp(rows) + 1)
    assert ratio == pytest.approx(5, rel=0.1)


def test_the_labelled_sheet_names_its_pictures(labeller: Labeller) -> None:
    pictures = [cleared(gradient(64, 64)), cleared(sticker(64, 64))]
    sheet = labeller.label_sheet(pictures, artwork_id=ARTWORK_ID)
    assert sheet.pictures == tuple(pictures)
    assert sheet.aigc.produce_id == ARTWORK_ID
    assert decode(sheet.data).shape[2] == 4


def test_no_pictures_no_sheet(labeller: Labeller) -> None:
    with pytest.raises(ProvenanceError) as caught:
        labeller.label_sheet([], artwork_id=ARTWORK_ID)
    assert caught.value.code == "provenance.sheet_empty"
