"""Readings of whole sentences, against a file reviewed by hand.

Sentences of one group mean the same and must give equal Briefs. After a wanted change, run this
file to rewrite tests/golden/readings.json, and read the difference line by line."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from danqing.request import Brief, Thing, make_prompt, read

GOLDEN = Path(__file__).parents[2] / "golden" / "readings.json"
GROUPS: list[dict[str, object]] = json.loads(GOLDEN.read_text("utf-8"))
CASES = [(sentence, group["brief"]) for group in GROUPS for sentence in group["say"]]  # type: ignore[attr-defined]


def compact(brief: Brief) -> str:
    """`cat count=3 colour=red; dog | left-of 0 1 | setting beach | unknown 格鲁特`."""
    parts = ["; ".join(_thing(t) for t in brief.things)]
    parts += [f"{r.kind} {r.subject} {r.object}" for r in brief.relations]
    for name in ("setting", "background", "style"):
        if getattr(brief, name):
            parts.append(f"{name} {getattr(brief, name)}")
    if brief.unknown:
        parts.append("unknown " + ", ".join(brief.unknown))
    return " | ".join(parts)


def _thing(thing: Thing) -> str:
    words = [thing.concept]
    for f in fields(thing)[1:]:
        value = getattr(thing, f.name)
        if value != f.default:
            words.append(f"{f.name}={value}")
    return " ".join(words)


@pytest.mark.parametrize(("sentence", "expected"), CASES, ids=[c[0] for c in CASES])
def test_reading(sentence: str, expected: str) -> None:
    assert compact(read(make_prompt(sentence)).brief) == expected


def test_there_are_enough_sentences() -> None:
    assert len(CASES) >= 120
    assert len({sentence for sentence, _ in CASES}) == len(CASES)


if __name__ == "__main__":
    for group in GROUPS:
        group["brief"] = compact(read(make_prompt(group["say"][0])).brief)  # type: ignore[index]
    lines = ",\n".join("  " + json.dumps(g, ensure_ascii=False) for g in GROUPS)
    GOLDEN.write_text(f"[\n{lines}\n]\n", "utf-8")
