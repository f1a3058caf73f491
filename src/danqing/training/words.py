"""Words in place of concepts, so that the denoiser learns what a word's pieces mean.

Of the lexicon's words a few in a hundred are never trained on, so that it can be measured what the
network makes of words it hasn't seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from danqing.engines.mini.conditions import in_slots
from danqing.lexicon import lexicon
from danqing.lexicon.subwords import SUBWORD_SLOTS, subword_ids
from danqing.training.heldout import is_held_out
from danqing.training.scenes import Scene

_SLOTS = 6
_UNSEEN_SHARE = 0.5  # of the objects told by words alone: not in the sketch either


def is_held_out_word(word: str) -> bool:
    """Whether a word, folded as `Lexicon.words` gives it, is kept from training."""
    return is_held_out("word", word)


def _ids(word: str) -> npt.NDArray[np.int64]:
    """(8,) rows; all zero for a word that isn't trained on and for an emoji, which has no pieces."""
    return subword_ids("" if is_held_out_word(word) else word)


@dataclass(frozen=True, slots=True)
class Told:
    """What of a scene is told by words.

    words: (6, 8) rows of the table of word pieces. instead: (6,) bool, slots where the concept is not
    told. unseen: what of the scene the sketch leaves out, too.
    """

    words: npt.NDArray[np.int64]
    instead: npt.NDArray[np.bool_]
    unseen: frozenset[str] = frozenset()

    def in_sketch(self, scene: Scene) -> Scene | None:
        """What the sketch shows; None for nothing."""
        seen = tuple(o for o in scene.objects if o.placed.concept not in self.unseen)
        return replace(scene, objects=seen) if seen else None


class Wording:
    """Tells objects of scenes by words drawn from what their concepts are called.

    words: concept → words for it, such as `Lexicon.words`, the held-out ones among them.
    """

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._ids = {
            concept: np.stack(told)
            for concept, group in words.items()
            if (told := [ids for word in group if (ids := _ids(word)).any()])
        }

    @classmethod
    def of_lexicon(cls) -> Wording:
        return cls(lexicon().words())

    def tell(self, scene: Scene, share: float, rng: np.random.Generator) -> Told:
        """A `share` of scenes has one of its things told by a word instead of its concept, half of those
        without a sketch of it; as many have one told by both, so that both come to mean the same."""
        words = np.zeros((_SLOTS, SUBWORD_SLOTS), np.int64)
        instead = np.zeros(_SLOTS, np.bool_)
        roll = rng.random()
        concept = scene.objects[int(rng.integers(len(scene.objects)))].placed.concept
        if roll >= 2 * share or concept not in self._ids:
            return Told(words, instead)
        slots = [at for at, p in in_slots(o.placed for o in scene.objects) if p.concept == concept]
        words[slots] = rng.choice(self._ids[concept])
        if roll >= share:
            return Told(words, instead)
        instead[slots] = True
        unseen = frozenset({concept} if rng.random() < _UNSEEN_SHARE else ())
        return Told(words, instead, unseen)
