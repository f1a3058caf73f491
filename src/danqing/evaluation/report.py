"""What an evaluation found, as a value, as JSON and as Markdown. No figure here is typed
by
hand."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from danqing.evaluation.run import Outcome
from danqing.evaluation.statistics import Share, share

# What issue-sized goals call first and then; as shares in [0, 1].
TARGETS: dict[str, tuple[float, float]] = {
    "concept": (0.60, 0.85),
    "colour": (0.80, 0.90),
    "place and relation": (0.75, 0.85),
    "count to 4": (0.65, 0.80),
    "style": (0.85, 0.90),
    "skin tone": (0.85, 0.90),
}
HELD_OUT_KINDS = ("colour", "two-colours", "relation", "style", "doing")
_MIN_GROUP = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure. share: of the engine; real: of real drawings under the same judge, None
    if unknown.

    groups: breakdown name → group → share.
    """

    name: str
    share: Share
    real: Share | None = None
    groups: dict[str, dict[str, Share]] = field(default_factory=dict)

    @property
    def of_real(self) -> float | None:
        """The share as a share of what real drawings get."""
        if self.real is None or not self.real.met:
            return None
        return self.share.value / self.real.value


@dataclass(frozen=True, slots=True)
class Report:
    """judge: its scores on real drawings of single things. gap: Chinese minus English, in
    points.

    held_out: kind → (seen, held out). shumai: asked → how many of eight told apart.
    sharpness_pasted: of real drawings, scaled into their
    boxes. extras: memory off, step sweep and whatever else was measured: name → value.
    """

    engine: str
    sentences: int
    pictures: int
    seeds: int
    judge: dict[str, Any]
    figures: tuple[Figure, ...]
    gap: dict[str, float]
    held_out: dict[str, tuple[Share, Share]]
    sharpness: float
    sharpness_512: float
    sharpness_pasted: float
    near_copies: Share
    shumai: dict[str, int]
    understood: dict[str, Share]
    draw_s: float
    extras: dict[str, Any] = field(default_factory=dict)

    def figure(self, name: str) -> Figure | None:
        return next((f for f in self.figures if f.name == name), None)

    def to_json(self) -> str:
        return json.dumps(_plain(asdict(self)), ensure_ascii=False, indent=1)


