"""From a Brief to what the network is told: index arrays, boxes and a sketch from memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import numpy.typing as npt

from danqing.engines.mini.canvas import compose
from danqing.engines.mini.layout import Box, Layout, Placed, plan
from danqing.engines.mini.memory import Memory, SketchRecord, Sprite
from danqing.engines.mini.model import ModelCard
from danqing.engines.mini.palette import Palettes
from danqing.engines.mini.pixels import enlarge, sketch_patches, to_network
from danqing.engines.mini.tint import tint
from danqing.engines.mini.vocabulary import (
    BODIES,
    COLOURS,
    GENDERS,
    OWN_STYLE,
    Vocabulary,
    index_of,
)
from danqing.engines.protocol import Ignored
from danqing.lexicon.subwords import SUBWORD_SLOTS, subword_ids
from danqing.request.types import Brief, Gender

SKETCH_SIDE = 64
SKETCH_PIXELS = 256  # of the 288 numbers under a patch; the rest are the sketch's latents
_OBJECT_SLOTS = 6
_JITTER = 0.03


Encode = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]
"""(1, 4, 128, 128) premultiplied RGBA in [-1, 1] → (1, 64, 32) normalised latent patches."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """One picture's conditions, batch axis included, as the denoiser takes them."""

    objects: npt.NDArray[np.int64]  # (1, 6, 5)
    boxes: npt.NDArray[np.float32]  # (1, 6, 4)
    style: npt.NDArray[np.int64]  # (1,)
    ground: npt.NDArray[np.int64]  # (1,)
    sketch: npt.NDArray[np.float32]  # (1, 64, 288)
    has_sketch: npt.NDArray[np.float32]  # (1,)
    words: npt.NDArray[np.int64]  # (1, 6, 8)


