"""The scene as it grows while a prompt is read: things, relations, setting, and the notes on what
was said.

At the end it becomes a Brief in one fixed order, so that 戴帽子的狗 and "a dog wearing a hat" are
equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from danqing.lexicon import Lexicon, Match
from danqing.request.attributes import Traits
from danqing.request.types import (
    MAX_THINGS,
    Brief,
    Colour,
    Prompt,
    Reading,
    Relation,
    RelationKind,
    Thing,
    Understood,
)

_MEMORY = 20  # how many things back "the house" can mean
_PREPOSITIONS = {"on": "above", "at": "beside", "in": "inside"}
_HOLDABLE = ("object", "activity", "food", "craft", "festival", "instrument", "game")
_PEOPLE = {"woman": "female", "girl": "female", "man": "male", "boy": "male"}
_BLACK_AND_WHITE = {"black": "5", "brown": "4", "white": "1"}


@dataclass(slots=True)
class _Thing:
    concept: str
    traits: Traits
    dropped: bool = False


@dataclass(slots=True)
class _Note:
    """One entry of `Reading.understood`; an empty meaning is not reported."""

    start: int
    end: int
    meaning: str
    thing: int | None = None


@dataclass(frozen=True, slots=True)
class _Setting:
    concept: str
    weak: bool
    note: int
    match: Match
    traits: Traits


class Scene:
    """Things by index. A note's number lets the reader change its mind about what a word meant."""

    def __init__(self, words: Lexicon) -> None:
        self.words = words
        self.things: list[_Thing] = []
        self._relations: dict[tuple[str, int, int], None] = {}  # a set that keeps its order
        self._notes: list[_Note] = []
        self._settings: list[_Setting] = []
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
        self._notes[note].meaning = f"skin:{skin}"
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

    def attach(self, thing: int, kind: str, value: str) -> bool:
        """Say something of a thing after its name. False where that was said already."""
        if self.things[thing].traits.value(kind) is not None:
            return self.things[thing].traits.value(kind) == value
        self.things[thing].traits.say(kind, value, -1)
        return True

    def fold_person(self, thing: int, before: str, concept: str) -> bool:
        """Whether a word right after a person is another word for the same person."""
        entry = self.words.concept(before) if before in self.words else None
        if entry is None or entry.kind != "person":
            return False
        after = self.words.concept(concept)
        if before == "person" and after.kind == "person":
            self.things[thing].concept = concept
            return True
        if concept in _PEOPLE and entry.genders and before.startswith("person-"):
            self.attach(thing, "gender", _PEOPLE[concept])
            return True
        if before in _PEOPLE and after.genders and after.kind == "person":
            self.things[thing].concept = concept
            self.attach(thing, "gender", _PEOPLE[before])
            return True
        return False

    def fold_dish(self, thing: int, before: str, concept: str) -> bool:
        """草莓蛋糕, "strawberry cake": the ingredient is not a thing of its own."""
        kinds = self.words.concept(before).kind if before in self.words else ""
        if kinds not in ("food", "nature") or self.words.has_role(before, "dish"):
            return False
        if not self.words.has_role(concept, "dish"):
            return False
        for note in self._notes[-1:]:
            if note.thing == thing:
                note.meaning, note.thing = f"known:{before}", None
        self.things[thing].concept = concept
        return True

    # --- relations

    def relate(self, kind: str, subject: int, other: int) -> None:
        if subject != other:
            self._relations[kind, subject, other] = None

    def replace_object(self, owner: int, thing: int) -> None:
        """The owner is not drawn; what it owns takes its part in every relation."""
        self._relations = {
            (k, s, thing if o == owner else o): None for k, s, o in self._relations if s != owner
        }
        self.things[owner].dropped = True

    def resolve(self, preposition: str, concept: str) -> str:
        """The relation an English preposition means before this concept."""
        if preposition == "with" or (preposition == "in" and self.words.has_role(concept, "wear")):
            return self._with(concept)
        return _PREPOSITIONS.get(preposition, preposition)

    def _with(self, concept: str) -> str:
        if self.words.has_role(concept, "wear"):
            return "wearing"
        return "holding" if self._holdable(concept) else "beside"

    def _holdable(self, concept: str) -> bool:
        kind = self.words.concept(concept).kind if concept in self.words else ""
        return kind in _HOLDABLE or self.words.has_role(concept, "plant")

    def suits(self, verb: str, concept: str) -> bool:
        """Whether a concept can be a further object of a verb."""
        if verb in ("eating", "drinking"):
            return self.words.has_role(concept, "food")
        if verb == "wearing":
            return self.words.has_role(concept, "wear")
        return verb == "holding" and self._holdable(concept)

    # --- where and how

    def offer_setting(self, match: Match, concept: str, *, weak: bool, traits: Traits) -> None:
        note = self.note(match, f"setting:{concept}")
        self._settings.append(_Setting(concept, weak, note, match, traits))

    def setting_just_offered(self, matches: tuple[Match, ...], i: int) -> bool:
        """Whether the match before this one, past 的, was taken for a setting."""
        j = i - 1
        while j >= 0 and matches[j].meanings == ("word:of",):
            j -= 1
        return j >= 0 and any(s.match is matches[j] for s in self._settings)

    def set_background(self, match: Match | None, colour: str) -> None:
        if match:
            self.note(match, f"background:{colour}" if not self._background else f"known:{colour}")
        self._background = self._background or colour

    def set_style(self, match: Match, style: str) -> None:
        first = self._style in (None, style)
        self.note(match, f"style:{style}" if first else f"known:{style}")
        self._style = self._style or style

    # --- notes

    def note(self, match: Match, meaning: str, *, thing: int | None = None) -> int:
        """Report a word; the note's number is returned."""
        self._notes.append(_Note(match.start, match.end, meaning, thing))
        return len(self._notes) - 1

    def retitle(self, notes: Iterable[int], meaning: str) -> None:
        for note in notes:
            if note >= 0:
                self._notes[note].meaning = meaning

    def forget(self, notes: Iterable[int]) -> None:
        self.retitle(notes, "")

    def unknown(self, match: Match) -> None:
        self._unknown.append(match.key)

    # --- the end

    def reading(self, prompt: Prompt) -> Reading:
        setting = self._choose_setting()
        self._bake_relations()
        self._drop_owners()
        order = self._order()
        kept, left_out = order[:MAX_THINGS], set(order[MAX_THINGS:])
        for note in self._notes:
            if note.thing in left_out or (
                note.thing is not None and self.things[note.thing].dropped
            ):
                note.meaning = f"known:{note.meaning}"
        position = {thing: n for n, thing in enumerate(kept)}
        relations = {
            Relation(_relation(kind), position[s], position[o])
            for kind, s, o in self._relations
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
        understood = tuple(
            Understood(n.start, n.end, prompt.text[n.start : n.end], n.meaning)
            for n in self._notes
            if n.meaning
        )
        return Reading(prompt, brief, understood, unknown)

    def _choose_setting(self) -> str | None:
        """The first place named, a city only if nothing nearer is; with no things at all, the place
        is the thing."""
        if not self._settings:
            return None
        first = min(self._settings, key=lambda s: (s.weak, self._settings.index(s)))
        chosen: _Setting | None = first
        thing: _Setting | None = None
        if not self.things:
            thing, chosen = self._setting_as_thing(first)
        for other in self._settings:
            if other not in (thing, chosen):
                same = chosen and other.concept == chosen.concept
                self.retitle(
                    (other.note,),
                    f"setting:{other.concept}" if same else f"known:{other.concept}",
                )
        if chosen is None:
            return None
        if chosen.weak and any(t.concept == chosen.concept for t in self.things):
            self.retitle((chosen.note,), f"known:{chosen.concept}")
            return None
        return chosen.concept

    def _setting_as_thing(self, chosen: _Setting) -> tuple[_Setting, _Setting | None]:
        """Only places were named: one is the thing, 夜晚的城市 a city with the night as its
        setting. A Chinese phrase ends in its head, an English one ("the city at night") begins with
        it."""
        near = [s for s in self._settings if not s.weak] or [chosen]
        thing = near[0] if near[0].match.key.isascii() else near[-1]
        index = self.add(thing.match, thing.concept, thing.traits)
        self._notes[thing.note].meaning, self._notes[thing.note].thing = thing.concept, index
        return thing, next((s for s in near if s.concept != thing.concept), None)

    def _bake_relations(self) -> None:
        """A woman wearing a qipao of no said colour is one drawing, not two."""
        parts = Counter(thing for r in self._relations for thing in r[1:])
        for relation in list(self._relations):
            kind, subject, other = relation
            baked = self.words.baked(
                self.things[subject].concept, f"{kind} {self.things[other].concept}"
            )
            if not baked or parts[other] > 1 or self.things[other].traits.said_beyond("count"):
                continue
            self.things[subject].concept = baked
            self.things[other].dropped = True
            del self._relations[relation]
            for note in self._notes:
                if note.thing == other:
                    note.thing = subject

    def _drop_owners(self) -> None:
        self._relations = {
            r: None
            for r in self._relations
            if not (self.things[r[1]].dropped or self.things[r[2]].dropped)
        }

    def _order(self) -> list[int]:
        """As said, but a relation's subject before its object."""
        before: dict[int, list[int]] = {}
        for _kind, subject, other in self._relations:
            before.setdefault(other, []).append(subject)
        order: list[int] = []
        state: dict[int, int] = {}  # 1 under way, 2 done

        def visit(thing: int) -> None:
            stack = [thing]
            while stack:
                top = stack[-1]
                state.setdefault(top, 1)
                waiting = [s for s in before.get(top, ()) if s not in state]
                if waiting:
                    stack.append(waiting[0])
                    continue
                stack.pop()
                if state[top] != 2:
                    state[top] = 2
                    order.append(top)

        for i, thing in enumerate(self.things):
            if not thing.dropped and i not in state:
                visit(i)
        return order

    def _thing(self, thing: _Thing) -> Thing:
        value = thing.traits.value
        concept, colour, body = thing.concept, value("colour"), value("body")
        if colour and (baked := self.words.baked(concept, colour)):
            concept, colour = baked, None
        if body and (baked := self.words.baked(concept, f"body:{body}")):
            concept = baked
        traits: dict[str, Any] = {
            "colour": colour,
            "size": value("size"),
            "place": value("place"),
            "gender": value("gender"),
            "body": body,
        }
        skin = value("skin")
        return Thing(concept, int(value("count") or 1), skin=int(skin) if skin else None, **traits)


def _relation(kind: str) -> RelationKind:
    return kind  # type: ignore[return-value]  # grammar.toml's relations are RelationKinds; a test checks


def _colour(name: str | None) -> Colour | None:
    return name  # type: ignore[return-value]  # likewise
