"""Cases made at random, with their sentences.

A case is one Brief asked in Chinese and in English, so that the two languages are compared on the
same things. Half of the cases whose combination could be held out (thing and colour, thing and
style, thing and thing) are such that training never saw them. The same seed gives the same cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import cast, get_args

import numpy as np

from danqing.evaluation.candidates import Candidates, baked, is_own_name
from danqing.evaluation.cases import SHARES, Case, Kind
from danqing.evaluation.catalogue import Catalogue
from danqing.evaluation.classes import class_of
from danqing.evaluation.wordings import (
    BOTH,
    COLOUR_WORDS,
    COLOURED,
    COUNT_WORDS,
    COUNTABLE,
    COUNTED,
    DOING,
    GROUNDED,
    PLACE_WORDS,
    PLACED,
    RELATION_WORDS,
    SET,
    SINGLE,
    STYLE_WORDS,
    STYLED,
    TONE_WORDS,
    TONED,
    measure_of,
    with_article,
)
from danqing.lexicon import lexicon
from danqing.request.types import (
    Body,
    Brief,
    Colour,
    Language,
    Place,
    Relation,
    RelationKind,
    Thing,
)
from danqing.training.heldout import is_held_out

_TRADITIONAL_SHARE = 0.2
_COLOURS: tuple[Colour, ...] = get_args(Colour)
_SPATIAL: tuple[RelationKind, ...] = ("left-of", "right-of", "above", "below")
_PLACES: tuple[Place, ...] = ("left", "right", "top", "bottom", "top-left", "top-right",
                              "bottom-left", "bottom-right")  # fmt: skip
_HATS = ("top-hat", "crown", "sunglasses", "scarf", "graduation-cap")
_RIDDEN = ("bicycle", "horse", "motorcycle", "elephant")
_PLACES_TO_BE = (
    "great-wall",
    "temple-of-heaven",
    "chinatown-gate",
    "castle",
    "mount-fuji",
    "house",
)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A case before it is worded. fill: a sentence in a language, or None where a name is
    missing."""

    brief: Brief
    held_out: bool
    fill: Callable[[Language, np.random.Generator], str]


