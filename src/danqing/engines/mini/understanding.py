"""What of a Spec this model can draw, and what it says it left out or replaced."""

from __future__ import annotations

from dataclasses import dataclass, replace

from danqing.engines.mini.layout import MAX_OBJECTS, is_headwear
from danqing.engines.mini.model import ModelCard
from danqing.engines.protocol import GUESSED, Ignored, Spec
from danqing.errors import Unsupported
from danqing.lexicon import lexicon
from danqing.request.types import Brief, Relation, Thing


@dataclass(frozen=True, slots=True)
class Drawable:
    """A Brief cut down to what this model can draw, and what was ignored or replaced on the way.

    style: the one that was asked, if it is known, or the usual one. words: for each thing the word that its
    concept isn't, quite, or else empty. A thing told by its word alone has no concept: its id is empty.
    """

    brief: Brief
    style: str
    style_asked: bool
    ignored: tuple[Ignored, ...]
    words: tuple[str, ...] = ()


def understand(spec: Spec, card: ModelCard, *, guesses: bool) -> Drawable:
    """guesses: draw a word no concept is near to by its pieces alone, where the model knows pieces. Raises
    Unsupported when nothing of the spec can be drawn."""
    guesses = guesses and card.subwords > 0
    known = {*card.words.concepts, *(taught.concept for taught in spec.taught)}
    stand_ins = {stand_in.concept: stand_in.word for stand_in in spec.stand_ins}
    ignored: list[Ignored] = []
    things: list[Thing] = []
    words: list[str] = []
    kept: dict[int, int] = {}
    for i, thing in enumerate(spec.brief.things):
        concept, word = _nearest(thing.concept, known), stand_ins.get(thing.concept, "")
        if concept != thing.concept:
            word = word or _name(thing.concept)
            concept = _guess(concept, word, thing.concept, ignored, guesses)
        if concept is not None:
            kept[i] = len(things)
            things.append(replace(thing, concept=concept))
            words.append(word)
    for word in spec.brief.unknown:
        near = lexicon().nearest(word, spec.language)
        concept = _guess(near if near in known else None, word, word, ignored, guesses)
        if concept is not None:
            things.append(Thing(concept))
            words.append(word)
    setting = spec.brief.setting
    if setting is not None:
        concept = _nearest(setting, known)
        if concept != setting:
            ignored.append(Ignored(setting, concept))
        setting = concept
    if not things and setting is not None:
        things, words, setting = [Thing(setting)], [""], None
    if not things and spec.picture is None:
        raise Unsupported("engine.nothing_to_draw")
    if len(things) > MAX_OBJECTS:
        rest = zip(things[MAX_OBJECTS:], words[MAX_OBJECTS:], strict=True)
        ignored += [Ignored(thing.concept or word) for thing, word in rest]
        things, words = things[:MAX_OBJECTS], words[:MAX_OBJECTS]
    relations = tuple(
        Relation(r.kind, kept[r.subject], kept[r.object])
        for r in spec.brief.relations
        if kept.get(r.subject, MAX_OBJECTS) < MAX_OBJECTS
        and kept.get(r.object, MAX_OBJECTS) < MAX_OBJECTS
    )
    for relation in relations:
        if relation.kind == "wearing" and is_headwear(things[relation.object].concept):
            things[relation.subject] = _close_up(things[relation.subject], known)
    style, unhonoured = _style(spec, card)
    asked = bool(spec.style or spec.brief.style)
    brief = replace(
        spec.brief, things=tuple(things), relations=relations, setting=setting, unknown=()
    )
    told = tuple(words) if card.subwords else ()
    return Drawable(brief, style, asked, tuple(ignored) + unhonoured, told)


def _guess(
    near: str | None, word: str, what: str, ignored: list[Ignored], guesses: bool
) -> str | None:
    """What stands in for a word: the concept near it; else nothing but the word (an empty id), where
    this model is good at that and the word made of pieces it knows; else None. It is said anyway."""
    guessed = near is None and guesses and lexicon().is_familiar(word)
    ignored.append(Ignored(what, GUESSED if guessed else near))
    return "" if guessed else near


def _nearest(concept: str, known: set[str]) -> str | None:
    """The concept itself, or the nearest by name that the model has."""
    if concept in known:
        return concept
    if concept not in lexicon():
        return None
    near = lexicon().nearest(lexicon().name(concept, "en"), "en")
    return near if near in known else None


def _close_up(thing: Thing, known: set[str]) -> Thing:
    """An animal as its face, where there is one, since glasses and hats are laid out on faces."""
    face = f"{thing.concept}-face"
    return replace(thing, concept=face) if face in known else thing


def _style(spec: Spec, card: ModelCard) -> tuple[str, tuple[Ignored, ...]]:
    asked = spec.style or spec.brief.style
    if asked is None:
        return card.default_style, ()
    if asked in card.words.styles:
        return asked, ()
    return card.default_style, (Ignored(f"style:{asked}", f"style:{card.default_style}"),)


def _name(concept: str) -> str:
    """What the lexicon calls a concept; empty where it has none such."""
    return lexicon().name(concept, "en") if concept in lexicon() else ""
