"""The planner: counts and relations become boxes that hold what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danqing.engines.mini.layout import MAX_OBJECTS, plan
from danqing.request.types import Brief, Relation, Thing

CONCEPTS = st.sampled_from(["cat", "dog", "red-apple", "top-hat", "glasses", "bicycle"])
THINGS = st.builds(Thing, concept=CONCEPTS, count=st.integers(1, 12))
KINDS = st.sampled_from(["left-of", "above", "beside", "inside", "holding", "wearing", "riding"])


@st.composite
def briefs(draw: st.DrawFn) -> Brief:
    things = tuple(draw(st.lists(THINGS, min_size=1, max_size=5)))
    pairs = [(i, j) for i in range(len(things)) for j in range(len(things)) if i != j]
    relations = ()
    if pairs:
        chosen = draw(st.lists(st.sampled_from(pairs), max_size=2))
        relations = tuple(Relation(draw(KINDS), i, j) for i, j in chosen)
    return Brief(things, relations, setting=draw(st.sampled_from([None, "beach-with-umbrella"])))


@given(briefs())
def test_every_object_is_placed_or_reported(brief: Brief) -> None:
    layout = plan(brief)
    left_out = dict(layout.left_out)
    for i, thing in enumerate(brief.things):
        placed = sum(o.thing == i for o in layout.objects)
        assert placed + left_out.get(i, 0) == thing.count
    assert sum(not o.backdrop for o in layout.objects) <= MAX_OBJECTS


@given(briefs())
def test_no_thing_vanishes_while_another_has_two(brief: Brief) -> None:
    layout = plan(brief)
    counts = [sum(o.thing == i for o in layout.objects) for i in range(len(brief.things))]
    assert min(counts) >= 1 or max(counts) <= 1


@given(briefs())
def test_boxes_lie_on_the_canvas(brief: Brief) -> None:
    for placed in plan(brief).objects:
        box = placed.box
        assert 0 < box.w <= 1
        assert 0 < box.h <= 1
        assert box.x - box.w / 2 >= -0.05
        assert box.x + box.w / 2 <= 1.05


@pytest.mark.parametrize(
    ("kind", "axis", "sign"),
    [("left-of", "x", -1), ("right-of", "x", 1), ("above", "y", -1), ("below", "y", 1)],
)
def test_spatial_relations_hold(kind: str, axis: str, sign: int) -> None:
    for counts in [(1, 1), (2, 1), (2, 2)]:
        things = (Thing("cat", count=counts[0]), Thing("dog", count=counts[1]))
        layout = plan(Brief(things, (Relation(kind, 0, 1),)))  # type: ignore[arg-type]
        cats = [getattr(o.box, axis) for o in layout.objects if o.concept == "cat"]
        dogs = [getattr(o.box, axis) for o in layout.objects if o.concept == "dog"]
        assert all((c - d) * sign > 0 for c in cats for d in dogs), (counts, cats, dogs)


def test_a_hat_sits_on_the_head_in_front() -> None:
    brief = Brief((Thing("cat"), Thing("top-hat")), (Relation("wearing", 0, 1),))
    cat, hat = plan(brief).objects
    assert (cat.concept, hat.concept) == ("cat", "top-hat")
    assert hat.box.y < cat.box.y


def test_a_rider_is_above_and_the_backdrop_behind() -> None:
    brief = Brief((Thing("panda"), Thing("bicycle")), (Relation("riding", 0, 1),), setting="tulip")
    backdrop, *rest = plan(brief).objects
    assert backdrop.backdrop
    where = {o.concept: o.box.y for o in rest}
    assert where["panda"] < where["bicycle"]


def test_a_place_is_where_it_says() -> None:
    (placed,) = plan(Brief((Thing("cat", place="top-left"),))).objects
    assert placed.box.x < 0.5
    assert placed.box.y < 0.5
