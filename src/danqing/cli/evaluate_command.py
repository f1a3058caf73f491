"""`danqing evaluate`: what the embedded model can draw, measured by a judge that never saw its
art."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.progress import Bar
from danqing.errors import InputError

if TYPE_CHECKING:
    from danqing.engines.protocol import Engine
    from danqing.evaluation import Judge, Plan, Report

REPORT_FILE = Path("docs/evaluation-latest.md")
_EVERY_STEPS = 50


def evaluate(
    context: typer.Context,
    quick: Annotated[bool, typer.Option("--quick")] = False,
    weights: Annotated[Path | None, typer.Option("--weights", metavar="DIR")] = None,
    judge: Annotated[Path | None, typer.Option("--judge", metavar="DIR")] = None,
    make_judge: Annotated[bool, typer.Option("--make-judge")] = False,
    data: Annotated[Path, typer.Option("--data", metavar="DIR")] = Path("data"),
    seeds: Annotated[int | None, typer.Option("--seeds", metavar="N", min=1, max=16)] = None,
    steps: Annotated[int | None, typer.Option("--steps", metavar="N", min=1, max=64)] = None,
    no_memory: Annotated[bool, typer.Option("--no-memory")] = False,
    sweep: Annotated[bool, typer.Option("--sweep")] = False,
    picture_sheet: Annotated[Path | None, typer.Option("--picture-sheet", metavar="FILE")] = None,
    sanity: Annotated[Path | None, typer.Option("--sanity", metavar="FILE")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="FILE")] = REPORT_FILE,
) -> Exit:
    """Measures; with --make-judge trains the judge; with --picture-sheet or --sanity draws a sheet."""
    desk = desk_of(context)
    for sheet in (picture_sheet, sanity):
        if sheet is not None and sheet.suffix.lower() != ".png":
            raise InputError("evaluation.sheet_is_png", file=sheet)
    judge = judge or desk.settings().home / "judge"
    if make_judge:
        return _make_judge(desk, data, judge)
    if picture_sheet is not None or sanity is not None:
        engine, _ = _engine(weights, steps, memory=not no_memory)
        return _sheet(desk, engine, picture_sheet, sanity)
    from danqing.evaluation import SWEEP_STEPS, Judge, plan_evaluation, write_report

    judging = Judge(judge)
    plan = plan_evaluation(judging, quick=quick, seeds=seeds)
    report = _measured(desk, _engine(weights, steps, memory=not no_memory), judging, plan, data)
    if not no_memory:
        without = _engine(weights, steps, memory=False)
        report.extras["memory off"] = _variant(desk, without, judging, plan)
    for count in SWEEP_STEPS if sweep else ():
        variant = _engine(weights, count, memory=not no_memory)
        report.extras[f"steps: {count}"] = _variant(desk, variant, judging, plan)
    write_report(report, out)
    _tell(desk, report, out)
    return Exit.DONE


def _engine(weights: Path | None, steps: int | None, *, memory: bool) -> tuple[Engine, str]:
    """The embedded engine with these weights, and the style it draws in unasked."""
    from danqing.engines.mini.engine import MiniEngine

    engine = MiniEngine(weights, steps=steps, use_memory=memory)
    return engine, engine.model.card.default_style


def _measured(
    desk: Desk, engine: tuple[Engine, str], judge: Judge, plan: Plan, data: Path
) -> Report:
    from danqing.evaluation import evaluate as run
    from danqing.evaluation import real_art, real_figures

    with Bar(desk.say("evaluation.measuring_real"), shown=not desk.json) as bar:
        real = real_figures(judge, plan, lambda: real_art(data), bar)
    with Bar(desk.say("evaluation.measuring"), shown=not desk.json) as bar:
        return run(engine[0], judge, plan, default_style=engine[1], real=real, on_share=bar)


def _variant(desk: Desk, engine: tuple[Engine, str], judge: Judge, plan: Plan) -> dict[str, float]:
    from danqing.evaluation import main_shares

    with Bar(desk.say("evaluation.measuring"), shown=not desk.json) as bar:
        return main_shares(engine[0], judge, plan, engine[1], bar)


def _make_judge(desk: Desk, data: Path, folder: Path) -> Exit:
    """Make the judge, measure it on real drawings, and say what they scored."""
    if find_spec("torch") is None:
        raise InputError("train.extra_missing", module="torch")
    from danqing.evaluation import Judge
    from danqing.evaluation.build_judge import JudgeArt, build_judge
    from danqing.evaluation.gather import energy_at_512, judge_only_art, kinds_and_bodies, real_art

    kinds, bodies = kinds_and_bodies(data)
    art = JudgeArt(judge_only_art(data), real_art(data), kinds, bodies)
    for stage in build_judge(art, folder, energy_at_512(data)):
        if stage.done // _EVERY_STEPS != (stage.done - 1) // _EVERY_STEPS or stage.done == stage.of:
            desk.print("evaluation.judge_step", part=stage.part, done=stage.done, of=stage.of)
    own = Judge(folder).own
    desk.show({"folder": str(folder), "own": own})
    every = own["concept"]["all"]
    desk.print(
        "evaluation.judge_made",
        folder=folder,
        classes=own["classes"],
        top1=f"{every['top1']:.1%}",
        top5=f"{every['top5']:.1%}",
    )
    return Exit.DONE


def _tell(desk: Desk, report: Report, out: Path) -> None:
    import json

    document: dict[str, Any] = json.loads(report.to_json())
    desk.show(document)
    for figure in report.figures:
        low, high = figure.share.interval
        desk.print(
            "evaluation.figure",
            name=figure.name,
            share=f"{figure.share.value:.1%}",
            low=f"{low:.0%}",
            high=f"{high:.0%}",
            real="–" if figure.real is None else f"{figure.real.value:.1%}",
        )
    desk.print("evaluation.written", file=out)


def _sheet(desk: Desk, engine: Engine, picture_sheet: Path | None, sanity: Path | None) -> Exit:
    from danqing.evaluation.sheet import (
        SANITY_SENTENCES,
        SHEET_SENTENCES,
        draw_sheet,
        sentence_table,
    )

    with desk.services() as services:
        for file, sentences in ((picture_sheet, SHEET_SENTENCES), (sanity, SANITY_SENTENCES)):
            if file is None:
                continue
            sheet = draw_sheet(services, engine, sentences, file)
            written = sheet.path or file
            written.with_suffix(".md").write_text(sentence_table(sentences) + "\n", "utf-8")
            desk.show({"file": str(written), "sentences": list(sentences)})
            desk.print("evaluation.sheet_written", file=written, count=len(sentences))
    return Exit.DONE
