"""Ask an engine for every case, judge what comes back, and add it all up.

Generators of facts, like the training loops: whoever runs them decides what to print.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Engine, Rng, Spec
from danqing.errors import Unsupported
from danqing.evaluation.cases import Case, same_meaning
from danqing.evaluation.judge import Judge
from danqing.evaluation.measures import Marks, measure
from danqing.evaluation.references import References
from danqing.request import make_prompt, read
from danqing.request.types import Brief, Language

Pixels = npt.NDArray[np.uint8]
NATIVE_SIDE_PX = 128


@dataclass(frozen=True, slots=True)
class Outcome:
    """One sentence and seed. understood: the sentence was read as the Brief it was made from.

    draw_s: wall seconds, None where the same Brief and seed had been drawn before.
    """

    case: Case
    language: Language
    sentence: str
    seed: int
    understood: bool
    marks: Marks
    draw_s: float | None


Reader = Callable[[Case, Language, str], Brief]
"""From a case's sentence in a language to a Brief."""


def by_parser(_case: Case, _language: Language, sentence: str) -> Brief:
    """As a user's sentence is read."""
    return read(make_prompt(sentence)).brief


def by_truth(case: Case, _language: Language, _sentence: str) -> Brief:
    """What was meant, for drawings that need no reading."""
    return case.brief


@dataclass(slots=True)
class Painter:
    """Draws Briefs with an engine, each (Brief, seed) once: an engine is deterministic, languages
    repeat."""

    engine: Engine
    side_px: int = NATIVE_SIDE_PX
    _drawn: dict[tuple[Brief, int], Pixels] = field(default_factory=dict)

    def draw(
        self, sentence: str, language: Language, brief: Brief, seed: int
    ) -> tuple[Pixels, float | None]:
        """The picture and how long it took. A Brief that can't be drawn gives a clear picture."""
        key = (brief, seed)
        if key in self._drawn:
            return self._drawn[key], None
        spec = Spec(sentence, language, brief, self.side_px, self.side_px, transparent=True)
        began = time.perf_counter()
        try:
            pixels = next(iter(self.engine.generate([spec], [Rng(seed)]))).pixels
        except Unsupported:
            pixels = np.zeros((self.side_px, self.side_px, 4), np.uint8)
        self._drawn[key] = pixels
        return pixels, time.perf_counter() - began


def examine(
    painter: Painter,
    judge: Judge,
    references: References,
    cases: Iterable[Case],
    seeds: Iterable[int],
    reader: Reader = by_parser,
    default_style: str = "noto",
) -> Iterator[Outcome]:
    """Draw and judge every sentence of every case with every seed."""
    seeds = tuple(seeds)
    for case in cases:
        judged: dict[bytes, Marks] = {}
        for language, sentence in case.sentences:
            brief = reader(case, language, sentence)
            for seed in seeds:
                pixels, draw_s = painter.draw(sentence, language, brief, seed)
                key = pixels.tobytes()
                if key not in judged:
                    judged[key] = measure(pixels, case, judge, references, default_style)
                understood = same_meaning(brief, case.brief)
                yield Outcome(case, language, sentence, seed, understood, judged[key], draw_s)


def sharpness(outcomes: Iterable[Outcome]) -> float:
    """Edge energy of drawn pictures over that of real ones of the same things and styles."""
    drawn = real = 0.0
    for outcome in outcomes:
        numbers = outcome.marks.numbers
        if "edges" in numbers:
            drawn += numbers["edges"]
            real += numbers["edges of real"]
    return drawn / real if real else float("nan")


def sharpness_512(
    engine: Engine, references: References, cases: Iterable[Case], default_style: str, count: int
) -> float:
    """The same at 512 px, against the mean of real drawings of each style rendered at that size."""
    from danqing.evaluation.references import edge_energy

    drawn, real = 0.0, 0.0
    painter = Painter(engine, 512)
    chosen = [c for c in cases if c.kind in ("concept", "style")][:count]
    for case in chosen:
        style = case.brief.style or default_style
        if style not in references.energy_512:
            continue
        language, sentence = case.sentences[0]
        pixels, _ = painter.draw(sentence, language, case.brief, 0)
        drawn += edge_energy(pixels)
        real += references.energy_512[style]
    return drawn / real if real else float("nan")


def told_apart(
    painter: Painter, judge: Judge, seeds: int = 8, reader: Reader = by_parser
) -> dict[str, int]:
    """The two shumai, `seeds` pictures each: how many the judge finds liker to the asked one than
    the other."""
    from danqing.lexicon import lexicon
    from danqing.request.types import Thing

    pair = ("shumai-cantonese", "shumai-jiangnan")
    found: dict[str, int] = {}
    for asked in pair:
        sentence = lexicon().name(asked, "zh-Hans")
        case = Case(asked, "culture", Brief((Thing(asked),)), False, (("zh-Hans", sentence),))
        brief = reader(case, "zh-Hans", sentence)
        pictures = [painter.draw(sentence, "zh-Hans", brief, seed)[0] for seed in range(seeds)]
        shares = judge.log_shares(pictures, [asked, next(p for p in pair if p != asked)])
        found[asked] = int((shares[:, 0] > shares[:, 1]).sum())
    return found
