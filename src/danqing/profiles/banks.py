"""How many words and test sentences there are for each of the 31 risk classes (GB/T 45654-2025).

Words come from the rule packs in force. Test sentences come from the packs' own examples (what must
be caught, what must pass) and from the operator's bank, a CSV with the columns bank, class, text:
bank is `generation`, `refuse` or `answer`; class one of the 31, or for `answer` any aspect.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from danqing.errors import InputError

if TYPE_CHECKING:
    from danqing.policy.rules import RulePack

Bank = Literal["generation", "refuse", "answer"]
BANKS: tuple[Bank, ...] = ("generation", "refuse", "answer")
COLUMNS = ("bank", "class", "text")


@dataclass(frozen=True, slots=True)
class Tally:
    """total: different entries in all. of: how many in each class; one entry may be in several."""

    total: int
    of: Mapping[str, int]

    def short_of(self, least: Mapping[str, int]) -> tuple[str, ...]:
        """Classes with fewer entries than they need."""
        return tuple(name for name, count in sorted(least.items()) if self.of.get(name, 0) < count)


def count_words(packs: Sequence[RulePack]) -> Tally:
    """Different words and phrases that a request can be refused or held for, by risk class."""
    found: set[tuple[str, str]] = set()
    for pack in packs:
        risk_of = dict(pack.risks)
        for rule in pack.rules:
            if rule.action != "allow":
                phrases = (" ".join(map("|".join, parts)) for parts in rule.phrases)
                entries = (*rule.words, *phrases)
                found |= {(risk_of[rule.category], entry) for entry in entries}
    return _tally(found)


def count_banks(packs: Sequence[RulePack], file: Path | None) -> dict[Bank, Tally]:
    """Test sentences of the packs and of the operator's file. Raises InputError for the latter."""
    found: dict[Bank, set[tuple[str, str]]] = {bank: set() for bank in BANKS}
    for pack in packs:
        risk_of = dict(pack.risks)
        for example in pack.examples:
            bank: Bank = "refuse" if example.caught else "answer"
            found[bank].add((risk_of[example.category], example.text))
    if file is not None:
        for bank, risk, text in _rows(file):
            found[bank].add((risk, text))
    return {bank: _tally(entries) for bank, entries in found.items()}


def _rows(file: Path) -> Iterator[tuple[Bank, str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for row in csv.DictReader(opened):
                bank, risk, text = (row[name].strip() for name in COLUMNS)
                known = next((b for b in BANKS if b == bank), None)
                if known is None:
                    raise ValueError(f"bank {bank}")
                if text:
                    yield known, risk, text
    except (OSError, ValueError, KeyError, AttributeError, csv.Error) as error:  # short rows too
        raise InputError("duty.bank_unreadable", file=file) from error


def _tally(found: set[tuple[str, str]]) -> Tally:
    return Tally(len({text for _, text in found}), Counter(risk for risk, _ in found))
