"""What the model makes of words it was never trained on: names of concepts that were held out.

Each held-out word is drawn four ways, and the judge says whether the picture shows what the word means:

    concept   told by its concept: what could be reached
    nearest   told by the concept nearest to it, the word itself taken out of the lexicon
    words     told by its pieces alone
    both      by the nearest concept and its pieces; by the pieces alone where nothing is near

    python bench/words.py JUDGE [--weights DIR] [--limit 100] [--seeds 1] [--seen]

--seen asks for words that were trained on instead. `guess` in the recipe's [export] is worth setting when
`words` comes near `nearest`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import numpy as np

from danqing.engines.mini.engine import MiniEngine
from danqing.engines.protocol import Pixels, Rng, Spec, StandIn
from danqing.errors import Unsupported
from danqing.evaluation.judge import Judge
from danqing.evaluation.statistics import share
from danqing.lexicon import lexicon
from danqing.lexicon.near import Nearest
from danqing.lexicon.subwords import subword_ids
from danqing.lexicon.text import is_han
from danqing.request.types import Brief, Thing
from danqing.training.words import is_held_out_word

SIDE_PX = 128
WAYS = ("concept", "nearest", "words", "both")


def asked(judge: Judge, known: set[str], *, seen: bool) -> list[tuple[str, str]]:
    """(word, concept), for words of one concept alone that the judge knows and the model has."""
    meant: dict[str, set[str]] = {}
    for concept, words in lexicon().words().items():
        for word in words:
            meant.setdefault(word, set()).add(concept)
    found = [
        (word, next(iter(concepts)))
        for word, concepts in sorted(meant.items())
        if len(concepts) == 1 and subword_ids(word).any() and is_held_out_word(word) is not seen
    ]
    return [(word, c) for word, c in found if c in known and judge.knows(c)]


def without_held_out() -> Nearest:
    """The lexicon's own search for what is near, as if it had never heard the held-out words."""
    data = json.loads((files("danqing.lexicon") / "data" / "concepts.json").read_text("utf-8"))
    words, keywords = (
        {word: meanings for word, meanings in data[part].items() if not is_held_out_word(word)}
        for part in ("words", "keywords")
    )
    concepts = {concept.id: concept for concept in lexicon().concepts()}
    return Nearest(words, keywords, concepts, frozenset())


def specs(word: str, concept: str, near: str | None) -> Iterator[tuple[str, Spec | None]]:
    """The four ways to ask for a word; None for one that has nothing to ask for."""

    def told(concept: str, word: str = "") -> Spec:
        stand_ins = (StandIn(concept, word),) if word else ()
        brief = Brief((Thing(concept),))
        return Spec("", "zh-Hans", brief, SIDE_PX, SIDE_PX, transparent=True, stand_ins=stand_ins)

    yield "concept", told(concept)
    yield "nearest", None if near is None else told(near)
    yield "words", told("", word)
    yield "both", told(near or "", word)


def draw(engine: MiniEngine, spec: Spec | None, seed: int) -> Pixels:
    """The picture; a clear one where nothing can be drawn."""
    try:
        if spec is not None:
            return next(iter(engine.generate([spec], [Rng(seed)]))).pixels
    except Unsupported:
        pass
    return np.zeros((SIDE_PX, SIDE_PX, 4), np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("judge", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--seen", action="store_true")
    given = parser.parse_args()
    judge, engine = Judge(given.judge), MiniEngine(given.weights, guess=True)
    if not engine.model.card.subwords:
        print("These weights know no words: `words` and `both` say nothing.")
    known = set(engine.model.card.words.concepts)
    book = without_held_out()
    words = asked(judge, known, seen=given.seen)
    random.Random(0).shuffle(words)
    marks: dict[tuple[str, str], list[tuple[str, bool]]] = {}
    answered = 0
    for word, concept in words[: given.limit]:
        found = lexicon().nearest(word, "zh-Hans") if given.seen else book.find(word)
        found = found if found in known else None
        answered += found is not None
        script = "Chinese" if any(map(is_han, word)) else "other"
        for way, spec in specs(word, concept, found):
            for seed in range(given.seeds):
                drawn = draw(engine, spec, seed)
                right = bool(drawn.any()) and judge.verdict(drawn, concept).rank == 0
                for group in ("all", script):
                    marks.setdefault((group, way), []).append((word, right))
    asked_for = len(words[: given.limit])
    print(f"{asked_for} of {len(words)} words; for {answered} there is a near concept")
    for (group, way), listed in sorted(marks.items(), key=lambda m: (m[0][0], WAYS.index(m[0][1]))):
        counted = share(listed)
        low, high = counted.interval
        print(
            f"{group:8}{way:8} {counted.value:6.1%}  ({low:.1%} to {high:.1%})  {counted.cases} words"
        )


if __name__ == "__main__":
    main()
