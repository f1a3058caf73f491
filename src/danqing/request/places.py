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
        introduced = self.at is not None or self.preposition in _INTO_A_PLACE
        next_spatial = self._peek(past_of=True).partition(":")
        beside_it = next_spatial[0] == "spatial" and _SPATIAL[next_spatial[2]][1] not in (
            "inside",
            "above",
            "",
        )
        listed = (self.and_seen or self._peek() == "word:and") and self.at is None
        named_as_thing = (
            (listed and not introduced)
            or (self.pending and not introduced)
            or (self.preposition and not introduced)
            or (self.verb and not weak)
            or beside_it
        )
        if self.negated or (named_as_thing and not weak):
            self._on_concept(match, concept)
            return
        self.scene.offer_setting(match, concept, weak=weak, traits=self.pending)
        self.pending = Traits()
        self.preposition = ""
        if self.at == []:
            self._close_at()

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
        if after == "word:background" or (after == "word:frame" and value in ("top", "inside")):
            pass  # 蓝色背景上, 画面里
        elif self.at is not None:
            self._spatial_after_at(match, place, relation)
        elif self.scene.setting_just_offered(self.matches, self.i):
            pass  # 公园里, 海边上: part of the setting's name
        elif previous is not None and not (place and self.scene.has_place(previous)):
            if relation:
                self.scene.note(match, f"relation:{relation}")
                previous = self._holder(previous)
                self.awaiting.append((relation, previous))
                self.subjects = [s for s in self.subjects if s != previous]
                self.last_relation = None
            else:
                self.scene.note(match, f"known:{value}")
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
        if not objects and self.scene.setting_just_offered(self.matches, self.i):
            return
        if objects and relation:
            self.scene.note(match, f"relation:{relation}")
            for other in objects:
                for subject in subjects:
                    self.scene.relate(relation, subject, other)
                if not subjects:
                    self.awaiting.append((relation, other))
        elif place and objects == [] and self._peek(-1) != "word:at":
            self.scene.note(match, f"known:{match.key}")  # 在 something unknown 上
        elif place and subjects and not objects:
            for subject in subjects:
                self.scene.attach(subject, "place", place)
            self.scene.note(match, f"place:{place}")
        elif place and not objects:
            self._trait(match, "place", place)
        else:
            self.scene.note(match, f"known:{match.key}")

    def _on_place(self, match: Match, value: str) -> None:
        """English: "a cat on the left" looks back, "on the left, a cat" looks ahead."""
        if self.subjects and not self.stale and not self.and_seen and not self.pending:
            for subject in self.subjects[-1:]:
                self.scene.attach(subject, "place", value)
            self.scene.note(match, f"place:{value}")
        else:
            self._trait(match, "place", value)
        self.preposition = ""

    def _on_at(self) -> None:
        if self._peek(1).startswith(("relation:", "action:", "mood:")):
            return  # 在吃 is the verb's aspect
        self._close_at()
        self.at = []
        self.at_subjects = [] if self.and_seen else list(self.subjects)
        if self.pending and not self.at_subjects:
            self.outer.take(self.pending)
            self.pending = Traits()
