"""What was understood of a sentence and what an engine left out, in words a person reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from danqing.engines.protocol import GUESSED, Ignored
from danqing.lexicon import lexicon
from danqing.messages import say
from danqing.request.types import Reading


def name_of(meaning: str, reading: Reading, language: str) -> str:
    """A concept or a `kind:value` meaning by name: as it was typed, else from the lexicon."""
    for part in reading.understood:
        kind, _, value = part.meaning.partition(":")
        if meaning in (part.meaning, value if kind in ("setting", "nearest") else ""):
            return part.text
    if meaning in lexicon():
        return lexicon().name(meaning, language)
    kind, separator, value = meaning.partition(":")
    if not separator:
        return meaning  # a word nobody knows, as it was typed
    return say("cli.attribute", language, kind=kind, value=value)


def left_out(ignored: Iterable[Ignored], reading: Reading, language: str) -> tuple[str, ...]:
    """A phrase for each thing that was asked and is not in the picture, or not as asked."""
    phrases: dict[str, str] = {}
    for part in reading.understood:
        kind, _, concept = part.meaning.partition(":")
        if kind == "nearest":
            instead = _plain_name(concept, language)
            phrases[concept] = say("cli.drawn_instead", language, what=part.text, instead=instead)
    for left in ignored:
        name = name_of(left.what, reading, language)
        if left.instead is None:
            phrases[left.what] = name
        elif left.instead == GUESSED:
            phrases[left.what] = say("cli.drawn_by_guess", language, what=name)
        else:
            instead = _plain_name(left.instead, language)
            phrases[left.what] = say("cli.drawn_instead", language, what=name, instead=instead)
    known = {left.what for left in ignored}
    return (*phrases.values(), *(word for word in reading.unknown if word not in known))


def _plain_name(meaning: str, language: str) -> str:
    if meaning in lexicon():
        return lexicon().name(meaning, language)
    return meaning.partition(":")[2] or meaning


def understood_document(reading: Reading, language: str) -> list[dict[str, Any]]:
    """For programs: each stretch that was understood, as what, and its name."""
    return [
        {
            "text": part.text,
            "start": part.start,
            "end": part.end,
            "meaning": part.meaning,
            "name": name_of(part.meaning, reading, language),
        }
        for part in reading.understood
    ]


def ignored_document(
    ignored: Iterable[Ignored], reading: Reading, language: str
) -> list[dict[str, Any]]:
    """For programs: what was left out or replaced, with names."""
    return [
        {
            "what": part.what,
            "name": name_of(part.what, reading, language),
            "instead": part.instead,
            "instead_name": None
            if part.instead in (None, GUESSED)
            else _plain_name(part.instead, language),
        }
        for part in ignored
    ]
