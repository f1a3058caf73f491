"""A job while a worker draws it: what is left, how far it is, what of it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from danqing.errors import DanqingError
from danqing.jobs.types import Job
from danqing.request.canonical import canonical_json

if TYPE_CHECKING:
    from danqing.flow import OnItsWay, Ready


MAX_FACT_CHARACTERS = 200


class Stopped(BaseException):
    """Raised through an engine's on_progress. No Exception, so that an engine which tries again after
    anything that goes wrong doesn't try again after this."""


@dataclass
class InHand:
    """A job being drawn. left: seeds still to be drawn. watched: how many previews of each picture
    are wanted; shown: how many there were, by seed."""

    job: Job
    ready: Ready
    left: list[int]
    core_ms: int
    watched: int
    shown: dict[int, int] = field(default_factory=dict)

    @property
    def drawn(self) -> int:
        return self.job.pictures - len(self.left)

    def progress(self, share: float) -> float:
        """share: of what was left when this call of the engine began, in [0, 1]."""
        begun = len(self.ready.seeds)
        done = self.job.pictures - begun + max(share * begun, begun - len(self.left))
        return min(1.0, done / self.job.pictures)

    def is_next(self, picture: OnItsWay) -> bool:
        """Whether it is far enough for the next preview, which are spread over its drawing."""
        shown = self.shown.get(picture.seed, 0)
        return shown < self.watched and picture.share * (self.watched + 1) >= shown + 1


def shares_of(hands: Sequence[InHand], share: float) -> list[float]:
    """How much of each job's part in a call of the engine is done, when `share` of the call is: its
    pictures are drawn one after the other, or all grow at once; here the former is taken."""
    done = share * sum(len(hand.ready.seeds) for hand in hands)
    shares = []
    for hand in hands:
        own = len(hand.ready.seeds)
        shares.append(min(1.0, max(0.0, done / own)))
        done -= own
    return shares


def facts_to_tell(problem: Exception) -> str | None:
    """What fills an error's sentence, as JSON, fit to be shown to whoever asked: where it passes on
    what somebody else's code said, that code's kind of error alone, and of files their names."""
    facts = problem.facts if isinstance(problem, DanqingError) else {}
    told: dict[str, str | int | float] = {}
    for name, fact in facts.items():
        if name == "problem" and problem.__cause__ is not None:
            told[name] = type(problem.__cause__).__name__
        elif isinstance(fact, int | float):
            told[name] = fact
        else:
            said = fact.name if isinstance(fact, Path) else str(fact)
            told[name] = said[:MAX_FACT_CHARACTERS]
    return canonical_json(told) if told else None
