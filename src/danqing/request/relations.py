"""What things do to each other and where they stand to each other, while a prompt is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from danqing.lexicon import Lexicon

_PREPOSITIONS = {"on": "above", "at": "beside", "in": "inside"}
_HOLDABLE = ("object", "activity", "food", "craft", "festival", "instrument", "game")
_WORN_ON_THE_BACK = ("backpack",)


class Relations:
    """(kind, subject, object) in the order they were said, each once."""

    def __init__(self, words: Lexicon) -> None:
        self.words = words
        self._said: dict[tuple[str, int, int], None] = {}

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        return iter(tuple(self._said))

    def add(self, kind: str, subject: int, other: int) -> None:
        if subject != other:
            self._said[kind, subject, other] = None

    def settle(self, concepts: Sequence[str]) -> None:
        """Now that every object is known, choose what its verb can mean with it."""
        self._said = {(self._fitting(k, concepts[o]), s, o): None for k, s, o in self._said}

    def _fitting(self, kind: str, concept: str) -> str:
        """围着圣诞树 is beside it, 背着书包 is wearing it."""
        if kind == "holding" and concept in _WORN_ON_THE_BACK:
            return "wearing"
        stands = self._kind(concept) in ("place", "person") or self.words.has_role(concept, "tree")
        if kind == "wearing" and stands and not self.words.has_role(concept, "wear"):
            return "beside"
        return kind

    def replace_object(self, owner: int, thing: int) -> None:
        """The owner is not drawn; what it owns takes its part in every relation."""
        self._said = {
            (k, s, thing if o == owner else o): None for k, s, o in self._said if s != owner
        }

    def remove(self, relation: tuple[str, int, int]) -> None:
        del self._said[relation]

    def parts(self) -> Counter[int]:
        """How many relations each thing has a part in."""
        return Counter(thing for relation in self._said for thing in relation[1:])

    def resolve(self, preposition: str, concept: str, subjects: Iterable[str]) -> str:
        """The relation an English preposition means before this concept, of these subjects."""
        worn = self.words.has_role(concept, "wear")
        if worn and preposition in ("in", "with"):
            return "wearing"
        if preposition == "with":
            held = all(map(self._can_hold, subjects)) and self._holdable(concept)
            return "holding" if held else "beside"
        return _PREPOSITIONS.get(preposition, preposition)

    def suits(self, verb: str, concept: str) -> bool:
        """Whether a concept can be a further object of a verb."""
        if verb in ("eating", "drinking"):
            return self.words.has_role(concept, "food")
        if verb == "wearing":
            return self.words.has_role(concept, "wear")
        return verb == "holding" and self._holdable(concept)

    def _kind(self, concept: str) -> str:
        return self.words.concept(concept).kind if concept in self.words else ""

    def _can_hold(self, concept: str) -> bool:
        """Somebody with hands, paws or a beak; of things only those drawn as a figure."""
        alive = self.words.has_role(concept, "animal") or self.words.has_role(concept, "figure")
        return alive or self._kind(concept) in ("person", "face", "")

    def _holdable(self, concept: str) -> bool:
        return self._kind(concept) in _HOLDABLE or any(
            self.words.has_role(concept, role) for role in ("plant", "held")
        )


def subjects_first(things: list[int], relations: Iterable[tuple[str, int, int]]) -> list[int]:
    """Things as said, but a relation's subject before its object."""
    before: dict[int, list[int]] = {}
    for _kind, subject, other in relations:
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

    for thing in things:
        if thing not in state:
            visit(thing)
    return order
