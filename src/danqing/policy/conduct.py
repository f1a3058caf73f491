"""What happens to whoever is refused again and again: warned, slowed, suspended, by a pack's rules.

Nothing is stored: where somebody stands follows from their refusals in the ledger, the rules in force and
the time, so that another rule, or a ruling that a refusal was wrong, counts at once.
(Interim Measures for Generative AI Services, Art. 14: warn, limit, suspend, keep records.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from danqing.policy.rules import ConductRule
from danqing.policy.types import Reason

CATEGORY = "conduct"


@dataclass(frozen=True, slots=True)
class Strike:
    """A refusal somebody earned. categories: of its reasons. at: UTC, aware."""

    at: datetime
    categories: frozenset[str]


def longest_memory(rules: Sequence[ConductRule]) -> timedelta:
    """How far back a strike can still count."""
    return timedelta(hours=max((r.within_h + r.for_h for r in rules), default=0))


def bars(
    rules: Sequence[ConductRule], strikes: Sequence[Strike], now: datetime
) -> Iterator[tuple[ConductRule, datetime]]:
    """The slowing and suspending rules in effect now, each with when it ends."""
    for rule in rules:
        met = _met(rule, strikes)
        if rule.action != "warn" and met:
            until = met[-1] + timedelta(hours=rule.for_h)
            if until > now:
                yield rule, until


def earned(
    rules: Sequence[ConductRule], strikes: Sequence[Strike], new: Strike
) -> Iterator[tuple[ConductRule, datetime]]:
    """What this new strike brings upon somebody with these earlier ones, with when it ends."""
    for rule in rules:
        met = _met(rule, (*strikes, new))
        if met and met[-1] == new.at:
            yield rule, new.at + timedelta(hours=rule.for_h)


def _met(rule: ConductRule, strikes: Sequence[Strike]) -> list[datetime]:
    """The moments at which `after` strikes lay within `within_h` hours, in order."""
    counted = [s.at for s in strikes if not rule.categories or s.categories & set(rule.categories)]
    within = timedelta(hours=rule.within_h)
    return [
        last
        for first, last in zip(counted, counted[rule.after - 1 :], strict=False)
        if last - first <= within
    ]


def reason(rule: ConductRule, pack: str, until: datetime) -> Reason:
    """The rule's sentence with `{until}` and `{wait_s}` filled in; no text is to blame."""
    when = f"{until:%Y-%m-%d %H:%M} UTC"
    said = tuple(
        (tag, text.replace("{until}", when).replace("{wait_s}", str(rule.wait_s)))
        for tag, text in rule.explanation
    )
    return Reason(rule.id, CATEGORY, pack, rule.article, 0, 0, "", said)
