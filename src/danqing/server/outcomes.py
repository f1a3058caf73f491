"""What came of a job: its pictures, or why there are none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from danqing.errors import DanqingError
from danqing.messages import say
from danqing.server.problems import tell

if TYPE_CHECKING:
    from danqing.jobs import Job
    from danqing.server.house import House
    from danqing.store import Stored

_VERDICTS = {"refusal": "refused", "hold": "held", "withheld": "withheld"}
_STATUS = {"refused": 403, "held": 403, "withheld": 403, "cancelled": 409}
_THEIRS = frozenset({
    "engine.nothing_to_draw", "engine.mode", "engine.no_mask", "source.not_declared",
})  # fmt: skip
"""Problems of a failed job that whoever asked can do something about."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """job: when it had ended. pictures: finished ones, in order. reasons: of a refusal or a hold, or
    of the pictures that were withheld, as documents."""

    job: Job
    pictures: tuple[Stored, ...]
    reasons: tuple[dict[str, Any], ...] = ()

    @property
    def verdict(self) -> str | None:
        """`refused`, `held`, `withheld`, `failed` or `cancelled` when there is no picture to show;
        `unfinished` when it goes on."""
        if self.pictures:
            return None
        if self.job.goes_on:
            return "unfinished"
        return "withheld" if self.job.state == "done" else self.job.state


def outcome_of(house: House, job: Job, language: str) -> Outcome:
    """Looks up what a job came to. language: of the reasons."""
    pictures = tuple(house.services.store.drawn_for(job.id))
    whole = job.state == "done" and len(pictures) == job.pictures
    reasons = () if whole else tuple(_reasons(house, job.id, language))
    return Outcome(job, pictures, reasons)


def status_of(outcome: Outcome) -> int:
    """The HTTP status for an outcome without a picture."""
    verdict = outcome.verdict
    if verdict == "failed":
        return 422 if outcome.job.problem in _THEIRS else 500
    return _STATUS.get(verdict or "", 504)


def sentence_of(outcome: Outcome, language: str) -> str:
    """What it came to, for people."""
    if outcome.verdict == "failed":
        return tell(DanqingError(outcome.job.problem or "errors.unknown"), language)
    return say(f"server.verdict_{outcome.verdict}", language)


def _reasons(house: House, job_id: str, language: str) -> list[dict[str, Any]]:
    """From the ledger: that is where a verdict is, whoever came to it. The sentence that explains a
    rule stays in its pack."""
    database = house.services.store.database
    with database.read() as connection:
        lines = [
            line for line in database.ledger.lines(connection, batch_id=job_id)
            if line.kind in _VERDICTS
        ]  # fmt: skip
    found: dict[tuple[str, int, int], dict[str, Any]] = {}
    for line in lines:
        for reason in json.loads(line.facts or "{}").get("reasons", []):
            key = (reason["rule"], reason["start"], reason["end"])
            explanation = house.explain(reason["pack"], reason["rule"], language)
            found.setdefault(key, {**reason, "explanation": explanation})
    return list(found.values())
