"""What the network is told of a sentence's things."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from danqing.engines.mini.conditions import Conditions, Recalled, lay_out, recall, tell
from danqing.engines.mini.engine import shipped_weights
from danqing.engines.mini.memory import of_another_hand
from danqing.engines.mini.model import MiniModel
from danqing.engines.mini.palette import NO_PALETTES, Palettes
from danqing.request.types import Brief, Colour, Thing

MODEL = MiniModel(shipped_weights())


def told(thing: Thing, seed: int = 0, *, remember: bool = True) -> Conditions:
    rng = np.random.default_rng(seed)
    objects = recall(
        lay_out(Brief((thing,)), rng)[0],
        card=MODEL.card,
        memory=MODEL.memory if remember else None,
        style="noto",
        rng=rng,
    )
    return tell(
        objects,
        card=MODEL.card,
        sketched=remember,
        encode=lambda picture: np.zeros((len(picture), 64, 32), np.float32),
        style="noto",
    )


def person(thing: Thing, seed: int = 0, style: str = "noto", **how: bool) -> Recalled:
    rng = np.random.default_rng(seed)
    layout, _ = lay_out(Brief((thing,)), rng)
    (one,) = recall(layout, card=MODEL.card, memory=MODEL.memory, style=style, rng=rng, **how)
    return one


@pytest.mark.parametrize("concept", ["woman-afro", "cook"])
def test_a_tone_nobody_said_is_as_the_style_leaves_it_open(concept: str) -> None:
    """Yellow, or where a style has nothing neutral every tone comes up and none is the usual one."""
    tones = {person(Thing(concept), seed, "danqing").skin for seed in range(40)}
    assert tones == {1, 2, 3, 4, 5}
    assert {person(Thing(concept), seed).skin for seed in range(10)} == {0}


def test_what_only_our_own_set_has_is_drawn_in_it_unless_a_style_was_asked() -> None:
    for concept, ours in (("bronze-ding", True), ("woman-afro", True), ("cat", False)):
        assert person(Thing(concept)).style == "noto"
        assert person(Thing(concept), style_open=True).style == ("danqing" if ours else "noto")
    assert person(Thing("woman-afro"), style_open=True).skin in {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("there", "asked", "after"),
    [
        ("flat glossy noto blob paper", "flat", "noto blob paper"),
        ("flat glossy noto blob paper", "noto", "flat glossy paper"),
        ("flat glossy", "glossy", "flat"),
        ("flat", "flat", "flat"),
        ("danqing noto", "danqing", "noto"),
    ],
)
def test_a_drawing_is_made_after_another_hand(there: str, asked: str, after: str) -> None:
    assert of_another_hand(there.split(), asked) == set(after.split())


def test_the_memory_gives_sketches_of_another_hand() -> None:
    for style, after in (("flat", "noto"), ("glossy", "noto"), ("noto", "glossy")):
        assert {r.style for r in MODEL.memory.choices("cat", None, style)} == {after}


def test_who_has_no_tone_is_drawn_in_the_middle_one_too() -> None:
    one = person(Thing("cook"))
    assert (one.placed.skin, one.skin) == (3, 0)
    assert person(Thing("cat")).placed.skin == 0


def test_people_of_one_kind_share_their_tone_and_sketch() -> None:
    for seed in range(10):
        rng = np.random.default_rng(seed)
        layout, _ = lay_out(Brief((Thing("cook", count=3),)), rng)
        cooks = recall(layout, card=MODEL.card, memory=MODEL.memory, style="danqing", rng=rng)
        assert len({(cook.skin, cook.placed.gender) for cook in cooks}) == 1


@pytest.mark.parametrize("skin", [1, 2, 3, 4, 5])
def test_everyone_is_drawn_in_the_middle_tone_and_toned_later(skin: int) -> None:
    one = person(Thing("cook", skin=skin))
    assert (one.placed.skin, one.skin) == (3, skin)
    assert one.sketch is not None
    assert (one.sketch == person(Thing("cook", skin=3)).sketch).all()


def test_where_nothing_is_toned_later_the_network_is_told_the_tone() -> None:
    """A picture that is changed, a style without such colours, a colour for the whole figure."""
    toned = person(Thing("cook", skin=5), toned_later=False)
    assert toned.placed.skin == 5
    middle = person(Thing("cook", skin=3), toned_later=False)
    assert toned.sketch is not None
    assert middle.sketch is not None
    assert toned.sketch[..., :3].mean() < middle.sketch[..., :3].mean()
    assert person(Thing("cook", skin=5, colour="green")).placed.skin == 5


def test_what_was_said_is_told_as_it_was_said() -> None:
    for seed in range(10):
        concept, _, skin, gender, _ = told(Thing("cook", gender="male", skin=3), seed).objects[0, 1]
        assert (concept > 0, skin, gender) == (True, 3, 2)


def test_a_gender_left_open_is_the_sketchs() -> None:
    genders = {int(told(Thing("woman-afro"), seed).objects[0, 1, 3]) for seed in range(5)}
    assert 0 not in genders


def test_the_build_goes_with_the_figure() -> None:
    assert MODEL.card.bodies["plus-size-woman"] == "plus"
    assert told(Thing("plus-size-woman")).objects[0, 1, 4] == 3


def test_without_memory_there_is_no_sketch() -> None:
    without = told(Thing("cat"), remember=False)
    assert not without.sketch.any()
    assert without.has_sketch[0] == 0


@pytest.mark.parametrize(("colour", "brought"), [(None, True), ("red", False)])
def test_a_sketch_is_brought_to_the_style_unless_a_colour_was_asked(
    colour: Colour | None, brought: bool
) -> None:
    def sketch(palettes: Palettes) -> np.ndarray:
        rng = np.random.default_rng(0)
        layout, _ = lay_out(Brief((Thing("cat", colour=colour),)), rng)
        card = replace(MODEL.card, palettes=palettes)
        (cat,) = recall(layout, card=card, memory=MODEL.memory, style="noto", rng=rng)
        assert cat.sketch is not None
        return cat.sketch[cat.sketch[..., 3] > 0][:, :3]

    one = np.array([(40, 160, 200)], np.uint8)
    changed = sketch(Palettes({"noto": one}, {}))
    assert np.allclose(np.median(changed, axis=0), one, atol=3) == brought
    assert (changed == sketch(NO_PALETTES)).all() != brought