def build_cases(catalogue: Catalogue, prompts: int, seed: int = 1) -> tuple[Case, ...]:
    """At least `prompts` sentences, two a case, in the shares of SHARES; every kind occurs."""
    maker = _CaseMaker(catalogue, np.random.default_rng(seed))
    total = -(-prompts // 2)
    cases: list[Case] = []
    for kind, share in SHARES.items():
        cases += maker.make(kind, max(2, -(-int(total * share * 1000) // 1000)))
    short = total - len(cases)
    return tuple(cases) + tuple(maker.make("concept", max(0, short)))


class _CaseMaker:
    def __init__(self, catalogue: Catalogue, rng: np.random.Generator) -> None:
        self.rng = rng
        self.of = Candidates(catalogue)
        self.entries = catalogue.entries
        self.made = 0

    def make(self, kind: Kind, count: int) -> Iterator[Case]:
        draft_of: dict[Kind, Callable[[bool], _Draft]] = {
            "concept": lambda _: self._single(self.of.all),
            "culture": lambda _: self._single(self.of.ours),
            "colour": self._coloured,
            "two-colours": self._two_colours,
            "count": lambda _: self._counted(),
            "place": lambda _: self._placed(),
            "relation": self._related,
            "style": self._styled,
            "skin": lambda _: self._toned(),
            "body": lambda _: self._bodied(),
            "ground": lambda _: self._grounded(),
            "setting": lambda _: self._set(),
            "doing": self._doing,
        }
        for n in range(count):
            draft = draft_of[kind](n % 2 == 1)
            hant = self.rng.random() < _TRADITIONAL_SHARE and all(
                is_own_name(thing.concept, "zh-Hant") for thing in draft.brief.things
            )
            languages: tuple[Language, ...] = ("zh-Hant" if hant else "zh-Hans", "en")
            yield Case(
                f"{kind}-{n}",
                kind,
                draft.brief,
                draft.held_out,
                tuple((language, draft.fill(language, self.rng)) for language in languages),
            )

    def _in_turn(self, choices: int) -> int:
        """0, 1, …, each as often as the others."""
        self.made += 1
        return self.made % choices

    def _one(self, among: list[str] | tuple[str, ...]) -> str:
        return among[int(self.rng.integers(len(among)))]

    def _words(self, concept: str, language: Language) -> dict[str, str]:
        name = lexicon().name(concept, language)
        return {
            "n": name,
            "m": measure_of(concept, self.entries[concept].kind, language),
            "an": with_article(name) if language == "en" else name,
        }

    def _thing(self, concept: str) -> Thing:
        """A concept whose name says a build is asked with that build."""
        body = self.entries[concept].body
        return Thing(concept, body=cast(Body, body) if body in ("slim", "plus") else None)

    def _noun(self, concept: str, language: Language, adjective: str = "") -> str:
        """A thing as part of a sentence: 一只红色的猫, a red cat."""
        words = self._words(concept, language)
        if language == "en":
            return with_article(f"{adjective} {words['n']}".strip())
        return f"{words['m']}{adjective}{'的' if adjective else ''}{words['n']}"

    def _single(self, among: list[str]) -> _Draft:
        concept = self._one(among)

        def fill(language: Language, rng: np.random.Generator) -> str:
            return _pick(SINGLE[language], rng).format(**self._words(concept, language))

        return _Draft(Brief((self._thing(concept),)), False, fill)

    def _coloured(self, held: bool) -> _Draft:
        while True:
            concept, colour = self._one(self.of.tintable), self._colour()
            if baked(concept, colour) or is_held_out(concept, f"colour:{colour}") != held:
                continue
            break

        def fill(language: Language, rng: np.random.Generator) -> str:
            word = COLOUR_WORDS[language][colour]
            words = self._words(concept, language)
            words["an"] = with_article(f"{word} {words['n']}")
            return _pick(COLOURED[language], rng).format(c=word, **words)

        return _Draft(Brief((Thing(concept, colour=colour),)), held, fill)

    def _colour(self) -> Colour:
        return _COLOURS[int(self.rng.integers(len(_COLOURS)))]

    def _two(
        self, held: bool, among: list[str], others: list[str] | tuple[str, ...]
    ) -> tuple[str, str]:
        """Two different things drawn in a style they share, held out together or not."""
        while True:
            first, second = self._one(among), self._one(others)
            shared = set(self.entries[first].styles) & set(self.entries[second].styles)
            if (
                class_of(first) != class_of(second)
                and shared
                and is_held_out(first, second) == held
            ):
                return first, second

    def _two_colours(self, held: bool) -> _Draft:
        first, second = self._two(held, self.of.solid, self.of.solid)
        while True:
            one, other = self._colour(), self._colour()
            if one != other and not baked(first, one) and not baked(second, other):
                break

        def fill(language: Language, rng: np.random.Generator) -> str:
            a = self._noun(first, language, COLOUR_WORDS[language][one])
            b = self._noun(second, language, COLOUR_WORDS[language][other])
            return _pick(BOTH[language], rng).format(a=a, b=b)

        return _Draft(Brief((Thing(first, colour=one), Thing(second, colour=other))), held, fill)

    def _counted(self) -> _Draft:
        concept = self._one(self.of.countable)
        count = int(self.rng.integers(2, 6))

        def fill(language: Language, rng: np.random.Generator) -> str:
            number = COUNT_WORDS[language][count]
            if language == "en":
                return _pick(COUNTED[language], rng).format(k=number, n=COUNTABLE[concept][1])
            measure = measure_of(concept, "", language)[1:]
            name = lexicon().name(concept, language)
            return _pick(COUNTED[language], rng).format(k=number + measure, n=name)

        return _Draft(Brief((Thing(concept, count=count),)), False, fill)

    def _placed(self) -> _Draft:
        concept = self._one(self.of.countable)
        place = cast(Place, self._one(_PLACES))

        def fill(language: Language, rng: np.random.Generator) -> str:
            words = self._words(concept, language)
            return _pick(PLACED[language], rng).format(p=PLACE_WORDS[language][place], **words)

        return _Draft(Brief((Thing(concept, place=place),)), False, fill)

    def _related(self, held: bool) -> _Draft:
        first, second = self._two(held, self.of.countable, self.of.countable)
        kind = cast(RelationKind, self._one(_SPATIAL))

        def fill(language: Language, rng: np.random.Generator) -> str:
            a, b = self._noun(first, language), self._noun(second, language)
            return _pick(RELATION_WORDS[language][kind], rng).format(a=a, b=b)

        return _Draft(Brief((Thing(first), Thing(second)), (Relation(kind, 0, 1),)), held, fill)

    def _styled(self, held: bool) -> _Draft:
        while True:
            concept = self._one(self.of.all)
            styles = self.entries[concept].styles
            style = self._one(styles)
            if len(styles) >= 3 and is_held_out(concept, f"style:{style}") == held:
                break

        def fill(language: Language, rng: np.random.Generator) -> str:
            words = self._words(concept, language)
            return _pick(STYLED[language], rng).format(s=STYLE_WORDS[language][style], **words)

        return _Draft(Brief((Thing(concept),), style=style), held, fill)

    def _toned(self) -> _Draft:
        concept = self._one(self.of.people)
        tone = self._in_turn(5) + 1

        def fill(language: Language, rng: np.random.Generator) -> str:
            words = self._words(concept, language)
            return _pick(TONED[language], rng).format(t=TONE_WORDS[language][tone - 1], **words)

        return _Draft(Brief((replace(self._thing(concept), skin=tone),)), False, fill)

    def _bodied(self) -> _Draft:
        bodies = [body for body, among in self.of.bodies.items() if among]
        return self._single(self.of.bodies[bodies[self._in_turn(len(bodies))]])

    def _grounded(self) -> _Draft:
        concept, colour = self._one(self.of.countable), self._colour()

        def fill(language: Language, rng: np.random.Generator) -> str:
            words = self._words(concept, language)
            return _pick(GROUNDED[language], rng).format(c=COLOUR_WORDS[language][colour], **words)

        return _Draft(Brief((Thing(concept),), background=colour), False, fill)

    def _set(self) -> _Draft:
        concept = self._one(self.of.countable)
        place = self._one([p for p in _PLACES_TO_BE if p in self.entries])

        def fill(language: Language, rng: np.random.Generator) -> str:
            name = lexicon().name(place, language)
            words = self._words(concept, language)
            return _pick(SET[language], rng).format(p=name, ap=with_article(name), **words)

        return _Draft(Brief((Thing(concept),), setting=place), False, fill)

    def _doing(self, held: bool) -> _Draft:
        kind = self._one(("eating", "holding", "wearing", "riding"))
        animals = [c for c in self.of.countable if self.entries[c].kind == "nature"]
        others = {
            "eating": [c for c in self.of.countable if self.entries[c].kind == "food"],
            "holding": [
                c for c in self.of.countable if self.entries[c].kind in ("object", "activity")
            ],
            "wearing": [c for c in _HATS if c in self.entries],
            "riding": [c for c in _RIDDEN if c in self.entries],
        }[kind]
        first, second = self._two(held, animals, others)

        def fill(language: Language, rng: np.random.Generator) -> str:
            a = self._noun(first, language)
            b = self._noun(second, language)
            if language != "en":
                b = lexicon().name(second, language)
            return _pick(DOING[language][kind], rng).format(a=a, b=b)

        relation = Relation(cast(RelationKind, kind), 0, 1)
        return _Draft(Brief((Thing(first), Thing(second)), (relation,)), held, fill)


def _pick(wordings: tuple[str, ...], rng: np.random.Generator) -> str:
    return wordings[int(rng.integers(len(wordings)))]
