"""What is reported of a prompt: each stretch that was understood, and as what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from danqing.lexicon import Match
from danqing.request.types import Understood


@dataclass(slots=True)
class _Note:
    """One entry of `Reading.understood`; an empty meaning is not reported."""

    start: int
    end: int
    meaning: str
    thing: int | None = None


class Notes:
    """Notes by number, so that the reader can change its mind about what a word meant."""

    def __init__(self) -> None:
        self._notes: list[_Note] = []

    def add(self, match: Match, meaning: str, thing: int | None = None) -> int:
        """Report a word, perhaps as a thing; the note's number is returned."""
        self._notes.append(_Note(match.start, match.end, meaning, thing))
        return len(self._notes) - 1

    def retitle(self, notes: Iterable[int], meaning: str) -> None:
        """Change what words were understood as. A negative number is nobody's note."""
        for note in notes:
            if note >= 0:
                self._notes[note].meaning = meaning

    def forget(self, notes: Iterable[int]) -> None:
        self.retitle(notes, "")

    def becomes_thing(self, note: int, meaning: str, thing: int) -> None:
        self._notes[note].meaning, self._notes[note].thing = meaning, thing

    def becomes_setting(self, thing: int, concept: str) -> int:
        """The word for a thing names the setting; its note is returned."""
        for i, note in enumerate(self._notes):
            if note.thing == thing:
                note.meaning, note.thing = f"setting:{concept}", None
                return i
        return -1

    def last_is_of(self, thing: int) -> int | None:
        """The last note, where it is one of this thing."""
        if self._notes and self._notes[-1].thing == thing:
            return len(self._notes) - 1
        return None

    def leave_behind(self, note: int) -> None:
        """The word was understood, and is no thing after all."""
        self._notes[note].meaning, self._notes[note].thing = (
            f"known:{self._notes[note].meaning}",
            None,
        )

    def pass_on(self, thing: int, other: int) -> None:
        """What was said of one thing is said of another."""
        for note in self._notes:
            if note.thing == thing:
                note.thing = other

    def leave_out(self, things: set[int]) -> None:
        """These things are not drawn."""
        for note in self._notes:
            if note.thing in things:
                note.meaning = f"known:{note.meaning}"

    def understood(self, text: str) -> tuple[Understood, ...]:
        """In the order they were made; text: the prompt's."""
        return tuple(
            Understood(n.start, n.end, text[n.start : n.end], n.meaning)
            for n in self._notes
            if n.meaning
        )
