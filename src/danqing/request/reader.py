"""Reading a prompt: words into a Brief, by a small grammar of Chinese and English picture requests.

One pass from left to right. Attributes wait for the noun they belong to; a verb or a preposition
waits for its object; a Chinese relative clause (戴帽子的狗) waits for its head. What stays without
a home is reported as `known:…`, what no word explains as unknown. Never raises on a valid Prompt.
"""

from __future__ import annotations

from danqing.lexicon import Lexicon, Match, lexicon
from danqing.request.attributes import Traits
from danqing.request.qualities import Qualities
from danqing.request.types import Prompt, Reading

_NOT_THE_NOUN = ("不", "not", "isn't", "doesn't")


def read(prompt: Prompt, words: Lexicon | None = None) -> Reading:
    """What a prompt means, which part of it was understood as what, and which not at all.

    words: the lexicon to read it with; the one in the package unless given.
    """
    words = words or lexicon()
    matches = words.match(prompt.text)
    return _Reader(words, matches).read(prompt)


class _Reader(Qualities):
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
            self.notes.add(match, f"known:{concept}")
            return
        if self.backdrop and self.scene.is_scenery(concept):
            self._set_backdrop(match, concept)
            return
        if self._names_the_last(match, concept):
            return
        if self.preposition == "at" and self.words.concept(concept).kind == "place":
            self._set_backdrop(match, concept)
            return
        colours, self.colours = self.colours, []
        if colours and self.pending.value("count") in (None, "1", str(len(colours) + 1)):
            self.pending = self.pending.without("count")
            for colour, note in colours:  # 红色和蓝色的气球 are two balloons
                self._new_thing(match, concept, Traits([("colour", colour, note)]))
                self.and_seen = True
        else:
            self.notes.retitle((note for _, note in colours), "known:colours")
        traits, self.pending = self.pending, Traits()
        self._new_thing(match, concept, traits)
        self.and_seen = False

    def _new_thing(self, match: Match, concept: str, traits: Traits) -> None:
        thing = None if traits or self.and_seen else self._mentioned(concept)
        if thing is None:
            thing = self.scene.add(match, concept, traits)
        else:
            self.scene.mention(match, thing)
        stand_in = match.start in self.stand_ins
        self.notes.add(match, f"nearest:{concept}" if stand_in else concept, thing)
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

    def _names_the_last(self, match: Match, concept: str) -> bool:
        """女人 after 卷发, "woman doctor": two words for one thing, side by side."""
        if not self.scene.things or self.pending or self.and_seen or not self.i:
            return False
        before = self.matches[self.i - 1]
        if not self._is_thing(before) or (not match.adjacent and match.text[0] > "\u2000"):
            return False
        if self.scene.thing_of(before) != len(self.scene.things) - 1:
            return False
        return self.scene.join_last(match, before.meanings[0], concept)

    def _on_known(self, match: Match, value: str) -> None:
        """A word for something that cannot be drawn here; what was said of it goes with it."""
        self.negated = ""
        self.verb = self.preposition = ""
        if value in ("things", "light"):
            self._drop_pending()
        self.notes.add(match, f"undrawable:{match.key}")

    def _on_style(self, match: Match, value: str) -> None:
        self.scene.set_style(match, value)
        self.preposition = ""

    def _on_relation(self, match: Match, value: str) -> None:
        self._close_at()
        self.notes.add(match, f"relation:{value}")
        chinese = not match.key.isascii()
        if self.verb and not chinese:
            return
        if self.lost:
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
            self.notes.add(match, f"relation:{value}")
        self._flush_orange()
        if self.lost or (value == "with" and not self.subjects and self.scene.places):
            return
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
            self.notes.retitle(self.pending.notes("colour"), f"background:{colour}")
            self.pending = self.pending.without("colour")
            self._drop_pending()
            self.scene.set_background(None, colour)
        elif found := self._scenery_before():
            self.scene.make_setting(*found)
            self.subjects = [s for s in self.subjects if s != found[1]]
        else:
            self.backdrop = not self._setting_before()
        self.preposition = ""

    def _on_frame(self) -> None:
        count = self.pending.value("count")
        if count and int(count) > 1:
            self.notes.retitle(self.pending.notes("count"), f"pictures:{count}")
        elif count:
            self.notes.forget(self.pending.notes("count"))
        self.pending = self.pending.without("count")
        self.preposition = ""

    def _on_of(self) -> None:
        if self.at is not None and self._peek(-1).startswith(("setting:", "city:")):
            self._close_at()
        elif self._peek().startswith("spatial:"):
            pass  # 在月亮的左边
        elif self.at and self.words.concept(self.scene.things[self.at[-1]].concept).kind == "place":
            self.scene.make_setting(self.matches[self.i - 1], self.at[-1])  # 在房子的一只猫
            self.at = None

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
        if not any(c.isalnum() for c in match.text):
            return
        self.scene.unknown(match)
        self.negated = "" if self.negated == "word" else self.negated
        subject = not self.subjects or self.stale
        if subject and not (self.verb or self.preposition) and self._peek() != "word:of":
            self.lost = True
