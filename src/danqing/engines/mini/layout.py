"""From a Brief to places on the canvas: counts and relations become boxes, by rule.

Small networks don't learn to count from captions. So counting, relations and places are planned here,
and the network is given one grounded token and one place per object (cf. GLIGEN, Li et al. 2023).
The same planner lays out the training scenes, so that what is asked is what was learned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from danqing.request.types import Brief, Colour, Gender, Relation, Thing

MAX_OBJECTS = 5


@dataclass(frozen=True, slots=True)
class Box:
    """Centre and size as shares of the canvas side; x grows to the right, y downwards."""

    x: float
    y: float
    w: float
    h: float

    def scaled(self, factor: float) -> Box:
        return Box(self.x, self.y, self.w * factor, self.h * factor)

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.x + dx, self.y + dy, self.w, self.h)


@dataclass(frozen=True, slots=True)
class Placed:
    """One object on the canvas. thing: its index in the Brief, or -1 for the setting."""

    concept: str
    box: Box
    thing: int
    colour: Colour | None = None
    gender: Gender | None = None
    skin: int = 0
    body: str | None = None
    backdrop: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """objects: from back to front, the backdrop first. left_out: (thing, how many) that found no place."""

    objects: tuple[Placed, ...]
    left_out: tuple[tuple[int, int], ...] = ()


_ROWS: dict[int, tuple[Box, ...]] = {
    1: (Box(0.5, 0.5, 0.94, 0.94),),
    2: (Box(0.26, 0.5, 0.5, 0.5), Box(0.74, 0.5, 0.5, 0.5)),
    3: (Box(0.5, 0.27, 0.46, 0.46), Box(0.26, 0.74, 0.46, 0.46), Box(0.74, 0.74, 0.46, 0.46)),
    4: tuple(Box(x, y, 0.46, 0.46) for y in (0.26, 0.74) for x in (0.26, 0.74)),
    5: (
        Box(0.24, 0.24, 0.4, 0.4),
        Box(0.76, 0.24, 0.4, 0.4),
        Box(0.5, 0.5, 0.4, 0.4),
        Box(0.24, 0.76, 0.4, 0.4),
        Box(0.76, 0.76, 0.4, 0.4),
    ),
}
_PLACES = {
    "centre": (0.5, 0.5),
    "left": (0.28, 0.5),
    "right": (0.72, 0.5),
    "top": (0.5, 0.28),
    "bottom": (0.5, 0.72),
    "top-left": (0.28, 0.28),
    "top-right": (0.72, 0.28),
    "bottom-left": (0.28, 0.72),
    "bottom-right": (0.72, 0.72),
}
_PLACED_SIDE = 0.52
_HATS = {
    "top-hat", "crown", "womans-hat", "graduation-cap", "billed-cap", "military-helmet",
    "rescue-workers-helmet", "hat", "ribbon",
}  # fmt: skip
_EYEWEAR = {"glasses", "sunglasses", "goggles"}
# (subject box, object box, is the object in front?) for two things in a relation.
_PAIRS: dict[str, tuple[Box, Box, bool]] = {
    "left-of": (Box(0.26, 0.5, 0.5, 0.5), Box(0.74, 0.5, 0.5, 0.5), True),
    "right-of": (Box(0.74, 0.5, 0.5, 0.5), Box(0.26, 0.5, 0.5, 0.5), True),
    "beside": (Box(0.26, 0.5, 0.5, 0.5), Box(0.74, 0.5, 0.5, 0.5), True),
    "above": (Box(0.5, 0.26, 0.5, 0.5), Box(0.5, 0.74, 0.5, 0.5), True),
    "below": (Box(0.5, 0.74, 0.5, 0.5), Box(0.5, 0.26, 0.5, 0.5), True),
    "in-front-of": (Box(0.38, 0.64, 0.62, 0.62), Box(0.64, 0.36, 0.66, 0.66), False),
    "behind": (Box(0.64, 0.36, 0.66, 0.66), Box(0.38, 0.64, 0.62, 0.62), True),
    "inside": (Box(0.5, 0.54, 0.44, 0.44), Box(0.5, 0.5, 0.96, 0.96), False),
    "holding": (Box(0.42, 0.5, 0.84, 0.84), Box(0.78, 0.7, 0.4, 0.4), True),
    "eating": (Box(0.38, 0.48, 0.74, 0.74), Box(0.76, 0.7, 0.44, 0.44), True),
    "drinking": (Box(0.38, 0.48, 0.74, 0.74), Box(0.77, 0.7, 0.42, 0.42), True),
    "riding": (Box(0.5, 0.32, 0.56, 0.56), Box(0.5, 0.66, 0.66, 0.66), False),
    "wearing": (Box(0.5, 0.5, 0.9, 0.9), Box(0.5, 0.76, 0.52, 0.46), True),
}
_WEARING_HAT = (Box(0.5, 0.6, 0.76, 0.76), Box(0.5, 0.2, 0.42, 0.36), True)
_WEARING_GLASSES = (Box(0.5, 0.52, 0.9, 0.9), Box(0.5, 0.46, 0.46, 0.3), True)


def is_headwear(concept: str) -> bool:
    return concept in _HATS or concept in _EYEWEAR


def pair_boxes(kind: str, worn: str = "") -> tuple[Box, Box, bool]:
    """Boxes of (subject, object) for a relation and whether the object is drawn in front."""
    if kind == "wearing" and worn in _HATS:
        return _WEARING_HAT
    if kind == "wearing" and worn in _EYEWEAR:
        return _WEARING_GLASSES
    return _PAIRS[kind]


def plan(brief: Brief) -> Layout:
    """Place every object of a Brief, at most five and a backdrop. Deterministic."""
    counts, left_out = _share_out([t.count for t in brief.things])
    boxes = _boxes(brief, counts)
    order = sorted(range(len(brief.things)), key=lambda i: _depth(i, brief))
    objects = [_place(brief.things[i], i, box) for i in order for box in boxes[i]]
    if brief.setting is not None:
        objects = [_before_setting(o) for o in objects]
        objects.insert(0, Placed(brief.setting, Box(0.5, 0.4, 0.8, 0.8), thing=-1, backdrop=True))
    return Layout(tuple(objects), left_out)


def _place(thing: Thing, index: int, box: Box) -> Placed:
    return Placed(
        thing.concept, box, index, thing.colour, thing.gender, thing.skin or 0, thing.body
    )


def _before_setting(placed: Placed) -> Placed:
    """In front of a backdrop things are smaller and stand on its ground."""
    return replace(placed, box=_within(placed.box, 0.5, 0.66, 0.66))


def _share_out(counts: list[int]) -> tuple[list[int], tuple[tuple[int, int], ...]]:
    """Cut counts down to MAX_OBJECTS in all, taking from the largest, so that no thing vanishes."""
    kept = list(counts[:MAX_OBJECTS])
    while sum(kept) > MAX_OBJECTS:
        kept[kept.index(max(kept))] -= 1
    kept += [0] * (len(counts) - len(kept))
    missing = ((i, c - k) for i, (c, k) in enumerate(zip(counts, kept, strict=True)))
    return kept, tuple((i, n) for i, n in missing if n > 0)


def _related(brief: Brief, counts: list[int]) -> Relation | None:
    """The relation that decides the layout: the first between two single things."""
    for relation in brief.relations:
        if counts[relation.subject] == counts[relation.object] == 1:
            return relation
    return None


def _depth(index: int, brief: Brief) -> int:
    """Sort key from back to front."""
    for relation in brief.relations:
        in_front = pair_boxes(relation.kind, brief.things[relation.object].concept)[2]
        if index == (relation.object if in_front else relation.subject):
            return 1
    return 0


def _boxes(brief: Brief, counts: list[int]) -> list[tuple[Box, ...]]:
    """Boxes per thing."""
    related = _related(brief, counts)
    total = sum(counts)
    boxes: list[tuple[Box, ...]]
    if related is not None and total == 2:
        subject, other, _ = pair_boxes(related.kind, brief.things[related.object].concept)
        boxes = [()] * len(counts)
        boxes[related.subject], boxes[related.object] = (subject,), (other,)
    elif related is not None:
        boxes = _pair_among_others(brief, counts, related)
    elif brief.relations:
        boxes = _groups(brief.relations[0], counts)
    else:
        slots = iter(_ROWS.get(total, ()))
        boxes = [tuple(next(slots) for _ in range(n)) for n in counts]
    return [
        tuple(_adjusted(brief.things[i], box, total) for box in group)
        for i, group in enumerate(boxes)
    ]


def _pair_among_others(brief: Brief, counts: list[int], related: Relation) -> list[tuple[Box, ...]]:
    """A related pair takes the left two thirds as one group, everything else the right third."""
    subject, other, _ = pair_boxes(related.kind, brief.things[related.object].concept)
    others = sum(counts) - 2
    boxes: list[tuple[Box, ...]] = []
    seat = 0
    for i, n in enumerate(counts):
        if i == related.subject:
            boxes.append((_within(subject, 0.34, 0.5, 0.66),))
        elif i == related.object:
            boxes.append((_within(other, 0.34, 0.5, 0.66),))
        else:
            side = min(0.34, 0.96 / max(others, 1))
            column = [Box(0.83, (seat + k + 0.5) / others, side, side) for k in range(n)]
            boxes.append(tuple(column))
            seat += n
    return boxes


def _groups(relation: Relation, counts: list[int]) -> list[tuple[Box, ...]]:
    """Two groups, each in its own half: 「左边三只猫，右边一只狗」, "three cats above a dog"."""
    upright = relation.kind in ("above", "below")
    first = relation.object if relation.kind in ("right-of", "below") else relation.subject
    boxes: list[tuple[Box, ...]] = []
    for i, n in enumerate(counts):
        half = 0.25 if i == first else 0.75
        centre = (0.5, half) if upright else (half, 0.5)
        boxes.append(tuple(_within(b, *centre, 0.5) for b in _ROWS.get(n, ())))
    return boxes


def _within(box: Box, x: float, y: float, side: float) -> Box:
    """A box of the unit canvas, moved into a square of this centre and side."""
    return Box(x + (box.x - 0.5) * side, y + (box.y - 0.5) * side, box.w * side, box.h * side)


def _adjusted(thing: Thing, box: Box, total: int) -> Box:
    """Apply a thing's own place and size."""
    if thing.place is not None and thing.count == 1:
        x, y = _PLACES[thing.place]
        side = min(box.w, _PLACED_SIDE)
        box = Box(x, y, side, side)
    if thing.size == "small":
        box = box.scaled(0.6)
    elif thing.size == "large" and total > 1:
        box = box.scaled(1.25)
    return box
