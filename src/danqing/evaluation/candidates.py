"""Which concepts an evaluation asks for: judged, plainly named in both languages, fit for what is asked."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from danqing.evaluation.catalogue import Catalogue
from danqing.evaluation.classes import class_of, judged, may_recolour
from danqing.evaluation.wordings import COUNTABLE
from danqing.lexicon import lexicon
from danqing.request.types import Language

_NOT_TINTED = ("face", "person", "symbol")
_PARTS_OF_PEOPLE = ("hand", "finger", "fist", "thumb", "ear", "nose", "foot", "leg", "palm",
    "biceps",
                    "pointing", "gesture", "salute", "selfie", "nail", "in-bed", "taking-bath",
                    "pinch", "horns", "people", "couple", "kiss", "family", "men-", "women-",
                    "footprints",
                    "surf", "swim", "rowing", "ski", "snowboard", "horse-racing")  # fmt: skip


class Candidates:
    """all: other people's drawings. ours: our own. tintable, countable, solid (both): for colours and counts.
    people: drawn in all five tones. bodies: people by build."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.entries = catalogue.entries
        usable = [c for c in catalogue.entries if self._usable(c)]
        self.all = [c for c in usable if not self.entries[c].ours]
        self.ours = [c for c in usable if self.entries[c].ours]
        self.tintable = [
            c for c in usable if self.entries[c].kind not in _NOT_TINTED and may_recolour(c)
        ]
        self.people = [
            c
            for c in usable
            if self.entries[c].kind == "person"
            and len(self.entries[c].tones) == 5
            and not any(part in c for part in _PARTS_OF_PEOPLE)
        ]
        self.countable = [c for c in COUNTABLE if c in usable]
        self.solid = [c for c in self.countable if may_recolour(c)]
        self.bodies = {
            body: [c for c in self.people if self.entries[c].body == body]
            for body in ("slim", "average", "plus")
        }

    def _usable(self, concept: str) -> bool:
        """Judged, and with a name of its own in both languages."""
        entry = self.entries[concept]
        if concept not in lexicon() or not judged(entry.kind, entry.ours):
            return False
        return all(is_own_name(concept, language) for language in ("zh-Hans", "en"))


def baked(concept: str, colour: str) -> bool:
    """Whether a thing in this colour has a concept of its own, as a black cat has."""
    return lexicon().baked(concept, f"colour:{colour}") is not None or (
        lexicon().baked(concept, colour) is not None
    )


def is_own_name(concept: str, language: Language) -> bool:
    """Whether a concept's name is a plain word that no other class has: not `family: man, boy,
    boy`."""
    name = lexicon().name(concept, language)
    return ":" not in name and _names(language)[name.casefold()] == {class_of(concept)}


@cache
def _names(language: Language) -> dict[str, set[str]]:
    """First names in a language → the classes they belong to."""
    names: dict[str, set[str]] = defaultdict(set)
    for concept in lexicon().concepts():
        names[lexicon().name(concept.id, language).casefold()].add(class_of(concept.id))
    return dict(names)
