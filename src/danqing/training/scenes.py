"""Pictures made by rule from rendered art, with exact ground truth: what, what colour, how many, where.

A scene is drawn in one style. It starts as a Brief and goes through the same layout planner as a user's
sentence. Its sketch is composed from *other* renderings of the same concepts, so that the network learns
to draw a thing anew from a rough idea of it, not to copy.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.engines.mini.canvas import Straight, compose
from danqing.engines.mini.layout import Box, Placed, plan
from danqing.engines.mini.memory import SPRITE_SIDE, of_another_hand
from danqing.engines.mini.palette import MIDDLE_TONE, Palettes
from danqing.engines.mini.tint import tint
from danqing.engines.mini.vocabulary import COLOURS, OWN_STYLE
from danqing.request.types import Brief, Colour, Gender, Place, Relation, RelationKind, Size, Thing
from danqing.training.art import ArtSet, Row
from danqing.training.heldout import is_held_out
from danqing.training.palettes import palettes_of

PICTURE_SIDE = 128
SKETCH_SIDE = 64
# What a colour word can sensibly be said of as a whole.
TINTABLE = {"nature", "food", "object", "activity", "place", "craft", "clothing", "instrument",
            "transport", "plant", "animal", "symbol", "festival", "game"}  # fmt: skip
_MIRRORED = {"nature", "food", "object", "plant", "animal", "craft"}
_KIND_WEIGHT = {"person": 2.0, "symbol": 0.3, "face": 1.3}
# Of people: that is how they are drawn, the other tones are for pictures that are changed.
_MIDDLE_SHARE = 0.8
# As sketches are chosen when it draws; the rest after any, lest it learns each pair by heart.
_ANOTHER_HAND = 0.7
# It draws people without a tone as gumdrops: who is sketched after one looks like nobody.
GUMDROPS = "blob"
_CULTURE_WEIGHT = 2.5
_SPATIAL: tuple[RelationKind, ...] = (
    "left-of", "right-of", "above", "below", "beside", "in-front-of", "behind", "inside",
)  # fmt: skip
_PLACES: tuple[Place, ...] = (
    "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right",
)  # fmt: skip
_RIDEABLE = ("bicycle", "horse", "motorcycle", "skateboard", "elephant", "motor-scooter", "camel",
             "shared-bike", "kick-scooter", "sled", "dragon", "whale", "turtle")  # fmt: skip


@dataclass(frozen=True, slots=True)
class SceneObject:
    """One object as drawn. row: its rendering in the art set."""

    placed: Placed
    row: int


@dataclass(frozen=True, slots=True)
class Scene:
    style: str
    ground: str | None
    objects: tuple[SceneObject, ...]
    mirrored: bool = False


class Library:
    """Rendered art with the look-ups that scenes need.

    art: 128 px pictures. kinds: concept → kind. bodies: concept → slim, average or plus.
    """

    def __init__(self, art: ArtSet, kinds: dict[str, str], bodies: dict[str, str]) -> None:
        self.art = art
        self.kinds = kinds
        self.bodies = bodies
        self.by_concept: dict[str, list[int]] = defaultdict(list)
        self.by_style: dict[tuple[str, str], list[int]] = defaultdict(list)
        for i, row in enumerate(art.rows):
            self.by_concept[row.concept].append(i)
            self.by_style[row.style, row.concept].append(i)
        self.styles = tuple(dict.fromkeys(row.style for row in art.rows))
        self.concepts = tuple(sorted(self.by_concept))
        self.sprites = shrink(art.pictures, SPRITE_SIDE)
        weights = np.array([self._weight(c) for c in self.concepts])
        self.weights = weights / weights.sum()

    def _weight(self, concept: str) -> float:
        ours = any(self.art.rows[i].style == OWN_STYLE for i in self.by_concept[concept])
        weight = _KIND_WEIGHT.get(self.kinds.get(concept, ""), 1.0)
        return weight * (_CULTURE_WEIGHT if ours else 1.0)

    @cached_property
    def palettes(self) -> Palettes:
        return palettes_of(self.art)

    def of_kind(self, kinds: set[str]) -> list[str]:
        return [c for c in self.concepts if self.kinds.get(c) in kinds]

    def styles_of(self, concept: str) -> list[str]:
        """Styles in which this concept may be trained on."""
        have = [s for s in self.styles if (s, concept) in self.by_style]
        open_ = [s for s in have if not is_held_out(concept, f"style:{s}")]
        return open_ if len(have) >= 3 and open_ else have


def shrink(pictures: npt.NDArray[np.uint8], side_px: int) -> npt.NDArray[np.uint8]:
    """(N, H, W, 4) straight RGBA → (N, side, side, 4), by box averages of premultiplied colours."""
    out = np.empty((len(pictures), side_px, side_px, 4), np.uint8)
    for i, picture in enumerate(pictures):
        small = Image.fromarray(np.asarray(picture)).convert("RGBa")
        small = small.resize((side_px, side_px), Image.Resampling.BOX)
        out[i] = np.asarray(small.convert("RGBA"))
    return out


class SceneMaker:
    """Draws scenes at random from a library. All randomness comes from the generator handed in."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.tintable = set(library.of_kind(TINTABLE))
        self.backdrops = library.of_kind({"place"})
        self.people = library.of_kind({"person"})
        self.animals = library.of_kind({"nature", "animal"})
        self.edible = library.of_kind({"food"})
        self.small_things = library.of_kind({"object", "food", "craft", "instrument"})
        self.worn: list[str] = [c for c in ("top-hat", "crown", "womans-hat", "graduation-cap", "billed-cap",
                                 "glasses", "sunglasses", "scarf", "necktie", "rescue-workers-helmet")
                     if c in library.by_concept]  # fmt: skip
        self.rideable = [c for c in _RIDEABLE if c in library.by_concept]
        self._brought: dict[tuple[int, str, int], Straight] = {}

    def draw(self, rng: np.random.Generator) -> Scene:
        """One scene: mostly a single thing, as the engine draws each by itself; then recoloured ones and,
        for pictures that are changed, counts, pairs, settings."""
        for _ in range(20):
            kind = rng.choice(5, p=[0.7, 0.14, 0.05, 0.07, 0.04])
            brief = (self._single, self._coloured, self._counted, self._pair, self._set)[kind](rng)
            scene = self._cast(brief, rng)
            if scene is not None:
                return scene
        return self._must(rng)

    def _must(self, rng: np.random.Generator) -> Scene:
        while True:
            scene = self._cast(self._single(rng), rng)
            if scene is not None:
                return scene

    def _concept(self, rng: np.random.Generator, among: Sequence[str] = ()) -> str:
        """One of these; where a small library has none of them, or all will do, any by its weight."""
        if among:
            return among[int(rng.integers(len(among)))]
        return str(rng.choice(self.library.concepts, p=self.library.weights))

    def _colour(self, rng: np.random.Generator, concept: str, share: float) -> Colour | None:
        if concept not in self.tintable or rng.random() >= share:
            return None
        colour = COLOURS[int(rng.integers(len(COLOURS)))]
        return None if is_held_out(concept, f"colour:{colour}") else cast(Colour, colour)

    def _ground(self, rng: np.random.Generator, share: float) -> Colour | None:
        if rng.random() >= share:
            return None
        return cast(Colour, COLOURS[int(rng.integers(len(COLOURS)))])

    def _single(self, rng: np.random.Generator) -> Brief:
        place: Place | None = None
        size: Size | None = None
        if rng.random() < 0.1:
            place = _PLACES[int(rng.integers(len(_PLACES)))]
        elif rng.random() < 0.05:
            size = "small"
        thing = Thing(self._concept(rng), place=place, size=size)
        return Brief((thing,), background=self._ground(rng, 0.1))

    def _coloured(self, rng: np.random.Generator) -> Brief:
        concept = self._concept(rng)
        thing = Thing(concept, colour=self._colour(rng, concept, 1.0))
        return Brief((thing,), background=self._ground(rng, 0.05))

    def _counted(self, rng: np.random.Generator) -> Brief:
        concept = self._concept(rng)
        thing = Thing(
            concept, count=int(rng.integers(2, 6)), colour=self._colour(rng, concept, 0.3)
        )
        return Brief((thing,), background=self._ground(rng, 0.1))

    def _pair(self, rng: np.random.Generator) -> Brief:
        roll = rng.random()
        kind: RelationKind | None
        if roll < 0.5:
            kind = _SPATIAL[int(rng.integers(len(_SPATIAL)))] if rng.random() < 0.8 else None
            first, second = self._concept(rng), self._concept(rng)
        elif roll < 0.65:
            kind, first = "eating", self._concept(rng, self.people + self.animals)
            second = self._concept(rng, self.edible)
        elif roll < 0.8:
            kind, first = "holding", self._concept(rng, self.people + self.animals)
            second = self._concept(rng, self.small_things)
        elif roll < 0.9:
            kind, first = "wearing", self._concept(rng, self.people + self.animals)
            second = self._concept(rng, self.worn)
        else:
            kind, first = "riding", self._concept(rng, self.people + self.animals)
            second = self._concept(rng, self.rideable)
        things = tuple(Thing(c, colour=self._colour(rng, c, 0.3)) for c in (first, second))
        relations = (Relation(kind, 0, 1),) if kind else ()
        return Brief(things, relations, background=self._ground(rng, 0.1))

    def _set(self, rng: np.random.Generator) -> Brief:
        brief = self._single(rng) if rng.random() < 0.4 else self._pair(rng)
        return replace(brief, setting=self._concept(rng, self.backdrops), background=None)

    def _cast(self, brief: Brief, rng: np.random.Generator) -> Scene | None:
        """Choose a style and renderings for a Brief; None if it is held out or no style has it all."""
        names = [t.concept for t in brief.things] + ([brief.setting] if brief.setting else [])
        if len(names) == 2 and is_held_out(*names):
            return None
        styles = set(self.library.styles_of(names[0]))
        for name in names[1:]:
            styles &= set(self.library.styles_of(name))
        if not styles:
            return None
        style = sorted(styles)[int(rng.integers(len(styles)))]
        objects = []
        choice: dict[int, tuple[int, Gender | None, int]] = {}
        for placed in plan(brief).objects:
            if placed.thing not in choice:
                row = self._rendering(style, placed.concept, rng)
                chosen = self.library.art.rows[row]
                choice[placed.thing] = (
                    row,
                    cast(Gender | None, chosen.gender or None),
                    chosen.skin,
                )
            row, gender, skin = choice[placed.thing]
            body = self.library.bodies.get(placed.concept)
            placed = replace(
                placed, box=_jitter(placed.box, rng), gender=gender, skin=skin, body=body
            )
            objects.append(SceneObject(placed, row))
        single = len(objects) == 1
        mirrored = single and self.library.kinds.get(names[0]) in _MIRRORED and rng.random() < 0.25
        return Scene(style, brief.background, tuple(objects), mirrored)

    def _rendering(self, style: str, concept: str, rng: np.random.Generator) -> int:
        rows = self.library.by_style[style, concept]
        middle = [i for i in rows if self.library.art.rows[i].skin == MIDDLE_TONE]
        if middle and rng.random() < _MIDDLE_SHARE:
            rows = middle
        return rows[int(rng.integers(len(rows)))]

    def picture(self, scene: Scene) -> Straight:
        """The scene as it should look: (128, 128, 4) uint8 straight RGBA."""
        return self.compose(
            scene, self.library.art.pictures, [o.row for o in scene.objects], PICTURE_SIDE
        )

    def sketch(self, scene: Scene, rng: np.random.Generator) -> Straight:
        """A rough idea of the scene from other renderings: (64, 64, 4) uint8 straight RGBA."""
        chosen: dict[int, tuple[int, bool]] = {}
        sprites = []
        for item in scene.objects:
            if item.row not in chosen:
                chosen[item.row] = self._reference(item.row, scene.style, rng)
            row, own = chosen[item.row]
            sprite = self.library.sprites[row]
            if item.placed.colour:
                sprite = tint(sprite, item.placed.colour)
            else:
                sprite = self._in_colours_of(scene.style, row, item.placed.skin)
            sprite = _roughen(sprite, rng) if own else _soften(sprite, rng)
            sprites.append((sprite, item.placed.box))
        return _flip(compose(sprites, SKETCH_SIDE, scene.ground), scene.mirrored)

    def _in_colours_of(self, style: str, row: int, skin: int) -> Straight:
        """A sprite in a style's palette; each, of 16 KiB, is brought there once."""
        wanted = row, style, skin
        if wanted not in self._brought:
            sprite = self.library.sprites[row]
            self._brought[wanted] = self.library.palettes.bring(sprite, style, skin)
        return self._brought[wanted]

    def _reference(self, row: int, style: str, rng: np.random.Generator) -> tuple[int, bool]:
        """Another rendering of what `row` shows, and whether it had to be the row itself."""
        shown = self.library.art.rows[row]
        others = [i for i in self.library.by_concept[shown.concept] if self._row(i).style != style]
        if rng.random() < _ANOTHER_HAND:
            hands = of_another_hand((self._row(i).style for i in others), style)
            others = [i for i in others if self._row(i).style in hands]
        others = [i for i in others if self._row(i).style != GUMDROPS or shown.skin] or others
        others = [i for i in others if self._row(i).gender == shown.gender] or others
        others = [i for i in others if self._row(i).skin == shown.skin] or others
        if others:
            return others[int(rng.integers(len(others)))], False
        tones = [
            i
            for i in self.library.by_style[style, shown.concept]
            if i != row and self._row(i).gender == shown.gender
        ]
        if tones:
            return tones[int(rng.integers(len(tones)))], True
        return row, True

    def _row(self, at: int) -> Row:
        return self.library.art.rows[at]

    def compose(
        self, scene: Scene, pictures: npt.NDArray[np.uint8], rows: list[int], side_px: int
    ) -> Straight:
        """A scene made of these rows of these pictures, one for each object."""
        sprites = []
        for item, row in zip(scene.objects, rows, strict=True):
            sprite = np.asarray(pictures[row])
            if item.placed.colour:
                sprite = tint(sprite, item.placed.colour)
            sprites.append((sprite, item.placed.box))
        return _flip(compose(sprites, side_px, scene.ground), scene.mirrored)


