"""The table of concepts judged as one: it merges what a person would not tell apart, and nothing
else."""

import pytest

from danqing.evaluation.classes import class_list, class_of, judged, may_mirror, may_recolour


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("family-man-woman-boy", "family"),
        ("person-walking-facing-right", "person-walking"),
        ("man-running-facing-right", "person-running"),
        ("globe-showing-americas", "globe-showing-europe-africa"),
        ("dollar-banknote", "yen-banknote"),
        ("grandfather", "old-man"),
        ("kiss-man-man", "kiss"),
    ],
)
def test_alike(one: str, other: str) -> None:
    assert class_of(one) == class_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cat", "cat-face"),
        ("man", "woman"),
        ("boy", "girl"),
        ("red-heart", "blue-heart"),
        ("shumai-cantonese", "shumai-jiangnan"),
        ("kiss", "kiss-mark"),
        ("wheel", "wheelchair-symbol"),
        ("plus-size-woman", "slim-woman"),
        ("backhand-index-pointing-left", "backhand-index-pointing-right"),
    ],
)
def test_apart(one: str, other: str) -> None:
    assert class_of(one) != class_of(other)


def test_a_class_is_its_own_class() -> None:
    """Otherwise a judge's class would be looked up under another name than it was trained under."""
    names = [
        "family",
        "person-walking",
        "globe",
        "banknote",
        "old-man",
        "mailbox",
        "hotpot",
        "lock",
    ]
    assert [class_of(name) for name in names] == names


def test_classes_are_sorted_and_single() -> None:
    assert class_list(["dog", "cat", "mouse", "rat"]) == ("cat", "dog", "mouse")


def test_signs_are_not_judged_but_our_own_symbols_are() -> None:
    assert not judged("symbol", ours=False)
    assert judged("symbol", ours=True)
    assert judged("food", ours=False)


def test_what_a_change_may_hide() -> None:
    assert not may_mirror("backhand-index-pointing-left")
    assert may_mirror("cat")
    assert not may_recolour("red-heart")
    assert not may_recolour("green-apple")
    assert may_recolour("cat")
