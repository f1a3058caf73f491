import math

import pytest

from danqing.evaluation.statistics import Share, share


def test_wilson_against_a_published_example() -> None:
    """81 of 263 gives 0.2553 to 0.3662 (Newcombe 1998, table I, method 3)."""
    assert Share(81, 263, 263).interval == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_seeds_of_a_case_do_not_narrow_the_interval() -> None:
    low_few, high_few = Share(10, 20, 20).interval
    low_many, high_many = Share(40, 80, 20).interval
    assert (low_few, high_few) == (low_many, high_many)


def test_none_and_all() -> None:
    assert Share(0, 0, 0).interval == (0.0, 1.0)
    assert math.isnan(Share(0, 0, 0).value)
    assert Share(9, 9, 9).interval[1] == 1.0
    assert Share(0, 9, 9).interval[0] == 0.0


def test_share_counts_cases_once() -> None:
    assert share([("a", True), ("a", False), ("b", True)]) == Share(2, 3, 2)
