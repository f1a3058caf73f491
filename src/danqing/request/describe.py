"""What was understood, in phrases a person can check at a glance."""

from __future__ import annotations

from itertools import groupby

from danqing.lexicon import TAUGHT_PREFIX, lexicon
from danqing.messages import say
from danqing.request.types import Language, Reading, Understood

_NO_EFFECT, _NOT_DRAWN = ("mood", "action", "part"), ("known", "undrawable", "pictures")


def all_asked(reading: Reading) -> bool:
    """Whether everything that was understood is asked of the engine: `describe` remarks on the rest."""
    kinds = {part.meaning.partition(":")[0] for part in reading.understood}
    return kinds.isdisjoint((*_NO_EFFECT, *_NOT_DRAWN))


def describe(reading: Reading, language: Language | None = None) -> tuple[str, ...]:
    """One phrase for each stretch that was understood, in order: 小孩, 吃, 唐人街（唐人街牌楼，作场景）.
    What a concept is called stands beside it where it was called something else.

    language: of the phrases; the prompt's own if None. Unknown words are not among them
    (`reading.unknown` has those).
    """
    spoken = language or reading.prompt.language
    phrases: list[str] = []
    said = [u for u in reading.understood if u.meaning != "count:1"]
    for _span, group in groupby(said, key=lambda u: (u.start, u.end)):
        phrases.append(_phrase(list(group), spoken))
    return tuple(phrases)


def _phrase(group: list[Understood], language: Language) -> str:
    text = " ".join(group[0].text.split())
    concepts = [u.meaning for u in group if ":" not in u.meaning]
    if concepts:
        name = _name(concepts[0], text, language)
        if name.casefold() == text.casefold():
            return text
        return say("reading.concept", language, text=text, name=name)
    kind, _, value = group[0].meaning.partition(":")
    if kind == "nearest":
        return say("reading.nearest", language, text=text, name=_name(value, text, language))
    if kind == "setting":
        name = _name(value, text, language)
        if name.casefold() == text.casefold():
            return say("reading.setting_same", language, text=text)
        return say("reading.setting", language, text=text, name=name)
    if kind in _NO_EFFECT:
        return say("reading.no_effect", language, text=text)
    if kind in _NOT_DRAWN:
        return say(f"reading.{kind}", language, text=text)
    return text


def _name(concept: str, text: str, language: Language) -> str:
    """What a concept is called; one that was taught, as it was called here."""
    words = lexicon()
    if concept.startswith(TAUGHT_PREFIX):
        return text
    return words.name(concept, language) if concept in words else concept