def encode_objects(
    placed: Iterable[Placed], words: Vocabulary
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """(6, 5) indices of concept, colour, skin, gender and body, and (6, 4) boxes; slot 0 the backdrop."""
    objects = np.zeros((_OBJECT_SLOTS, 5), np.int64)
    boxes = np.zeros((_OBJECT_SLOTS, 4), np.float32)
    for at, p in in_slots(placed):
        objects[at] = (
            index_of(words.concepts, p.concept),
            index_of(COLOURS, p.colour),
            p.skin,
            index_of(GENDERS, p.gender),
            index_of(BODIES, p.body),
        )
        boxes[at] = (p.box.x, p.box.y, p.box.w, p.box.h)
    return objects, boxes


def encode_words(
    placed: Iterable[Placed], words: Sequence[str], rows: int
) -> npt.NDArray[np.int64]:
    """(6, 8) rows of the table of word pieces, in the slots `encode_objects` gives."""
    told = np.zeros((_OBJECT_SLOTS, SUBWORD_SLOTS), np.int64)
    for at, p in in_slots(placed):
        if p.thing >= 0 and any(words):
            told[at] = subword_ids(words[p.thing], rows)
    return told


def in_slots(placed: Iterable[Placed]) -> Iterator[tuple[int, Placed]]:
    """Each object with its slot: 0 for the backdrop, the others from 1 on."""
    slot = 1
    for p in placed:
        yield (0 if p.backdrop else slot), p
        slot += not p.backdrop


def lay_out(brief: Brief, rng: np.random.Generator) -> tuple[Layout, tuple[Ignored, ...]]:
    """The plan for a Brief, moved a little by the seed so that no two seeds sit alike."""
    layout = plan(brief)
    ignored = tuple(
        Ignored(f"count:{brief.things[i].count}", f"count:{brief.things[i].count - missing}")
        for i, missing in layout.left_out
    )
    objects = tuple(replace(o, box=_shaken(o.box, rng)) for o in layout.objects)
    return Layout(objects, layout.left_out), ignored


def _shaken(box: Box, rng: np.random.Generator) -> Box:
    dx, dy = rng.uniform(-_JITTER, _JITTER, 2)
    return box.scaled(float(rng.uniform(0.94, 1.02))).moved(float(dx), float(dy))


@dataclass(frozen=True, slots=True)
class Recalled:
    """An object as the network is told it, the style it is drawn in, and the sketch that memory has of it,
    recoloured; None where it has none. skin: the tone it shall have in the end, see `Palettes.drawn_tone`."""

    placed: Placed
    style: str
    sketch: Sprite | None = None
    skin: int = 0


def recall(
    layout: Layout,
    *,
    card: ModelCard,
    memory: Memory | None,
    style: str,
    rng: np.random.Generator,
    style_open: bool = False,
    toned_later: bool = True,
) -> tuple[Recalled, ...]:
    """The objects of a layout with a sketch chosen for each, and its gender and skin tone. memory: None draws
    from the concept tokens alone. style_open: nobody asked for the style, so what only our own set has is
    drawn in that, the one it was ever learned in. toned_later: whether the drawing gets its skin tone
    afterwards.

    A gender that is left open the sketch decides, a tone the style (`Palettes.open_tone`), so that network
    and sketch are never told different people. Things of one kind share a sketch, as three cats of one
    prompt are the same sort of cat.
    """
    palettes = card.palettes
    chosen: dict[int, tuple[SketchRecord | None, str, int]] = {}
    recalled: list[Recalled] = []
    for o in layout.objects:
        if o.thing not in chosen:
            ours = style_open and memory is not None and memory.is_ours_alone(o.concept)
            drawn_in = OWN_STYLE if ours else style
            found = memory.choices(o.concept, o.gender, drawn_in) if memory is not None else []
            record = found[int(rng.integers(len(found)))] if found else None
            is_open = record is not None and record.skin and not o.skin
            skin = palettes.open_tone(drawn_in, rng) if is_open else o.skin
            chosen[o.thing] = record, drawn_in, skin
        record, drawn_in, skin = chosen[o.thing]
        toned = bool(skin or (record is not None and record.skin))
        drawn = toned and toned_later and not o.colour
        placed = replace(
            o,
            gender=o.gender or (cast(Gender, record.gender or None) if record else None),
            skin=palettes.drawn_tone(drawn_in, skin) if drawn else skin,
            body=o.body or card.bodies.get(o.concept),
        )
        sketch = None
        if memory is not None and record is not None:
            sketch = _recoloured(memory.sprite(record), record, placed, drawn_in, palettes)
        recalled.append(Recalled(placed, drawn_in, sketch, skin))
    return tuple(recalled)


def _recoloured(
    sketch: Sprite, record: SketchRecord, placed: Placed, style: str, palettes: Palettes
) -> Sprite:
    """A sketch in the colour that was asked, else toned in its own style's colours and brought to those of
    the style that is drawn."""
    if placed.colour:
        return tint(sketch, placed.colour)
    if record.skin:
        sketch = palettes.tone(sketch, record.style, record.skin, placed.skin)
    return palettes.bring(sketch, style, placed.skin)


def tell(
    objects: Sequence[Recalled],
    *,
    card: ModelCard,
    sketched: bool,
    encode: Encode,
    style: str,
    ground: str | None = None,
    words: Sequence[str] = (),
) -> Conditions:
    """Conditions for objects on one canvas. sketched: whether the network is shown a sketch at all. words:
    for each of the Brief's things the word its concept stands in for or that no concept stands for, else
    empty; for a card with subwords."""
    placed = [o.placed for o in objects]
    sprites = [(o.sketch, o.placed.box) for o in objects if o.sketch is not None]
    # Where all there is of a thing is its word, it was learned without a sketch.
    has_sketch = sketched and (bool(sprites) or not any(words))
    sketch = np.zeros((1, 64, 288), np.float32)
    if has_sketch:
        drawn = compose(sprites, SKETCH_SIDE, ground)[None]
        sketch = np.concatenate(
            [sketch_patches(drawn), encode(enlarge(to_network(drawn)))], axis=-1
        )
    indices, boxes = encode_objects(placed, card.words)
    return Conditions(
        indices[None],
        boxes[None],
        np.array([index_of(card.words.styles, style)], np.int64),
        np.array([index_of(COLOURS, ground)], np.int64),
        sketch,
        np.array([float(has_sketch)], np.float32),
        encode_words(placed, words, card.subwords)[None],
    )
