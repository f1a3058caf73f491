"""The scene as it grows while a prompt is read: things, relations, places, and notes on what was
said.

At the end it becomes a Brief in one fixed order, so that 戴帽子的狗 and "a dog wearing a hat" are
equal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from danqing.lexicon import Lexicon, Match
from danqing.request.attributes import Traits
from danqing.request.compounds import SEXES, join
from danqing.request.notes import Notes
from danqing.request.relations import Relations, subjects_first
from danqing.request.types import (
    MAX_THINGS,
    Brief,
    Colour,
    Prompt,
    Reading,
    Relation,
    RelationKind,
    Thing,
)
from danqing.request.whereabouts import Offer, Whereabouts

_MEMORY = 20  # how many things back "the house" can mean
_BLACK_AND_WHITE = {"black": "5", "brown": "4", "white": "1"}


@dataclass(slots=True)
class _Thing:
    concept: str
    traits: Traits
    dropped: bool = False


class Scene:
    """Things by index, what they do to each other, and where."""

    def __init__(self, words: Lexicon) -> None:
        self.words = words
        self.things: list[_Thing] = []
        self.notes = Notes()
        self.places = Whereabouts()
        self.relations = Relations(words)
        self._unknown: list[str] = []
        self._background: str | None = None
        self._style: str | None = None
        self._thing_at: dict[int, int] = {}  # where a thing's word starts → the thing

    # --- things

    def add(self, match: Match | None, concept: str, traits: Traits) -> int:
        """A new thing with what was said of it before its name."""
        copy = Traits()
        copy.take(traits)
        if copy.value("count") == "2" and self.words.has_role(concept, "pair"):
            copy = copy.without("count")  # a pair of shoes is one picture of shoes
        if match and match.key.isascii() and self._is_person(concept):
            copy = self._skin_from_colour(copy)
        self.things.append(_Thing(concept, copy))
        if match:
            self._thing_at[match.start] = len(self.things) - 1
        return len(self.things) - 1

    def _is_person(self, concept: str) -> bool:
        entry = self.words.concept(concept)
        return entry.kind == "person" and entry.has_skin

    def _skin_from_colour(self, traits: Traits) -> Traits:
        """English says "a Black woman" of a person, not of paint."""
        colour = traits.value("colour")
        if colour not in _BLACK_AND_WHITE or traits.value("skin"):
            return traits
        skin, (note,) = _BLACK_AND_WHITE[colour], traits.notes("colour")
        self.notes.retitle((note,), f"skin:{skin}")
        changed = traits.without("colour")
        changed.say("skin", skin, note)
        return changed

    def find(self, concept: str, excluded: list[int]) -> int | None:
        """The last thing of a concept, apart from those excluded."""
        for i in reversed(range(max(0, len(self.things) - _MEMORY), len(self.things))):
            if self.things[i].concept == concept and i not in excluded:
                return None if self.things[i].dropped else i
        return None

    def mention(self, match: Match, thing: int) -> None:
        """Another word for a thing there is."""
        self._thing_at[match.start] = thing

    def thing_of(self, match: Match) -> int | None:
        return self._thing_at.get(match.start)

    def has_place(self, thing: int) -> bool:
        return self.things[thing].traits.value("place") is not None

    def attach(self, thing: int, kind: str, value: str, note: int = -1) -> bool:
        """Say something of a thing after its name. False where that was said already."""
        if self.things[thing].traits.value(kind) is not None:
            return self.things[thing].traits.value(kind) == value
        self.things[thing].traits.say(kind, value, note)
        return True

    def join_last(self, match: Match, before: str, concept: str) -> bool:
        """Whether a word right after the last thing names the same one; then it does so now."""
        thing = len(self.things) - 1
        joined = join(self.words, before, concept, match.key)
        if joined is None:
            return False
        self.things[thing].concept = joined.concept
        if joined.gender is not None:
            self.attach(thing, "gender", joined.gender)
        first = self.notes.last_is_of(thing)
        if (
            joined.gender is None
            and joined.by == "second"
            and before != "person"
            and first is not None
        ):
            self.notes.leave_behind(first)
        self.mention(match, thing)
        self.notes.add(match, concept, thing)
        return True

    def share_out(self, thing: int, colours: list[tuple[str, int]]) -> bool:
        """两只猫，一只黑的一只白的: as many things of one colour as there are colours. False where the
        number is another."""
        whole = self.things[thing]
        if whole.traits.value("count") != str(len(colours)) or whole.traits.value("colour"):
            return False
        whole.traits = whole.traits.without("count")
        for colour, note in colours[1:]:
            copy = Traits(whole.traits.items())
            copy.say("colour", colour, note)
            self.things.append(_Thing(whole.concept, copy))
        whole.traits.say("colour", *colours[0])
        return True

    # --- relations

    def relate(self, kind: str, subject: int, other: int) -> None:
        self.relations.add(kind, subject, other)

    def replace_object(self, owner: int, thing: int) -> None:
        """The owner is not drawn; what it owns takes its part in every relation."""
        self.relations.replace_object(owner, thing)
        self.things[owner].dropped = True

    def resolve(self, preposition: str, concept: str, subjects: list[int]) -> str:
        """The relation an English preposition means before this concept, of these subjects."""
        return self.relations.resolve(
            preposition, concept, (self.things[s].concept for s in subjects)
        )

    # --- where and how

    def offer_setting(self, match: Match, concept: str, *, weak: bool, traits: Traits) -> None:
        note = self.notes.add(match, f"setting:{concept}")
        self.places.offer(Offer(concept, weak, note, match, traits))

    def make_setting(self, match: Match, thing: int) -> None:
        """A thing that was named is the setting after all: "with the Great Wall in the
        background"."""
        concept = self.things[thing].concept
        self.things[thing].dropped = True
        del self._thing_at[match.start]
        note = self.notes.becomes_setting(thing, concept)
        self.places.offer(Offer(concept, False, note, match, self.things[thing].traits))

    def is_scenery(self, concept: str) -> bool:
        """Whether a concept can be where everything happens."""
        return self.words.has_role(concept, "scenery")

    def set_background(self, match: Match | None, colour: str) -> None:
        if match:
            self.notes.add(match, f"{'known' if self._background else 'background'}:{colour}")
        self._background = self._background or colour

    def set_style(self, match: Match, style: str) -> None:
        first = self._style in (None, style)
        self.notes.add(match, f"style:{style}" if first else f"known:{style}")
        self._style = self._style or style

    def unknown(self, match: Match) -> None:
        self._unknown.append(match.key)

    # --- the end

    def reading(self, prompt: Prompt) -> Reading:
        setting = self._choose_setting()
        self.relations.settle([thing.concept for thing in self.things])
        self._bake_relations()
        standing = [i for i, thing in enumerate(self.things) if not thing.dropped]
        order = subjects_first(standing, (r for r in self.relations if {*r[1:]} <= {*standing}))
        kept = order[:MAX_THINGS]
        self.notes.leave_out({i for i in range(len(self.things)) if i not in kept})
        position = {thing: n for n, thing in enumerate(kept)}
        relations = {
            Relation(_relation(kind), position[s], position[o])
            for kind, s, o in self.relations
            if s in position and o in position
        }
        unknown = tuple(self._unknown)
        brief = Brief(
            tuple(self._thing(self.things[i]) for i in kept),
            tuple(sorted(relations, key=lambda r: (r.subject, r.object, r.kind))),
            setting,
            _colour(self._background),
            self._style,
            unknown,
        )
        return Reading(prompt, brief, self.notes.understood(prompt.text), unknown)

    def _choose_setting(self) -> str | None:
        """With no things at all, a place is the thing."""
        if not self.places:
            return None
        first = self.places.first()
        chosen: Offer | None = first
        thing: Offer | None = None
        if all(thing.dropped for thing in self.things):
            thing, chosen = self.places.as_thing()
            index = self.add(thing.match, thing.concept, thing.traits)
            self.notes.becomes_thing(thing.note, thing.concept, index)
        for other in self.places.others(thing, chosen):
            same = chosen and other.concept == chosen.concept
            meaning = f"{'setting' if same else 'known'}:{other.concept}"
            self.notes.retitle((other.note,), meaning)
        if chosen is None:
            return None
        if chosen.weak and any(t.concept == chosen.concept for t in self.things):
            self.notes.retitle((chosen.note,), f"known:{chosen.concept}")
            return None
        return chosen.concept

    def _bake_relations(self) -> None:
        """A woman wearing a qipao of no said colour is one drawing, not two."""
        parts = self.relations.parts()
        for relation in self.relations:
            kind, subject, other = relation
            baked = self.words.baked(
                self.things[subject].concept, f"{kind} {self.things[other].concept}"
            )
            if not baked or parts[other] > 1 or self.things[other].traits.said_beyond("count"):
                continue
            self.things[subject].concept = baked
            self.things[other].dropped = True
            self.relations.remove(relation)
            self.notes.pass_on(other, subject)

    def _thing(self, thing: _Thing) -> Thing:
        value = thing.traits.value
        concept, colour, body = thing.concept, value("colour"), value("body")
        gender = value("gender")
        if colour and (baked := self.words.baked(concept, colour)):
            concept, colour = baked, None
        if look := value("look"):
            baked = self.words.baked(concept, f"look:{look}")
            if baked is None:
                self.notes.retitle(thing.traits.notes("look"), f"known:{look}")
            elif self.words.concept(baked).genders and gender is None:
                gender = SEXES.get(concept)
            concept = baked or concept
        if body and (baked := self.words.baked(concept, f"body:{body}")):
            concept = baked
        skin = value("skin")
        traits: dict[str, Any] = {
            "colour": colour,
            "size": value("size"),
            "place": value("place"),
            "gender": gender,
            "skin": int(skin) if skin else None,
            "body": body,
        }
        return Thing(concept, int(value("count") or 1), **traits)


def _relation(kind: str) -> RelationKind:
    return kind  # type: ignore[return-value]  # grammar.toml's relations are RelationKinds; a test checks


def _colour(name: str | None) -> Colour | None:
    return name  # type: ignore[return-value]  # likewise
