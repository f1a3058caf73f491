"""What came of a job: its pictures, or why there are none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from danqing.errors import DanqingError
from danqing.messages import say
from danqing.server.problems import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from danqing.db.ledger import EventKind
    from danqing.jobs import Job
    from danqing.server.house import House
    from danqing.store import Stored

_VERDICTS: tuple[EventKind, ...] = ("refusal", "hold", "withheld")
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
    (outcome,) = outcomes_of(house, [job], language)
    return outcome


def outcome_at(house: House, job_id: str, language: str) -> Outcome:
    """Looks up a job, and what it has come to by now. Raises NotFound."""
    return outcome_of(house, house.queue.look(job_id).job, language)


def outcomes_of(house: House, jobs: Sequence[Job], language: str) -> list[Outcome]:
    """What each of some jobs came to, looked up for all of them at once; nothing for those that go
    on."""
    ended = [job.id for job in jobs if not job.goes_on]
    drawn = house.services.store.drawn_for_all(ended) if ended else {}
    short = [job.id for job in jobs if job.id in drawn and len(drawn[job.id]) < job.pictures]
    reasons = _reasons(house, short, language) if short else {}
    return [
        Outcome(job, tuple(drawn.get(job.id, ())), tuple(reasons.get(job.id, ()))) for job in jobs
    ]


def status_of(outcome: Outcome) -> int:
    """The HTTP status for an outcome without a picture."""
    verdict = outcome.verdict
    if verdict == "failed":
        return 422 if outcome.job.problem in _THEIRS else 500
    return _STATUS.get(verdict or "", 504)


def sentence_of(outcome: Outcome, language: str) -> str:
    """What it came to, for people."""
    if outcome.verdict == "failed":
        return problem_of(outcome.job, language)
    return say(f"server.verdict_{outcome.verdict}", language)


def problem_of(job: Job, language: str) -> str:
    """The sentence for what went wrong with a job."""
    code = job.problem or "errors.unexpected"
    if code == "errors.unexpected":  # its own sentence is for whoever sits at the command line
        return say("server.unexpected", language)
    return tell(DanqingError(code, **job.problem_facts), language)


def _reasons(
    house: House, job_ids: Sequence[str], language: str
) -> dict[str, list[dict[str, Any]]]:
    """By job, from the ledger: that is where a verdict is, whoever came to it. The sentence that
    explains a rule stays in its pack."""
    database = house.services.store.database
    found: dict[str, dict[tuple[str, int, int], dict[str, Any]]] = {}
    with database.read() as connection:
        lines = database.ledger.lines_of(connection, job_ids, _VERDICTS)
        for line in lines:
            of_job = found.setdefault(str(line.batch_id), {})
            for reason in json.loads(line.facts or "{}").get("reasons", []):
                key = (reason["rule"], reason["start"], reason["end"])
                explanation = house.explain(reason["pack"], reason["rule"], language)
                of_job.setdefault(key, {**reason, "explanation": explanation})
    return {job_id: list(reasons.values()) for job_id, reasons in found.items()}
