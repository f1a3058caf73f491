"""Requests and pictures of them, as the stages before and after policy make them, for its tests."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from danqing.engines.protocol import Pixels, Rendered, Result, Spec
from danqing.identity.types import Identified, Person
from danqing.request.types import Brief, Language, Prompt, Reading, Request, Thing, Understood

NOON = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
SIDE_PX = 32


def asked(
    text: str,
    *,
    language: Language = "zh-Hans",
    things: tuple[str, ...] = (),
    understood: tuple[Understood, ...] = (),
    seeds: tuple[int, ...] = (7,),
) -> Identified:
    """A request for this text, read as these concepts, from a person nobody knows."""
    brief = Brief(tuple(Thing(concept) for concept in things))
    reading = Reading(Prompt(text, language), brief, understood)
    person = Person("01K1JZC6J2R5X8Q3N4M5P6T7V8", NOON)
    request = Request(reading, seeds, SIDE_PX, SIDE_PX)
    return Identified(person, request, "01K1JZC6J2R5X8Q3N4M5P6T7V9", NOON)


def drawn(identified: Identified, *, seed: int = 7, pixels: Pixels | None = None) -> Rendered:
    """A picture for the request: all white unless given."""
    if pixels is None:
        pixels = np.full((SIDE_PX, SIDE_PX, 4), 255, np.uint8)
    prompt, brief = identified.request.reading.prompt, identified.request.reading.brief
    spec = Spec(prompt.text, prompt.language, brief, SIDE_PX, SIDE_PX)
    return Rendered(spec, seed, "test-card", "test-card-1", Result(pixels))


class FixedCheck:
    """A picture check that says what it is told to."""

    name = "open-nsfw"

    def __init__(self, score: float = 0.0) -> None:
        self.answer = score

    def score(self, pixels: Pixels) -> float:
        assert pixels.dtype == np.uint8
        return self.answer
