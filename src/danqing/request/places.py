"""Where things are: words of place in both languages, settings, backgrounds."""

from __future__ import annotations

from abc import ABC, abstractmethod

from danqing.lexicon import Match
from danqing.request.attributes import Traits
from danqing.request.clause import Clause

# Chinese words of place: (place in the picture, relation after a thing).
_SPATIAL: dict[str, tuple[str, str]] = {
    "left": ("left", "left-of"),
    "right": ("right", "right-of"),
    "top": ("top", "above"),
    "bottom": ("bottom", "below"),
    "centre": ("centre", ""),
    "top-left": ("top-left", ""),
    "top-right": ("top-right", ""),
    "bottom-left": ("bottom-left", ""),
    "bottom-right": ("bottom-right", ""),
    "front": ("", "in-front-of"),
    "back": ("", "behind"),
    "inside": ("", "inside"),
    "beside": ("", "beside"),
}

_ON_THE_BODY = ("头上", "头顶", "头顶上", "背上", "肩上", "肩膀上", "身上")
_INTO_A_PLACE = ("in", "on", "at", "inside", "above")


class Places(Clause, ABC):
    """Reads 左边, 在…上, 公园里, "in the top left corner" and their like."""

    @abstractmethod
    def _on_concept(self, match: Match, concept: str) -> None:
        """A word that names a thing."""

    @abstractmethod
    def _trait(self, match: Match, kind: str, value: str) -> None:
        """A word that says something of the thing it belongs to."""

    def _on_setting(self, match: Match, value: str) -> None:
        self._whereabouts(match, value, weak=False)

    def _on_city(self, match: Match, value: str) -> None:
        self._whereabouts(match, value, weak=True)

    def _whereabouts(self, match: Match, concept: str, *, weak: bool) -> None:
        if self.backdrop:
            self._set_backdrop(match, concept)
            return
        introduced = self.at is not None or self.preposition in _INTO_A_PLACE
        next_spatial = self._peek(past_of=True).partition(":")
        beside_it = next_spatial[0] == "spatial" and _SPATIAL[next_spatial[2]][1] not in (
            "inside",
            "above",
            "",
        )
        listed = (self.and_seen or self._peek() == "word:and") and self.at is None
        listed = listed and self._peek() != "word:of"  # 企鹅和北极的北极熊
        named_as_thing = (
            (listed and not introduced)
            or (self.pending and not introduced and next_spatial[2] not in ("inside", "top"))
            or (self.preposition and not introduced)
            or (self.verb and not weak)
            or beside_it
        )
        said = self.pending
        if self._qualifies_the_next(match) and not introduced:
            said = Traits()  # "a red beach ball": what is red is the ball
        elif self.negated or (named_as_thing and not weak and not self._opens_the_scene()):
            self._on_concept(match, concept)
            return
        else:
            self.pending = Traits()
        self.scene.offer_setting(match, concept, weak=weak, traits=said)
        self.preposition = ""
        if self.at == []:
            self._close_at()

    def _qualifies_the_next(self, match: Match) -> bool:
        """Whether an English place stands before a thing as an adjective: "a forest fairy"."""
        after = self.matches[self.i + 1 : self.i + 2]
        return (
            match.key.isascii() and bool(after) and self._is_thing(after[0]) and after[0].adjacent
        )

    def _opens_the_scene(self) -> bool:
        """ "a park with two ducks": the place comes first, and all else is in it."""
        first = not self.scene.things and not self.pending.said_beyond("count")
        return first and self._peek() == "preposition:with"

    def _setting_before(self) -> bool:
        """Whether the match before this one, past 的, was taken for a setting."""
        j = self.i - 1
        while j >= 0 and self.matches[j].meanings == ("word:of",):
            j -= 1
        return j >= 0 and self.scene.places.named_at(self.matches[j])

    def _set_backdrop(self, match: Match, concept: str) -> None:
        """背景是长城, "background: a forest"."""
        self.backdrop = False
        self.preposition = ""
        self.scene.offer_setting(match, concept, weak=False, traits=self.pending)
        self.pending = Traits()

    def _scenery_before(self) -> tuple[Match, int] | None:
        """The scenery that 背景 or "in the background" speaks of: X 背景, 以 X 为背景, "with X in the
        background"."""
        for match in reversed(self.matches[: self.i]):
            thing = self.scene.thing_of(match)
            if thing is not None:
                concept = self.scene.things[thing].concept
                return (match, thing) if self.scene.is_scenery(concept) else None
            if match.meanings and match.meanings[0] in ("word:comma", "word:stop"):
                return None
        return None

    def _on_background(self, match: Match, value: str) -> None:
        self._set_background(match, value)

    def _set_background(self, match: Match, colour: str) -> None:
        self.scene.set_background(match, colour)
        self.backdrop = False
        self.preposition = ""

    def _on_spatial(self, match: Match, value: str) -> None:
        place, relation = _SPATIAL[value]
        previous = self._previous_thing()
        after = self._peek(-1, past_of=True)
        if after == "word:comma":
            after = self._peek(-2)
        if after == "word:background" or (after == "word:frame" and value in ("top", "inside")):
            pass  # 蓝色背景上, 画面里, 生日卡，上面有
        elif self.at is not None:
            self._spatial_after_at(match, place, relation)
        elif self._setting_before():
            pass  # 公园里, 海边上: part of the setting's name
        elif previous is not None and not (place and self.scene.has_place(previous)):
            if relation:
                self.notes.add(match, f"relation:{relation}")
                previous = self._holder(previous)
                self.awaiting.append((relation, previous))
                self.subjects = [s for s in self.subjects if s != previous]
                self.last_relation = None
            else:
                self.notes.add(match, f"known:{value}")
        elif match.key in _ON_THE_BODY:
            self.notes.add(match, f"known:{value}")
        elif place and (len(match.key) > 1 or self._peek(past_of=False) == "word:of"):
            self._trait(match, "place", place)

    def _previous_thing(self) -> int | None:
        """The thing right before a word of place, past 的."""
        j = self.i - 1
        while j >= 0 and self.matches[j].meanings == ("word:of",):
            j -= 1
        return self.scene.thing_of(self.matches[j]) if j >= 0 else None

    def _spatial_after_at(self, match: Match, place: str, relation: str) -> None:
        objects, subjects = self.at or [], self.at_subjects
        self.at = None
        self.subjects = subjects
        if not objects and self._setting_before():
            return
        if objects and relation:
            self.notes.add(match, f"relation:{relation}")
            for other in objects:
                for subject in subjects:
                    self.scene.relate(relation, subject, other)
                if not subjects:
                    self.awaiting.append((relation, other))
        elif place and objects == [] and self._peek(-1) != "word:at":
            self.notes.add(match, f"known:{match.key}")  # 在 something unknown 上
        elif place and subjects and not objects:
            for subject in subjects:
                self.scene.attach(subject, "place", place)
            self.notes.add(match, f"place:{place}")
        elif place and not objects:
            self._trait(match, "place", place)
        else:
            self.notes.add(match, f"known:{match.key}")

    def _on_place(self, match: Match, value: str) -> None:
        """English: "a cat on the left" looks back, "on the left, a cat" looks ahead."""
        if self.subjects and not self.stale and not self.and_seen and not self.pending:
            for subject in self.subjects[-1:]:
                self.scene.attach(subject, "place", value)
            self.notes.add(match, f"place:{value}")
        else:
            self._trait(match, "place", value)
        self.preposition = ""

    def _on_at(self) -> None:
        if self._peek(1).startswith(("relation:", "action:", "mood:")):
            return  # 在吃 is the verb's aspect
        self._close_at()
        if self.i and not self.matches[self.i - 1].meanings:
            self.verb = ""  # 穿着宇航服在…: what it wears is not known
        self.at = []
        self.at_subjects = [] if self.and_seen else list(self.subjects)
        if self.pending and not self.at_subjects:
            self.outer.take(self.pending)
            self.pending = Traits()
