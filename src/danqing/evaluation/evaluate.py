"""The whole evaluation of one engine: draw, judge, add up, compare with real
drawings."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from danqing.engines.protocol import Engine
from danqing.errors import DataError
from danqing.evaluation.cases import FULL_PROMPTS, QUICK_PROMPTS, Case, count_sentences
from danqing.evaluation.judge import Judge
from danqing.evaluation.prompts import build_cases
from danqing.evaluation.references import References
from danqing.evaluation.report import (
    Figure,
    Report,
    figures_of,
    language_gap,
    seen_and_held_out,
    with_real,
)
from danqing.evaluation.run import (
    Outcome,
    Painter,
    Reader,
    by_parser,
    by_truth,
    examine,
    sharpness,
    sharpness_512,
    told_apart,
)
from danqing.evaluation.statistics import Share, share
from danqing.training.art import ArtSet

OnShare = Callable[[float], None]
SWEEP_KINDS = ("concept", "culture", "colour", "count", "relation", "style")
SWEEP_STEPS = (1, 2, 4, 8, 16)
_SHARP_QUICK, _SHARP_FULL = 16, 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked. cases: with their sentences. seeds: of each. also: 512 px pictures
    for sharpness."""

    cases: tuple[Case, ...]
    seeds: tuple[int, ...]
    at_512: int

    @property
    def digest(self) -> str:
        """Of the Briefs asked: figures of real drawings hold for the same Briefs
        only."""
        asked = "\n".join(f"{case.id} {case.brief!r}" for case in self.cases)
        return hashlib.sha256(asked.encode()).hexdigest()[:16]


def plan_evaluation(judge: Judge, *, quick: bool, seeds: int | None = None, seed: int = 1) -> Plan:
    """quick: 300 sentences × 2 seeds, else 2,000 × 3."""
    cases = build_cases(judge.catalogue, QUICK_PROMPTS if quick else FULL_PROMPTS, seed)
    chosen = tuple(range(seeds or (2 if quick else 3)))
    return Plan(cases, chosen, _SHARP_QUICK if quick else _SHARP_FULL)


def evaluate(
    engine: Engine,
    judge: Judge,
    plan: Plan,
    *,
    default_style: str = "noto",
    reader: Reader = by_parser,
    real: Sequence[Figure] = (),
    on_share: OnShare | None = None,
) -> Report:
    """Draw and judge everything in a plan. real: the same plan's figures for real
    drawings.

    on_share is called with the share of the cases done, in [0, 1].
    """
    references = References.load(judge.folder / "references.npz")
    painter = Painter(engine)
    outcomes: list[Outcome] = []
    done: set[str] = set()
    for outcome in examine(
        painter, judge, references, plan.cases, plan.seeds, reader, default_style
    ):
        outcomes.append(outcome)
        done.add(outcome.case.id)
        if on_share is not None:
            on_share(len(done) / len(plan.cases))
    figures = with_real(figures_of(outcomes), real)
    drawn_s = [o.draw_s for o in outcomes if o.draw_s is not None]
    copies = next((f.share for f in figures if f.name == "near copy"), Share(0, 0, 0))
    return Report(
        engine=engine.version,
        sentences=count_sentences(plan.cases),
        pictures=len(drawn_s),
        seeds=len(plan.seeds),
        judge=judge.own,
        figures=figures,
        gap=language_gap(outcomes),
        held_out=seen_and_held_out(outcomes),
        sharpness=sharpness(outcomes),
        sharpness_512=sharpness_512(engine, references, plan.cases, default_style, plan.at_512),
        sharpness_pasted=_pasted_sharpness(judge, plan),
        near_copies=copies,
        shumai=told_apart(painter, judge, reader=reader),
        understood=_understood(outcomes),
        draw_s=sum(drawn_s) / len(drawn_s) if drawn_s else 0.0,
    )


def _understood(outcomes: Sequence[Outcome]) -> dict[str, Share]:
    """Per language: how many sentences were read exactly as meant."""
    languages = dict.fromkeys(o.language for o in outcomes)
    return {
        language: share(
            (o.case.id, o.understood) for o in outcomes if o.language == language and o.seed == 0
        )
        for language in languages
    }


def main_shares(
    engine: Engine,
    judge: Judge,
    plan: Plan,
    default_style: str = "noto",
    on_share: OnShare | None = None,
) -> dict[str, float]:
    """The main figures of a variant (fewer steps, no memory) on a part of the plan: one
    sentence and seed a case, the kinds of SWEEP_KINDS. Adds `seconds` a picture and `edges` against
    real."""
    references = References.load(judge.folder / "references.npz")
    cases = [
        replace(case, sentences=case.sentences[:1])
        for case in plan.cases
        if case.kind in SWEEP_KINDS
    ]
    outcomes = []
    for outcome in examine(
        Painter(engine), judge, references, cases, plan.seeds[:1], default_style=default_style
    ):
        outcomes.append(outcome)
        if on_share is not None:
            on_share(len(outcomes) / len(cases))
    wanted = ("concept", "colour", "count to 4", "relation", "style")
    found = {f.name: f.share.value for f in figures_of(outcomes) if f.name in wanted}
    drawn_s = [o.draw_s for o in outcomes if o.draw_s is not None]
    found["edges"] = sharpness(outcomes)
    found["seconds"] = sum(drawn_s) / max(1, len(drawn_s))
    return found


def real_figures(
    judge: Judge, plan: Plan, art: Callable[[], ArtSet], on_share: OnShare | None = None
) -> tuple[Figure, ...]:
    """What real drawings get under this plan; kept in the judge's folder, once
    measured.

    art: gives the generator's art at 128 px; called only where the figures aren't there yet.
    Without it, where it raises DataError, there are none.
    """
    from danqing.evaluation.real import RealDrawings

    file = judge.folder / f"real-{plan.digest}.json"
    if file.is_file():
        return _read_figures(json.loads(file.read_text("utf-8")))
    try:
        drawings = RealDrawings(art())
    except DataError:
        return ()
    report = evaluate(drawings, judge, plan, reader=by_truth, on_share=on_share)
    file.write_text(report.to_json(), "utf-8")
    return report.figures


def _pasted_sharpness(judge: Judge, plan: Plan) -> float:
    """Edge energy real drawings keep when they are scaled into their boxes, as `real_figures` found
    it."""
    file = judge.folder / f"real-{plan.digest}.json"
    if not file.is_file():
        return math.nan
    found: float | None = json.loads(file.read_text("utf-8"))["sharpness"]
    return math.nan if found is None else found


def _read_figures(record: Mapping[str, Any]) -> tuple[Figure, ...]:
    return tuple(
        Figure(f["name"], Share(*(f["share"][k] for k in ("met", "count", "cases"))))
        for f in record["figures"]
    )


def write_report(report: Report, markdown: Path) -> None:
    """Write the page, and beside it the same as JSON."""
    from danqing.evaluation.report import to_markdown

    markdown.parent.mkdir(parents=True, exist_ok=True)
    markdown.write_text(to_markdown(report), "utf-8")
    markdown.with_suffix(".json").write_text(report.to_json(), "utf-8")