def figures_of(outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
    """Every measure that occurs, with its breakdowns. `place and relation` joins those
    two."""
    marked: dict[str, list[tuple[Outcome, bool]]] = defaultdict(list)
    for outcome in outcomes:
        for name, mark in outcome.marks.marks.items():
            marked[name].append((outcome, mark))
    together = marked["place"] + marked["relation"]
    figures = [_figure(name, found) for name, found in marked.items() if found]
    return (*figures, *([_figure("place and relation", together)] if together else []))


def _figure(name: str, marked: Sequence[tuple[Outcome, bool]]) -> Figure:
    grouped: dict[str, dict[str, list[tuple[str, bool]]]] = defaultdict(lambda: defaultdict(list))
    for o, mark in marked:
        for group, value in {**o.marks.groups, "language": o.language}.items():
            grouped[group][value].append((o.case.id, mark))
    groups = {
        group: {value: share(marks) for value, marks in sorted(values.items())}
        for group, values in grouped.items()
    }
    return Figure(name, share((o.case.id, mark) for o, mark in marked), groups=groups)


def with_real(figures: Iterable[Figure], real: Iterable[Figure]) -> tuple[Figure, ...]:
    """Figures joined with those of real drawings."""
    known = {f.name: f.share for f in real}
    return tuple(Figure(f.name, f.share, known.get(f.name), f.groups) for f in figures)


def language_gap(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Chinese minus English in points, per main measure and over all marks, on the same
    cases."""
    gaps: dict[str, float] = {}
    for name in ("concept", "colour", "count to 4", "relation", "style", "all"):
        by_language = {}
        for chinese in (True, False):
            marks = [
                mark
                for o in outcomes
                if o.language.startswith("zh") == chinese
                for measure, mark in o.marks.marks.items()
                if measure == name or (name == "all" and measure in _MAIN)
            ]
            if marks:
                by_language[chinese] = sum(marks) / len(marks)
        if len(by_language) == 2:
            gaps[name] = 100 * (by_language[True] - by_language[False])
    return gaps


_MAIN = ("concept", "colour", "two colours", "count to 4", "place", "relation", "style",
    "skin tone",
         "body", "ground")  # fmt: skip


def seen_and_held_out(outcomes: Sequence[Outcome]) -> dict[str, tuple[Share, Share]]:
    """Per measure whose combinations can be held out: (seen in training, never
    seen)."""
    pairs: dict[str, tuple[Share, Share]] = {}
    for name in (
        "colour",
        "concept in colour",
        "two colours",
        "relation",
        "style",
        "concept in style",
    ):
        marked = [(o, o.marks.marks[name]) for o in outcomes if name in o.marks.marks]
        seen = share((o.case.id, m) for o, m in marked if not o.case.held_out)
        held = share((o.case.id, m) for o, m in marked if o.case.held_out)
        if seen.count and held.count:
            pairs[name] = (seen, held)
    return pairs


def _plain(value: Any) -> Any:
    """JSON has no NaN; shares also carry their value."""
    if isinstance(value, dict):
        plain = {str(k): _plain(v) for k, v in value.items()}
        if set(plain) == {"met", "count", "cases"} and value["count"]:
            plain["value"] = round(value["met"] / value["count"], 4)
            low, high = Share(**value).interval
            plain["low"], plain["high"] = round(low, 4), round(high, 4)
        return plain
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 5)
    return value


def to_markdown(report: Report) -> str:
    """The report as a page of Markdown, English and Chinese headings side by side."""
    lines = [
        "# Evaluation · 评测",
        "",
        "<!-- Written by `danqing evaluate`. Don't edit: run it again. -->",
        "",
        f"Engine · 引擎 `{report.engine}`. {report.sentences} prompts × {report.seeds} seeds, "
        f"{report.pictures} different pictures, {report.draw_s:.3f} s a picture (128 px).",
        "",
        "## The judge itself · 裁判自身",
        "",
        "On real drawings it never saw, single things, one class of "
        f"{report.judge.get('classes', '?')}:",
        "",
        "| drawings | top-1 | top-5 | pictures |",
        "|---|---|---|---|",
    ]
    for name, row in report.judge.get("concept", {}).items():
        lines.append(f"| {name} | {row['top1']:.1%} | {row['top5']:.1%} | {row['count']} |")
    lines += ["", "Other measures on real drawings are in the column “real” below.", ""]
    lines += ["## Figures · 数据", "",
        "| measure | engine | 95 % | real | share of real | first | then |",
              "|---|---|---|---|---|---|---|"]  # fmt: skip
    for figure in report.figures:
        if figure.name == "near copy":
            continue
        lines.append(_row(figure))
    lines += _further(report)
    lines += _breakdowns(report)
    return "\n".join(lines) + "\n"


def _row(figure: Figure) -> str:
    low, high = figure.share.interval
    first, then = TARGETS.get(figure.name, (None, None))
    real = "" if figure.real is None else f"{figure.real.value:.1%}"
    of_real = "" if figure.of_real is None else f"{figure.of_real:.1%}"
    name = f"**{figure.name}**" if first else figure.name
    return (
        f"| {name} | {figure.share.value:.1%} | {low:.0%}–{high:.0%} | {real} | {of_real} "
        f"| {_percent(first)} | {_percent(then)} |"
    )


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def _further(report: Report) -> list[str]:
    lines = ["", "## Further · 其他", ""]
    lines.append("| | figure | first | then |")
    lines.append("|---|---|---|---|")
    gap = report.gap.get("all", math.nan)
    lines.append(f"| Chinese minus English, points | {gap:+.1f} | ≤ 3 | ≤ 2 |")
    for name, (seen, held) in report.held_out.items():
        behind = 100 * (seen.value - held.value)
        lines.append(
            f"| held-out behind seen, {name} ({held.cases} and {seen.cases} cases), points "
            f"| {behind:+.1f} | ≤ 20 | ≤ 10 |"
        )
    lines.append(
        "| edge energy of real drawings pasted where the layout wants them, 128 px "
        f"| {report.sharpness_pasted:.0%} | | |"
    )
    lines.append(f"| edge energy against real, 128 px | {report.sharpness:.0%} | ≥ 80 % | ≥ 90 % |")
    lines.append(
        f"| edge energy against real, 512 px | {report.sharpness_512:.0%} | ≥ 80 % | ≥ 90 % |"
    )
    for name, told in report.shumai.items():
        lines.append(f"| {name}, told apart of 8 | {told} | ≥ 5 | 8 |")
    copies = report.near_copies
    lines.append(
        f"| near copies of a training picture | {copies.value:.1%} of {copies.count} | | |"
    )
    for language, read in report.understood.items():
        lines.append(
            f"| read exactly as meant, {language} | {read.value:.1%} of {read.count} | | |"
        )
    for name, value in report.extras.items():
        if isinstance(value, dict):
            facts = ", ".join(f"{k} {v:.1%}" for k, v in value.items())
            lines.append(f"| {name} | {facts} | | |")
    return lines


def _breakdowns(report: Report) -> list[str]:
    lines: list[str] = []
    wanted = (("concept", "kind"), ("concept", "style"), ("concept", "language"),
        ("colour",
        "colour"),
              ("count to 4", "count"), ("relation", "relation"), ("place", "place"),
              ("style",
              "style"),
              ("skin tone", "tone"), ("concept in skin", "tone"), ("body", "body"),
              ("concept in body", "body"))  # fmt: skip
    for name, group in wanted:
        figure = report.figure(name)
        if figure is None or len(figure.groups.get(group, {})) < 2:
            continue
        shares = figure.groups[group]
        lines += [
            "",
            f"## {name} by {group}",
            "",
            f"| {group} | share | 95 % | marks |",
            "|---|---|---|---|",
        ]
        for value, s in shares.items():
            low, high = s.interval
            lines.append(f"| {value} | {s.value:.1%} | {low:.0%}–{high:.0%} | {s.count} |")
        counted = [s.value for s in shares.values() if s.count >= _MIN_GROUP]
        if counted:
            lines += [
                "",
                f"Worst group {100 * (max(counted) - min(counted)):.1f} points under the best.",
            ]
    return lines
