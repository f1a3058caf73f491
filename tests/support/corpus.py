"""The policy corpus: prompts made from templates and slots, and the same prompts in disguise.

A half of the corpus is a YAML file: side (blocked, passes) → category → how many prompts to take and,
per language, groups of templates with the fillers of their slots. What comes out depends on the file
alone. `{x}` is the slot whose filler a disguise hides.
"""

from __future__ import annotations

import itertools
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from support.disguises import FOR_CHINESE, FOR_LATIN, Disguise

FOLDER = Path(__file__).parents[1] / "unit" / "policy" / "corpus"
HALVES = ("tuning", "heldout")
WEAKEST = "weakest_heldout"
"""The categories that `heldout` found weakest, written anew: a file as the halves are, for those alone."""
DISGUISES_EACH = 10
ZH_SHARE = 0.55
_HEADING = re.compile(r"# (blocked|passes)(?:: ([\w-]+))?")
_RUNS = re.compile(r"[\u4e00-\u9fff]{2,}|[a-z]+(?: [a-z]+)*")


@dataclass(frozen=True, slots=True)
class Sample:
    """A prompt of the corpus. start, end: where in it the hidden slot's filler stands."""

    category: str
    text: str
    start: int
    end: int
    chinese: bool

    def disguised(self) -> Iterator[tuple[str, str]]:
        """Ten different disguises of this prompt: (the disguise's name, the text)."""
        rng = random.Random(zlib.crc32(self.text.encode()))
        pool = list(FOR_CHINESE if self.chinese else FOR_LATIN)
        rng.shuffle(pool)
        pairs = list(itertools.permutations(pool, 2))
        rng.shuffle(pairs)
        seen = {self.text}
        for several in (*((d,) for d in pool), *pairs):
            hidden = self.text[self.start : self.end]
            for disguise in several:
                hidden = in_runs(hidden, disguise)
            text = self.text[: self.start] + hidden + self.text[self.end :]
            if text not in seen:
                seen.add(text)
                yield "+".join(d.__name__ for d in several), text
            if len(seen) > DISGUISES_EACH:
                return


def in_runs(text: str, disguise: Disguise) -> str:
    """The text with each of its Chinese and Latin runs in this disguise, where it applies."""
    return _RUNS.sub(lambda run: disguise(run.group()) or run.group(), text)


@cache
def half(name: str) -> dict[str, tuple[Sample, ...]]:
    """The samples of one half of the corpus: side → samples, in the file's order."""
    tree = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    return {
        side: tuple(s for category, part in parts.items() for s in _samples(category, part))
        for side, parts in tree.items()
    }


def sentences(name: str) -> Iterator[tuple[str, str, str]]:
    """(side, category, sentence) for each line of a file written from no template.

    Headings are `# blocked: category` and `# passes: category`; other comments are skipped."""
    side, category = "", ""
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        heading = _HEADING.fullmatch(line)
        if heading:
            side, category = heading[1], heading[2] or "any"
        elif line and line[0] != "#":
            yield side, category, line


def _samples(category: str, part: dict[str, Any]) -> Iterator[Sample]:
    wanted_zh = round(part["take"] * ZH_SHARE) if "en" in part else part["take"]
    wanted = {"zh": wanted_zh, "en": part["take"] - wanted_zh}
    for language in ("zh", "en"):
        every = list(
            dict.fromkeys(
                itertools.chain.from_iterable(
                    _filled(category, group, language == "zh") for group in part.get(language, ())
                )
            )
        )
        yield from _spread(every, wanted[language], f"{category} {language}")


def _filled(category: str, group: dict[str, Any], chinese: bool) -> Iterator[Sample]:
    for template in group["templates"]:
        slots = re.findall(r"\{(\w)\}", template)
        for fillers in itertools.product(*(group[slot] for slot in slots)):
            text, start, end = "", 0, 0
            rest = template
            for slot, filler in zip(slots, map(str, fillers), strict=True):
                before, rest = rest.split(f"{{{slot}}}", 1)
                text += before
                if slot == "x":
                    start, end = len(text), len(text) + len(filler)
                text += filler
            yield Sample(category, text + rest, start, end, chinese)


def _spread(samples: list[Sample], count: int, seed: str) -> list[Sample]:
    """That many of the samples, as far as there are, each filler as often as the others."""
    rng = random.Random(zlib.crc32(seed.encode()))
    rng.shuffle(samples)
    by_filler: dict[str, list[Sample]] = {}
    for sample in samples:
        by_filler.setdefault(sample.text[sample.start : sample.end], []).append(sample)
    rounds = itertools.zip_longest(*by_filler.values())
    chosen = [s for turn in rounds for s in turn if s is not None]
    return chosen[:count]