def _flip(picture: Straight, mirrored: bool) -> Straight:
    return np.ascontiguousarray(picture[:, ::-1]) if mirrored else picture


def _jitter(box: Box, rng: np.random.Generator) -> Box:
    """Scale by 0.88 to 1.04 and shift by up to 4 % of the canvas."""
    dx, dy = rng.uniform(-0.04, 0.04, 2)
    return box.scaled(float(rng.uniform(0.88, 1.04))).moved(float(dx), float(dy))


def _soften(sprite: Straight, rng: np.random.Generator) -> Straight:
    """A sprite as sharp as one of half its side, as itself, or anything between: a network that only ever
    sees sharp sketches copies their lines, and with them the style of the set they are from."""
    softened = _blurred(Image.fromarray(sprite).convert("RGBa"), float(rng.uniform(0.5, 1)))
    return np.asarray(softened.convert("RGBA"))


def _blurred(picture: Image.Image, sharpness: float) -> Image.Image:
    """Shrunk to this share of its side and enlarged again."""
    small = int(picture.width * sharpness)
    shrunk = picture.resize((small, small), Image.Resampling.BOX)
    return shrunk.resize(picture.size, Image.Resampling.BILINEAR)


def _roughen(sprite: Straight, rng: np.random.Generator) -> Straight:
    """Turn, stretch and blur a sprite: the stand-in where only one rendering of a thing exists."""
    picture = _blurred(Image.fromarray(sprite).convert("RGBa"), float(rng.uniform(0.4, 0.8)))
    side = picture.width
    angle, (sx, sy) = rng.uniform(-0.2, 0.2), rng.uniform(0.85, 1.15, 2)
    cos, sin = np.cos(angle), np.sin(angle)
    centre = side / 2
    a, b, d, e = cos * sx, sin * sx, -sin * sy, cos * sy
    matrix = (a, b, centre - a * centre - b * centre, d, e, centre - d * centre - e * centre)
    turned = picture.transform(
        picture.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )
    return np.asarray(turned.convert("RGBA"))
