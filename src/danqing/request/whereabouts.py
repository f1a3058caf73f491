"""Where everything happens: the places a sentence names, and which of them is the setting."""

from __future__ import annotations

from dataclasses import dataclass

from danqing.lexicon import Match
from danqing.request.attributes import Traits


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that was named. weak: a city, which any nearer place beats. note: its number."""

    concept: str
    weak: bool
    note: int
    match: Match
    traits: Traits


class Whereabouts:
    """The places offered so far, in order."""

    def __init__(self) -> None:
        self._offers: list[Offer] = []

    def __bool__(self) -> bool:
        return bool(self._offers)

    def offer(self, offer: Offer) -> None:
        self._offers.append(offer)

    def named_at(self, match: Match) -> bool:
        """Whether this word was taken for a place."""
        return any(offer.match is match for offer in self._offers)

    def others(self, *taken: Offer | None) -> list[Offer]:
        return [offer for offer in self._offers if offer not in taken]

    def first(self) -> Offer:
        """The first place named; a city only if nothing nearer is."""
        return min(self._offers, key=lambda s: (s.weak, self._offers.index(s)))

    def as_thing(self) -> tuple[Offer, Offer | None]:
        """Only places were named: one is the thing, 夜晚的城市 a city with the night as its
        setting. A Chinese phrase ends in its head, an English one ("the city at night") begins with
        it."""
        near = [s for s in self._offers if not s.weak] or [self.first()]
        thing = near[0] if near[0].match.key.isascii() else near[-1]
        return thing, next((s for s in near if s.concept != thing.concept), None)
