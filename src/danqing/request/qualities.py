"""What is said of things: how many, in which colour, how big, whose look; and what leaves no trace in
the picture."""

from __future__ import annotations

from abc import ABC

from danqing.lexicon import Match
from danqing.request.attributes import Traits
from danqing.request.places import Places

_SOFT = ("mood", "action", "part")
_OF_PEOPLE = ("skin", "body", "look")
_TRAITS = ("colour", "count", "size", "gender", "skin", "body", "look", "place")


class Qualities(Places, ABC):
    """Reads 三只, 红色的, "small", 深肤色, 开心, and keeps it for the noun it belongs to."""

    def _trait(self, match: Match, kind: str, value: str) -> None:
        if self.negated:
            if kind != "count":  # "not a dog": the article ends nothing
                self.negated = "" if self.negated == "word" else self.negated
                self.notes.add(match, f"known:{value}")
            return
        if (kind, value) == ("count", "1") and self._each_in_its_colour():
            return
        if self.backdrop and kind == "colour":
            self._set_background(match, value)
            return
        note = self.notes.add(match, f"{kind}:{value}")
        replaced = self.pending.value(kind)
        if replaced is not None and kind == "colour" and self.and_seen:
            self.colours += [(replaced, n) for n in self.pending.notes(kind)]
        elif replaced is not None:
            idle = replaced in (value, "1")
            self.notes.retitle(self.pending.notes(kind), "" if idle else f"known:{replaced}")
        self.pending.say(kind, value, note)

    def _each_in_its_colour(self) -> bool:
        """一黑一白两只猫, "one black and one white": the colour so far is that of one of them."""
        colour = self.pending.value("colour")
        if not colour or self.pending.value("count") != "1":
            return False
        self.colours += [(colour, note) for note in self.pending.notes("colour")]
        self.notes.forget(self.pending.notes("count"))
        self.pending = Traits([("count", "1", -1)])
        return True

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
            self.notes.add(match, f"pictures:{value}")

    def _on_size(self, match: Match, value: str) -> None:
        self._trait(match, "size", value)

    def _on_skin(self, match: Match, value: str) -> None:
        if self.subjects and not self.pending and not match.key.isalnum():
            self.scene.attach(self.subjects[-1], "skin", value)  # an emoji's tone follows it
            self.notes.add(match, f"skin:{value}")
            return
        self._after_noun_or_pending(match, "skin", value)

    def _on_body(self, match: Match, value: str) -> None:
        self._after_noun_or_pending(match, "body", value)

    def _on_look(self, match: Match, value: str) -> None:
        """红头发, "with an afro": of somebody where there is somebody, else a person by itself."""
        hair_colour = self.pending.value("colour")
        if hair_colour:  # 棕色的卷发 is no brown person
            self.notes.retitle(self.pending.notes("colour"), f"known:{hair_colour}")
            self.pending = self.pending.without("colour")
        if not self.crowded:
            self.crowded = True
            self._on_concept(match, value)
            return
        self._after_noun_or_pending(match, "look", value)

    def _on_gender(self, match: Match, value: str) -> None:
        self._after_noun_or_pending(match, "gender", value)

    def _after_noun_or_pending(self, match: Match, kind: str, value: str) -> None:
        """胖子 is a person and plus-size in one word: the trait belongs to the thing just made."""
        if len(match.meanings) > 1 and self.scene.things:
            self.scene.attach(len(self.scene.things) - 1, kind, value)
            self.notes.add(match, f"{kind}:{value}")
        elif kind in _OF_PEOPLE and (having := self._those_who_have()):
            note = self.notes.add(match, f"{kind}:{value}")
            for subject in having:  # "a girl with dark skin": said of her, not of what comes next
                self.scene.attach(subject, kind, value, note)
            if self._peek() != "word:and":
                self.verb = self.preposition = ""
        else:
            self._trait(match, kind, value)

    def _those_who_have(self) -> list[int]:
        """The subjects of "with" or 留着 whose object is being said, unless it is a thing that has
        the quality: "with a red hat"."""
        if (
            not self._peek().startswith(("word:and", "word:comma", "word:stop"))
            and self._noun_next()
        ):
            return []
        if self.preposition == "with":
            return self.preposition_subjects
        return (self.verb_subjects or []) if self.verb == "wearing" else []

    def _noun_next(self) -> bool:
        """Whether a thing follows with nothing but other qualities between."""
        for match in self.matches[self.i + 1 :]:
            if self._is_thing(match):
                return True
            if not match.meanings or match.meanings[0].split(":")[0] not in (*_TRAITS, "mood"):
                return False
        return False

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
        if self.at:
            self._close_at()  # 坐在窗台上看月亮: the moon is not what it sits on
        if self.crowded or value not in self.words:
            self.notes.add(match, f"{kind}:{value}")
        else:
            self.crowded = True
            self._on_concept(match, value)
