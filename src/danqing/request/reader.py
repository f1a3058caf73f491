"""Reading a prompt: words into a Brief, by a small grammar of Chinese and English picture requests.

One pass from left to right. Attributes wait for the noun they belong to; a verb or a preposition
waits for its object; a Chinese relative clause (戴帽子的狗) waits for its head. What stays without
a home is reported as `known:…`, what no word explains as unknown. Never raises on a valid Prompt.
"""

from __future__ import annotations

from danqing.lexicon import Lexicon, Match, lexicon
from danqing.request.attributes import Traits
from danqing.request.places import Places
from danqing.request.types import Prompt, Reading

_NOT_THE_NOUN = ("不", "not", "isn't", "doesn't")
_SOFT = ("mood", "action", "part")
_TRAITS = ("colour", "count", "size", "gender", "skin", "body", "place")


def read(prompt: Prompt, words: Lexicon | None = None) -> Reading:
    """What a prompt means, which part of it was understood as what, and which not at all.

    words: the lexicon to read it with; the one in the package unless given.
    """
    words = words or lexicon()
    matches = words.match(prompt.text)
    return _Reader(words, matches).read(prompt)


class _Reader(Places):
    """One pass over the words of a prompt; `_on_kind` reads a meaning `kind:value`."""

    def read(self, prompt: Prompt) -> Reading:
        for i, match in enumerate(self.matches):
            self.i = i
            if not match.meanings:
                self._unknown(match)
            for meaning in match.meanings:
                kind, _, value = meaning.partition(":")
                getattr(self, f"_on_{kind.replace('-', '_')}", self._on_concept)(
                    match, value or kind
                )
        self._end_clause(final=True)
        return self.scene.reading(prompt)

    def _on_concept(self, match: Match, concept: str) -> None:
        if self.negated:
            self.negated = ""
            self.verb = self.preposition = ""
            self._drop_pending()
            self.scene.note(match, f"known:{concept}")
            return
        if self._folds_into_last(match, concept):
            return
        colours, self.colours = self.colours, []
        if colours and self.pending.value("count") in (None, str(len(colours) + 1)):
            self.pending = self.pending.without("count")
            for colour, note in colours:  # 红色和蓝色的气球 are two balloons
                self._new_thing(match, concept, Traits([("colour", colour, note)]))
                self.and_seen = True
        else:
            self.scene.retitle((note for _, note in colours), "known:colours")
        traits, self.pending = self.pending, Traits()
        self._new_thing(match, concept, traits)
        self.and_seen = False

    def _new_thing(self, match: Match, concept: str, traits: Traits) -> None:
        thing = None if traits or self.and_seen else self._mentioned(concept)
        if thing is None:
            thing = self.scene.add(match, concept, traits)
        else:
            self.scene.mention(match, thing)
        self.scene.note(match, concept, thing=thing)
        self._place_in_sentence(thing)

    def _mentioned(self, concept: str) -> int | None:
        """The thing a bare noun or "the house" speaks of again; a thing is not its own object."""
        acting: list[int] = []
        if self.verb:
            acting = self.verb_subjects or []
        elif self.preposition:
            acting = self.preposition_subjects
        elif self.at is not None:
            acting = self.at_subjects
        return self.scene.find(concept, acting)

    def _folds_into_last(self, match: Match, concept: str) -> bool:
        """女人 after 卷发, "woman doctor": two words for one person, side by side."""
        if not self.scene.things or self.pending or self.and_seen or not self.i:
            return False
        before = self.matches[self.i - 1]
        if not self._is_thing(before) or (not match.adjacent and match.text[0] > "\u2000"):
            return False
        last = len(self.scene.things) - 1
        if self.scene.fold_dish(last, before.meanings[0], concept):
            self.scene.note(match, concept, thing=last)
            return True
        if self.verb or self.preposition:
            return False
        if self.scene.fold_person(last, before.meanings[0], concept):
            self.scene.note(match, concept, thing=last)
            return True
        return False

    def _trait(self, match: Match, kind: str, value: str) -> None:
        if self.negated:
            if self.negated == "word":
                self.negated = ""
            if kind != "count":
                self.scene.note(match, f"known:{value}")
            return
        if self.backdrop and kind == "colour":
            self._set_background(match, value)
            return
        note = self.scene.note(match, f"{kind}:{value}")
        replaced = self.pending.value(kind)
        if replaced is not None and kind == "colour" and self.and_seen:
            self.colours += [(replaced, n) for n in self.pending.notes(kind)]
        elif replaced is not None:
            idle = replaced in (value, "1")
            self.scene.retitle(self.pending.notes(kind), "" if idle else f"known:{replaced}")
        self.pending.say(kind, value, note)

    def _on_colour(self, match: Match, value: str) -> None:
        self._after_noun_or_pending(match, "colour", value)

    def _on_count(self, match: Match, value: str) -> None:
        if int(value) >= 1:
            self._trait(match, "count", value)
        else:
            self.negated = "noun"

    def _on_sheets(self, match: Match, value: str) -> None:
        """Chinese 张 and 幅 count beds and tickets, but in a request mostly the pictures asked
        for."""
        for later in self.matches[self.i + 1 :]:
            if self._is_thing(later):
                if self.words.has_role(later.meanings[0], "sheet"):
                    self._trait(match, "count", value)
                    return
                break
            if later.meanings and later.meanings[0].split(":")[0] not in (*_TRAITS, *_SOFT):
                break
        if int(value) > 1:
            self.scene.note(match, f"pictures:{value}")

    def _on_size(self, match: Match, value: str) -> None:
        self._trait(match, "size", value)

    def _on_skin(self, match: Match, value: str) -> None:
        if self.subjects and not self.pending and not match.key.isalnum():
            self.scene.attach(self.subjects[-1], "skin", value)  # an emoji's tone follows it
            self.scene.note(match, f"skin:{value}")
            return
        self._after_noun_or_pending(match, "skin", value)

    def _on_body(self, match: Match, value: str) -> None:
        self._after_noun_or_pending(match, "body", value)

    def _on_gender(self, match: Match, value: str) -> None:
        self._after_noun_or_pending(match, "gender", value)

    def _after_noun_or_pending(self, match: Match, kind: str, value: str) -> None:
        """胖子 is a person and plus-size in one word: the trait belongs to the thing just made."""
        if len(match.meanings) > 1 and self.scene.things:
            self.scene.attach(len(self.scene.things) - 1, kind, value)
            self.scene.note(match, f"{kind}:{value}")
        else:
            self._trait(match, kind, value)

    def _on_mood(self, match: Match, value: str) -> None:
        self._soft(match, "mood", value)

    def _on_action(self, match: Match, value: str) -> None:
        self._soft(match, "action", value)

    def _on_part(self, match: Match, value: str) -> None:
        if self.crowded:
            self._drop_pending()  # 蓝眼睛的猫 is not a blue cat
            self.verb = self.preposition = ""
        self._soft(match, "part", value)

    def _soft(self, match: Match, kind: str, value: str) -> None:
        self.negated = ""
        if self.crowded or value not in self.words:
            self.scene.note(match, f"{kind}:{value}")
        else:
            self.crowded = True
            self._on_concept(match, value)

    def _on_known(self, match: Match, value: str) -> None:
        """A word for something that cannot be drawn here; what was said of it goes with it."""
        self.negated = ""
        self.verb = self.preposition = ""
        if value in ("things", "light"):
            self._drop_pending()
        self.scene.note(match, f"undrawable:{match.key}")

    def _on_style(self, match: Match, value: str) -> None:
        self.scene.set_style(match, value)
        self.preposition = ""

    def _on_relation(self, match: Match, value: str) -> None:
        self._close_at()
        self.scene.note(match, f"relation:{value}")
        chinese = not match.key.isascii()
        if self.verb and not chinese:
            return
        own_subject = bool(self.subjects) and not self.pending and not self.and_seen
        if own_subject and self.stale and chinese and self._relative_ahead():
            own_subject = False
        if self.awaiting or self.deferred:
            own_subject = False
        self.verb = value
        if own_subject:
            together = chinese or self.copula
            self.verb_subjects = list(self.subjects) if together else self.subjects[-1:]
        else:
            self.verb_subjects = None
            self.outer.take(self.pending)
            self.pending = Traits()
        self.and_seen = False

    def _on_preposition(self, match: Match, value: str) -> None:
        if value not in ("in", "on", "at", "with"):
            self.scene.note(match, f"relation:{value}")
        self.preposition = value
        subjects = self.subjects if not self.and_seen else []
        self.preposition_subjects = list(subjects)
        self.and_seen = False

    def _on_word(self, _match: Match, value: str) -> None:
        handler = {
            "background": self._on_backdrop,
            "frame": self._on_frame,
            "of": self._on_of,
            "at": self._on_at,
            "and": self._on_and,
            "be": self._on_be,
            "comma": self._on_comma,
            "stop": self._on_stop,
            "negation": self._on_negation,
        }.get(value)
        if handler:
            handler()

    def _on_backdrop(self) -> None:
        colour = self.pending.value("colour")
        if colour:
            self.scene.retitle(self.pending.notes("colour"), f"background:{colour}")
            self.pending = self.pending.without("colour")
            self._drop_pending()
            self.scene.set_background(None, colour)
        else:
            self.backdrop = True
        self.preposition = ""

    def _on_frame(self) -> None:
        count = self.pending.value("count")
        if count and int(count) > 1:
            self.scene.retitle(self.pending.notes("count"), f"pictures:{count}")
        elif count:
            self.scene.forget(self.pending.notes("count"))
        self.pending = self.pending.without("count")
        self.preposition = ""

    def _on_of(self) -> None:
        if self.at is not None and self._peek(-1).startswith(("setting:", "city:")):
            self._close_at()

    def _on_and(self) -> None:
        self._flush_orange()
        self.and_seen = True
        self.copula = False

    def _on_be(self) -> None:
        self.copula = True
        if not self.backdrop:
            self.preposition = ""

    def _on_negation(self) -> None:
        self.negated = "word" if self.matches[self.i].key in _NOT_THE_NOUN else "noun"

    def _on_comma(self) -> None:
        if self.matches[self.i].key == "、" and (self.subjects or self.last_relation):
            self.and_seen = True
            return
        # "a big, red cat": a comma between attributes ends nothing
        if self.pending and (not self.subjects or self.and_seen) and not self.stale:
            return
        self._end_clause()

    def _on_stop(self) -> None:
        self._end_clause()

    def _unknown(self, match: Match) -> None:
        if any(c.isalnum() for c in match.text):
            self.scene.unknown(match)
