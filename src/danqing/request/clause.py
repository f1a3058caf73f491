"""The clause being read: its subjects, and what still waits for a subject, an object or a head."""

from __future__ import annotations

from dataclasses import replace

from danqing.lexicon import Lexicon, Match
from danqing.request.attributes import Traits
from danqing.request.scene import Scene

VERBS = ("holding", "wearing", "eating", "drinking", "riding")


class Clause:
    """What is known so far of the sentence, and where the next thing goes in it.

    i: the match being read. subjects, stale: things that can be subjects, and whether they come
    from an earlier clause. verb, preposition: said, their object not yet. deferred: (verb, object)
    of a Chinese relative clause, waiting for its head. awaiting: (relation, object), waiting for
    the next thing. at: the things since 在, or None.
    """

    def __init__(self, words: Lexicon, matches: tuple[Match, ...]) -> None:
        self.words = words
        self.stand_ins: set[int] = set()  # where words start that are read as their nearest concept
        self.matches = tuple(map(self._understood, matches))
        self.i = 0
        self.scene = Scene(words)
        self.notes = self.scene.notes
        # A feeling, a doing or a part of the body is a thing only where nothing else is.
        self.crowded = any(self._is_thing(m) or self._is_setting(m) for m in matches)
        self.pending = Traits()
        self.colours: list[tuple[str, int]] = []  # 红色 of 红色和蓝色的, with its note
        self.outer = Traits()  # attributes said before a relative clause, meant for its head
        self.subjects: list[int] = []
        self.stale = False  # the subjects come from an earlier clause
        self.and_seen = False
        self.copula = False
        self.negated = ""  # "noun" after 没有, "word" after 不
        self.verb = ""
        self.verb_subjects: list[int] | None = None
        self.deferred: list[tuple[str, int]] = []  # (verb, object) waiting for their subject
        self.preposition = ""
        self.preposition_subjects: list[int] = []
        self.at: list[int] | None = None  # things since 在
        self.at_subjects: list[int] = []
        # (relation, object): the next thing is its subject
        self.awaiting: list[tuple[str, int]] = []
        self.shared: list[tuple[str, int]] = []  # what was awaiting the present subjects
        self.last_relation: tuple[str, list[int], int] | None = None
        self.backdrop = False  # 背景 was said, what it is not yet
        self.lost = False  # the subject is a word nothing explains: what it does is lost

    def _understood(self, match: Match) -> Match:
        """A word the lexicon lacks, as the concept nearest to it where one is near enough."""
        if match.meanings or not any(c.isalnum() for c in match.text):
            return match
        near = self.words.nearest(match.key, "en" if match.key.isascii() else "zh-Hans")
        if near is None:
            return match
        self.stand_ins.add(match.start)
        doing = near.startswith(("person-", "people-"))
        return replace(match, meanings=(f"action:{near}" if doing else near,))

    def _is_thing(self, match: Match) -> bool:
        return bool(match.meanings) and ":" not in match.meanings[0]

    def _is_setting(self, match: Match) -> bool:
        return bool(match.meanings) and match.meanings[0].startswith(("setting:", "city:"))

    def _peek(self, offset: int = 1, *, past_of: bool = False) -> str:
        """The first meaning of a neighbouring match, past 的 if asked; empty without one."""
        j = self.i + offset
        step = 1 if offset > 0 else -1
        while past_of and 0 <= j < len(self.matches) and self.matches[j].meanings == ("word:of",):
            j += step
        if not 0 <= j < len(self.matches) or not self.matches[j].meanings:
            return ""
        return self.matches[j].meanings[0]

    def _relative_ahead(self) -> bool:
        """Whether the verb here opens a relative clause: … object 的 … noun, before the clause
        ends."""
        object_seen = of_seen = False
        for match in self.matches[self.i + 1 :]:
            meaning = match.meanings[0] if match.meanings else ""
            if meaning in ("word:stop", "word:comma"):
                return False
            if self._is_thing(match):
                if of_seen:
                    return True
                object_seen = True
            elif meaning == "word:of" and object_seen:
                of_seen = True
            elif meaning.startswith("relation:"):
                of_seen = False
        return False

    def _place_in_sentence(self, thing: int) -> None:
        if self.preposition:
            self._object_of_preposition(thing)
        elif self.verb:
            self._object_of_verb(thing)
        elif self.at is not None:
            self.at.append(thing)
        elif self._continues_object(thing) or self._is_possessed(thing):
            pass
        else:
            self._subject(thing)

    def _subject(self, thing: int) -> None:
        for kind, other in (*self.awaiting, *self.deferred):
            self.scene.relate(kind, thing, other)
        self.scene.things[thing].traits.take(self.outer)
        self.outer = Traits()
        fresh = self.stale or self.last_relation or self.awaiting or self.deferred
        if self.and_seen and self.subjects and not fresh:
            self.subjects = [*self.subjects, thing]
            for kind, other in self.shared:  # 树下的猫和狗: both are under it
                self.scene.relate(kind, thing, other)
        else:
            self.subjects = [thing]
            self.shared = self.awaiting
        self.awaiting, self.deferred, self.stale = [], [], False
        self.last_relation = None
        self.lost = False

    def _object_of_verb(self, thing: int) -> None:
        verb, self.verb = self.verb, ""
        if self.verb_subjects is None:
            self.deferred.append((verb, thing))
            self.last_relation = None
            return
        for subject in self.verb_subjects:
            self.scene.relate(verb, subject, thing)
        self.last_relation = (verb, self.verb_subjects, thing)

    def _object_of_preposition(self, thing: int) -> None:
        kind, self.preposition = self.preposition, ""
        concept = self.scene.things[thing].concept
        kind = self.scene.resolve(kind, concept, self.preposition_subjects)
        if not self.preposition_subjects:
            self.awaiting.append((kind, thing))
            return
        for subject in self.preposition_subjects:
            self.scene.relate(kind, subject, thing)
        self.last_relation = (kind, self.preposition_subjects, thing)

    def _continues_object(self, thing: int) -> bool:
        """吃烧卖和包子: a second object of the same verb, if it is the kind of thing the verb
        takes."""
        if not (self.and_seen and (self.last_relation or self.deferred)):
            return False
        if self.last_relation:
            kind, subjects, _ = self.last_relation
        else:
            kind, subjects = self.deferred[-1][0], []
        if not self.scene.relations.suits(kind, self.scene.things[thing].concept):
            return False
        if self.last_relation:
            for subject in subjects:
                self.scene.relate(kind, subject, thing)
        else:
            self.deferred.append((kind, thing))
        return True

    def _is_possessed(self, thing: int) -> bool:
        """小孩戴着妈妈的帽子: what is worn is the hat; whose it is is not drawn."""
        if (
            not self.last_relation
            or self._peek(-1) != "word:of"
            or self.matches[self.i - 1].key != "的"
        ):
            return False
        kind, subjects, owner = self.last_relation
        if owner != thing - 1 or kind not in VERBS:
            return False
        self.scene.replace_object(owner, thing)
        self.last_relation = (kind, subjects, thing)
        return True

    def _holder(self, thing: int) -> int:
        """熊猫拿着竹子，旁边…: what is beside is beside the panda."""
        if self.last_relation and self.last_relation[2] == thing:
            kind, subjects, _ = self.last_relation
            if kind in VERBS and subjects:
                return subjects[-1]
        return thing

    def _close_at(self) -> None:
        """在 without a word of place after it: its things stand beside the subject, or start
        anew."""
        if self.at is None:
            return
        objects, self.at = self.at, None
        if self.at_subjects:
            self.subjects = self.at_subjects
            for other in objects:
                if self.words.has_role(self.scene.things[other].concept, "food"):
                    continue  # 在炒饭 is what somebody does
                for subject in self.subjects:
                    self.scene.relate("beside", subject, other)
        elif objects:
            self.subjects = objects

    def _plural(self) -> bool:
        """Whether the last subject is several things of no said colour."""
        if not self.subjects:
            return False
        traits = self.scene.things[self.subjects[-1]].traits
        return int(traits.value("count") or 1) > 1 and not traits.value("colour")

    def _flush_orange(self) -> None:
        """ "an orange" with no noun after it is a fruit."""
        if self.pending.value("colour") == "orange" and self.pending.value("count"):
            note = self.pending.notes("colour")
            fruit, self.pending = self.pending.without("colour"), Traits()
            thing = self.scene.add(None, "tangerine", fruit)
            self.notes.retitle(note, "tangerine")
            self._place_in_sentence(thing)

    def _drop_pending(self) -> None:
        """What was said belongs to nothing in the picture."""
        for kind, value, note in self.pending.items():
            idle = kind == "count" and value == "1"
            self.notes.retitle((note,), "" if idle else f"known:{value}")
        self.pending = Traits()

    def _share_out(self) -> None:
        """两只猫，一只黑的一只白的: each colour belongs to one of the things just named."""
        colour = self.pending.value("colour")
        if colour and self.pending.value("count") == "1":
            self.colours += [(colour, n) for n in self.pending.notes("colour")]
            self.pending = Traits()
        several = len(self.colours) > 1 and self.subjects
        if several and self.scene.share_out(self.subjects[-1], self.colours):
            self.colours = []

    def _end_clause(self, *, final: bool = False) -> None:
        self._close_at()
        self._flush_orange()
        if self._plural():
            self._share_out()
        if self.subjects:
            for kind, value, note in self.pending.items():
                if kind == "count" and value == "1":
                    self.notes.forget((note,))
                elif not self.scene.attach(self.subjects[-1], kind, value):
                    self.notes.retitle((note,), f"known:{value}")
            self.pending = Traits()
        if final:
            self.notes.retitle((note for _, note in self.colours), "known:colours")
            self.outer.take(self.pending)
            self.pending = self.outer
            self._drop_pending()
        self.stale = True
        self.lost = False
        self.and_seen = self.copula = self.backdrop = False
        self.negated = ""
        self.verb = self.preposition = ""
        self.last_relation = None
