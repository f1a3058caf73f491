"""Trying a pack on the sentences it promises to catch and to let pass."""

from __future__ import annotations

from dataclasses import dataclass

from danqing.policy.judging import Judge
from danqing.policy.rules import Example, RulePack
from danqing.policy.types import Reason


@dataclass(frozen=True, slots=True)
class Trial:
    """One example and what the pack made of it. reasons: of all its categories."""

    example: Example
    reasons: tuple[Reason, ...]

    @property
    def kept(self) -> bool:
        """Whether the promise holds: caught by its own category, or let pass by every one."""
        if self.example.caught:
            return any(r.category == self.example.category for r in self.reasons)
        return not self.reasons


def test_pack(pack: RulePack) -> tuple[Trial, ...]:
    """Run a pack's own examples through the pack alone, in the file's order."""
    judge = Judge((pack,))
    return tuple(
        Trial(example, tuple(f.reason for f in judge.findings(example.text)))
        for example in pack.examples
    )


test_pack.__test__ = False  # type: ignore[attr-defined]  # its name must not make pytest collect it
