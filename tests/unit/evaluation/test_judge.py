"""What the judge does with its networks' numbers."""

from pathlib import Path

import numpy as np
import pytest

from danqing.errors import DataError
from danqing.evaluation.judge import Found, Judge, crop, peaks, prepare


def _heat(*centres: tuple[int, int, float], size: float = 0.3) -> np.ndarray:
    found = np.full((3, 16, 16), -6, np.float32)
    found[1:] = size
    for row, column, logit in centres:
        found[0, row, column] = logit
    return found


def test_peaks_come_surest_first_with_their_place() -> None:
    first, second = peaks(_heat((4, 4, 1.0), (12, 10, 3.0)), 0.35)
    assert (first.x, first.y) == (10.5 / 16, 12.5 / 16)
    assert (second.x, second.y) == (4.5 / 16, 4.5 / 16)
    assert first.w == pytest.approx(0.3)


def test_neighbours_are_one_thing() -> None:
    assert len(peaks(_heat((8, 8, 2.0), (8, 9, 1.9)), 0.35)) == 1


def test_weak_peaks_are_nothing() -> None:
    assert peaks(_heat((8, 8, -1.0)), 0.35) == ()


def test_prepare_lays_on_white() -> None:
    clear = np.zeros((128, 128, 4), np.uint8)
    assert prepare(clear).shape == (3, 64, 64)
    assert (prepare(clear) == 1).all()
    red = np.broadcast_to(np.array([255, 0, 0, 255], np.uint8), (64, 64, 4)).copy()
    assert prepare(red)[:, 0, 0] == pytest.approx([1, -1, -1])


def test_crop_is_square_and_clear_outside() -> None:
    picture = np.full((100, 100, 4), 255, np.uint8)
    part = crop(picture, Found(0.0, 0.5, 0.2, 0.4, 1.0))
    assert part.shape[0] == part.shape[1] == 45
    assert part[20, 0, 3] == 0
    assert part[20, 44, 3] == 255


def test_a_folder_without_a_judge_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        Judge(tmp_path)
    assert caught.value.code == "evaluation.judge_missing"
