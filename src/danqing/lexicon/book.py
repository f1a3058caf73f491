"""The lexicon itself: concepts by id, words by their folded form, and the cutting of a sentence
into words.

Loaded once from `data/concepts.json`, which `danqing.training.lexicon_build` compiles.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import copy
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from danqing.lexicon.near import Nearest
from danqing.lexicon.segment import Segmenter
from danqing.lexicon.subwords import pieces_of
from danqing.lexicon.text import key_of, plurals
from danqing.lexicon.types import Concept, Match

_FALLBACKS = {"zh-Hant": ("zh-Hant", "zh-Hans", "en"), "zh-Hans": ("zh-Hans", "en")}


class Lexicon:
    """Concepts and words in Simplified Chinese, Traditional Chinese and English, over one set of
    ids."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._concepts = {
            concept_id: Concept(
                concept_id,
                entry["kind"],
                {language: tuple(names) for language, names in entry["names"].items()},
                entry.get("skin", False),
                tuple(entry.get("genders", ())),
                entry.get("ours", False),
            )
            for concept_id, entry in data["concepts"].items()
        }
        self._words: dict[str, str] = data["words"]
        self._keywords: dict[str, str] = data["keywords"]
        self._baked: dict[str, str] = data["baked"]
        self._ordinary = frozenset(data["ordinary"].split(","))
        self._nearest = Nearest(self._words, self._keywords, self._concepts, self._ordinary)
        self._roles: dict[str, frozenset[str]] = {
            role: frozenset(ids) for role, ids in data["roles"].items()
        }
        self._segmenter = Segmenter(self._words, data["measures"], self._ordinary, data["longest"])

    def with_taught(self, taught: Iterable[Concept]) -> Lexicon:
        """This lexicon and concepts its user taught, with their names and English plurals.

        A taught name wins over a word there is: whoever taught it did so before that word came.
        """
        concepts = {concept.id: concept for concept in taught}
        names = {
            key: concept.id
            for concept in concepts.values()
            for language, group in concept.names.items()
            for name in group
            for key in (key_of(name), *(plurals(key_of(name)) if language == "en" else ()))
        }
        larger = copy(self)
        larger._concepts = {**self._concepts, **concepts}
        larger._words = {**self._words, **names}
        larger._nearest = Nearest(
            larger._words, larger._keywords, larger._concepts, larger._ordinary
        )
        larger._segmenter = self._segmenter.with_words(names)
        return larger

    def concept(self, concept_id: str) -> Concept:
        """The concept with this id. Raises KeyError for an unknown one."""
        return self._concepts[concept_id]

    def concepts(self) -> tuple[Concept, ...]:
        """Every concept, in a fixed order."""
        return tuple(self._concepts.values())

    def __contains__(self, concept_id: object) -> bool:
        return concept_id in self._concepts

    def name(self, concept_id: str, language: str) -> str:
        """What a concept is called in a language (BCP 47), else in the nearest one it has a name
        in."""
        names = self.concept(concept_id).names
        for candidate in _FALLBACKS.get(language, (language, "en")):
            if names.get(candidate):
                return names[candidate][0]
        return concept_id

    def words(self) -> dict[str, tuple[str, ...]]:
        """Concept id → every word for it in any language, folded: names, synonyms, plurals."""
        found: dict[str, dict[str, None]] = {concept_id: {} for concept_id in self._concepts}
        for concept_id, concept in self._concepts.items():
            for group in concept.names.values():
                found[concept_id].update((key_of(name), None) for name in group)
        for key, meanings in self._words.items():
            for meaning in meanings.split():
                if meaning in found:
                    found[meaning][key] = None
        return {concept_id: tuple(words) for concept_id, words in found.items()}

    def match(self, text: str) -> tuple[Match, ...]:
        """The text cut into the words that explain it best, in order, together with what none
        explains."""
        return self._segmenter.cut(text)

    def nearest(self, word: str, language: str) -> str | None:  # noqa: ARG002 - the script tells
        """The concept an unknown word most likely means, or None rather than a guess."""
        return self._nearest.find(word)

    def is_familiar(self, word: str) -> bool:
        """Whether half the pieces of a word nobody told the lexicon, or more, are in words it has: enough
        to guess by, where no concept is near. Never for an everyday word that is no thing."""
        key = key_of(word)
        pieces = () if key in self._ordinary else pieces_of(key)
        return 2 * sum(piece in self._pieces for piece in pieces) >= max(len(pieces), 1)

    @cached_property
    def _pieces(self) -> frozenset[str]:
        return frozenset(
            piece
            for key, meanings in self._words.items()
            if any(meaning in self._concepts for meaning in meanings.split())
            for piece in pieces_of(key)
        )

    def baked(self, concept_id: str, trait: str) -> str | None:
        """The concept that already carries a trait: `cat` and `black` is `black-cat`, `woman` and
        `wearing qipao` is `woman-qipao`."""
        return self._baked.get(f"{concept_id} {trait}")

    def has_role(self, concept_id: str, role: str) -> bool:
        """Whether a concept can be worn (`wear`), comes in pairs (`pair`), is counted by 张
        (`sheet`), is eaten or drunk (`food`), is made of other food (`dish`), or grows and can be
        held (`plant`)."""
        return concept_id in self._roles.get(role, frozenset())


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with the package; read on first use."""
    source = files("danqing.lexicon") / "data" / "concepts.json"
    return Lexicon(json.loads(source.read_text("utf-8")))
