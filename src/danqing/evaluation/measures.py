"""One picture against what was asked: which measures apply and whether it meets them.

A mark is True or False; a measure that doesn't apply has no mark. `measure` knows the picture and
the case, never who drew it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import permutations

import numpy as np
import numpy.typing as npt

from danqing.evaluation import colour
from danqing.evaluation.cases import Case
from danqing.evaluation.judge import Found, Judge, crop
from danqing.evaluation.references import References, edge_energy

Pixels = npt.NDArray[np.uint8]
_SIDES = {"left": -1, "right": 1, "top": -1, "bottom": 1}
_OFF_CENTRE = (
    0.07  # a thing counts as left when its middle is this share of the side left of the centre
)
_APART = 0.08
_FOUND_RANKS = 20  # of some 1,300 classes: a thing in a crowd is drawn in few pixels


@dataclass(frozen=True, slots=True)
class Marks:
    """marks: measure → met or not. groups: what to break a figure down by (tone, body, style, …).

    numbers: measure → a number to average (edge energies, distances).
    """

    marks: Mapping[str, bool]
    groups: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, float] = field(default_factory=dict)


def measure(picture: Pixels, case: Case, judge: Judge, references: References, style: str) -> Marks:
    """picture: (H, W, 4) uint8 straight RGBA, ground clear unless one was asked. style: the one
    drawn in when none was asked."""
    thing = case.brief.things[0]
    marks: dict[str, bool] = {}
    groups: dict[str, str] = {"style": case.brief.style or style}
    numbers: dict[str, float] = {}
    if case.kind in ("concept", "culture", "skin", "body", "style", "colour"):
        verdict = judge.verdict(picture, thing.concept)
        name = "concept" if case.kind in ("concept", "culture") else f"concept in {case.kind}"
        marks[name] = verdict.rank == 0
        marks[f"{name}, top 5"] = verdict.rank < 5
        groups["kind"] = judge.catalogue.entries[thing.concept].kind
    if case.kind in ("concept", "style"):
        real = references.energy_of(groups["style"], thing.concept)
        if real is not None:
            numbers["edges"], numbers["edges of real"] = edge_energy(picture), real
    if case.kind in ("concept", "culture"):
        numbers["nearest"] = references.nearest(picture)
        marks["near copy"] = numbers["nearest"] < references.near_distance
    if case.kind == "colour":
        marks["colour"] = colour.dominant(picture) == thing.colour
        groups["colour"] = str(thing.colour)
    elif case.kind == "two-colours":
        marks["two colours"] = _two_colours(picture, case, judge)
    elif case.kind == "count":
        found = len(judge.find(picture))
        marks["count to 4" if thing.count <= 4 else "count of 5"] = found == thing.count
        groups["count"] = str(thing.count)
    elif case.kind == "place":
        marks["place"] = _in_place(picture, str(thing.place))
        groups["place"] = str(thing.place)
    elif case.kind == "relation":
        marks["relation"] = _related(picture, case, judge)
        groups["relation"] = case.brief.relations[0].kind
    elif case.kind == "style":
        marks["style"] = judge.style(picture) == case.brief.style
    elif case.kind == "skin":
        tone = judge.tone(picture)
        marks["skin tone"] = tone is not None and abs(tone - (thing.skin or 0)) <= 1
        marks["skin tone, exact"] = tone == thing.skin
        groups["tone"] = str(thing.skin)
    elif case.kind == "body":
        entries = judge.catalogue.entries
        body = entries[thing.concept].body
        marks["body"] = judge.body(picture) == body
        groups["body"] = body
    elif case.kind == "ground":
        marks["ground"] = colour.ground_colour(picture) == case.brief.background
    elif case.kind in ("setting", "doing"):
        concepts = [t.concept for t in case.brief.things]
        marks[case.kind] = _all_there(picture, concepts, judge)
    # numpy's own truth values are no JSON.
    return Marks({name: bool(met) for name, met in marks.items()}, groups, numbers)


def _in_place(picture: Pixels, place: str) -> bool:
    """Whether the middle of what is drawn lies in the asked part of the picture."""
    solid = picture[..., 3] > 100
    if not solid.any():
        return False
    ys, xs = np.nonzero(solid)
    dx = (xs.min() + xs.max() + 1) / 2 / picture.shape[1] - 0.5
    dy = (ys.min() + ys.max() + 1) / 2 / picture.shape[0] - 0.5
    words = place.split("-")
    wanted_x = next((_SIDES[w] for w in words if w in ("left", "right")), 0)
    wanted_y = next((_SIDES[w] for w in words if w in ("top", "bottom")), 0)
    return _on_side(dx, wanted_x) and _on_side(dy, wanted_y)


def _on_side(offset: float, wanted: int) -> bool:
    return offset * wanted > _OFF_CENTRE if wanted else abs(offset) < 2 * _OFF_CENTRE


def _assign(picture: Pixels, concepts: list[str], judge: Judge) -> list[Found] | None:
    """Which found thing is which concept, the likeliest way; None where fewer were found than
    asked."""
    found = list(judge.find(picture))[: len(concepts) + 2]
    if len(found) < len(concepts):
        return None
    shares = judge.log_shares([crop(picture, f) for f in found], concepts)
    best = max(
        permutations(range(len(found)), len(concepts)),
        key=lambda order: sum(float(shares[f, c]) for c, f in enumerate(order)),
    )
    return [found[f] for f in best]


def _related(picture: Pixels, case: Case, judge: Judge) -> bool:
    """Whether both things are found, each recognised, and stand as asked."""
    relation = case.brief.relations[0]
    concepts = [t.concept for t in case.brief.things]
    assigned = _assign(picture, concepts, judge)
    if assigned is None or not _recognised(picture, assigned, concepts, judge):
        return False
    subject, other = assigned[relation.subject], assigned[relation.object]
    dx, dy = other.x - subject.x, other.y - subject.y
    along, across = {
        "left-of": (dx, dy), "right-of": (-dx, dy), "above": (dy, dx), "below": (-dy, dx),
    }[relation.kind]  # fmt: skip
    return along > _APART and along > abs(across)


def _recognised(picture: Pixels, found: list[Found], concepts: list[str], judge: Judge) -> bool:
    return all(
        judge.verdict(crop(picture, f), concept).rank < _FOUND_RANKS
        for f, concept in zip(found, concepts, strict=True)
    )


def _two_colours(picture: Pixels, case: Case, judge: Judge) -> bool:
    """Whether each thing has its own colour. Which is which is the likeliest assignment by
    shape."""
    things = case.brief.things
    assigned = _assign(picture, [t.concept for t in things], judge)
    if assigned is None:
        return False
    return all(
        colour.dominant(crop(picture, found)) == thing.colour
        for found, thing in zip(assigned, things, strict=True)
    )


def _all_there(picture: Pixels, concepts: list[str], judge: Judge) -> bool:
    """Whether each thing is among the judge's first guesses, for the picture or a part of it."""
    parts = [picture, *(crop(picture, f) for f in judge.find(picture)[:4])]
    return all(
        min(judge.verdict(part, concept).rank for part in parts) < _FOUND_RANKS
        for concept in concepts
    )
