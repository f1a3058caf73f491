"""Attributes said before the noun they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Traits:
    """What was said of a thing: kind → value, each with the note that reports it. The last word
    said of a kind holds: in 一张三只猫的图 there are three cats."""

    def __init__(self, said: Iterable[tuple[str, str, int]] = ()) -> None:
        self._said: dict[str, tuple[str, int]] = {kind: (value, note) for kind, value, note in said}

    def __bool__(self) -> bool:
        return bool(self._said)

    def say(self, kind: str, value: str, note: int) -> None:
        self._said[kind] = (value, note)

    def value(self, kind: str) -> str | None:
        return self._said[kind][0] if kind in self._said else None

    def notes(self, kind: str) -> tuple[int, ...]:
        return (self._said[kind][1],) if kind in self._said else ()

    def items(self) -> Iterator[tuple[str, str, int]]:
        for kind, (value, note) in self._said.items():
            yield kind, value, note

    def take(self, others: Traits) -> None:
        """Add what the others say and this does not."""
        for kind, value, note in others.items():
            self._said.setdefault(kind, (value, note))

    def said_beyond(self, kind: str) -> bool:
        """Whether anything but this kind was said."""
        return any(k != kind for k in self._said)

    def without(self, kind: str) -> Traits:
        return Traits(item for item in self.items() if item[0] != kind)
