"""PDQ: near for what looks alike, far for what doesn't, and the bits the reference gives."""

from __future__ import annotations

import numpy as np
import pytest

from danqing.provenance.pdq import MIN_QUALITY, NEAR, distance, pdq_hash
from support.pictures import gradient
from support.scenery import as_jpeg, photograph, resized

REFERENCE = {
    (300, 200): ("d842523a87dfbb50d6c650faced67b90543e559aeeb41087d43677ec82a9508c", 57),
    (500, 333): ("780852aa26ff738e22fff380752a506f3728706f3738d5722707727227077272", 67),
    (97, 411): ("e3abf78feaabbffe1d54c6015054cb195541efffbaaa9d0084aa80e08b123ac0", 58),
}
"""By width and height of a `gradient`, from the reference implementation (`pdqhash` 0.2.8, which wraps
Meta's C++)."""


@pytest.mark.parametrize("size", REFERENCE)
def test_the_bits_are_those_of_the_reference(size: tuple[int, int]) -> None:
    found = pdq_hash(gradient(*size))
    assert (found.text, found.quality) == REFERENCE[size]


@pytest.mark.parametrize("seed", range(4))
def test_what_looks_alike_is_near_and_what_does_not_is_far(seed: int) -> None:
    picture = photograph(seed, 384, 320)
    own = pdq_hash(picture)
    assert own.quality >= MIN_QUALITY
    for changed in (as_jpeg(picture, 40), resized(picture, 0.4), resized(picture, 2.2)):
        assert distance(own.text, pdq_hash(changed).text) <= NEAR
    assert distance(own.text, pdq_hash(photograph(seed + 50)).text) > 90


def test_a_plain_picture_has_no_quality() -> None:
    assert pdq_hash(np.full((90, 90, 4), 200, np.uint8)).quality == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (63, 64), (2048, 64)])
def test_any_size_has_a_hash(size: tuple[int, int]) -> None:
    assert len(pdq_hash(np.zeros((*size, 4), np.uint8)).text) == 64


def test_distance_counts_bits() -> None:
    assert distance("0" * 64, "f" * 64) == 256
    assert distance("0" * 63 + "1", "0" * 63 + "2") == 2
