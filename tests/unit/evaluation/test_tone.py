"""Skin tone from pixels."""

import numpy as np
import pytest

from danqing.evaluation.tone import fit_thresholds, skin_lightness, tone_of

# The five Fitzpatrick emoji modifiers as the Unicode charts draw them.
TONES = ("#f7dece", "#f3d2a2", "#d5ab88", "#af7e57", "#7c533e")


def _person(skin: str, hair: str = "#30221c", shirt: str = "#2a6ade") -> np.ndarray:
    def rgba(colour: str) -> tuple[int, ...]:
        return (*bytes.fromhex(colour[1:]), 255)

    picture = np.zeros((128, 128, 4), np.uint8)
    picture[10:30, 40:90] = rgba(hair)
    picture[30:75, 40:90] = rgba(skin)
    picture[75:120, 25:105] = rgba(shirt)
    return picture


def test_lightness_falls_with_the_tone() -> None:
    found = [skin_lightness(_person(tone)) for tone in TONES]
    assert None not in found
    assert found == sorted(found, reverse=True)


def test_clothes_do_not_count() -> None:
    assert skin_lightness(_person(TONES[0])) == skin_lightness(_person(TONES[0], shirt="#d02020"))


def test_no_skin_no_tone() -> None:
    assert skin_lightness(_person("#30c040", hair="#2a6ade")) is None
    assert tone_of(None, (80, 70, 60, 50)) is None


def test_thresholds_part_the_tones() -> None:
    lightness = np.array([90, 88, 80, 78, 68, 66, 54, 52, 40, 36], np.float32)
    tones = np.repeat(np.arange(1, 6), 2)
    thresholds = fit_thresholds(lightness, tones)
    assert list(thresholds) == sorted(thresholds, reverse=True)
    assert [tone_of(float(v), thresholds) for v in lightness] == tones.tolist()


@pytest.mark.parametrize(("lightness", "tone"), [(95.0, 1), (10.0, 5)])
def test_ends(lightness: float, tone: int) -> None:
    assert tone_of(lightness, (80, 70, 60, 50)) == tone
