"""Train the policy's n-gram models and write them to src/danqing/policy/data/ngrams.npz.

    python tools/train_policy_ngrams.py [--folds 5]

Learns from the shipped packs' own words, the tuning halves of the tests' corpus, the older lists of
prompts, and the lexicon's names as harmless ones. Never opens a held-out half. The same sources give the
same file. `--folds` prints, by cross-validation over fillers (no filler of the hidden slot is in both
parts), what each threshold would have held.
"""

from __future__ import annotations

import argparse
import io
import itertools
import random
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from danqing.policy import shipped_packs  # noqa: E402
from danqing.policy.folding import fold  # noqa: E402
from danqing.policy.ngrams import BITS, plain_text, runs, views  # noqa: E402
from support.corpus import FOLDER, half, sentences  # noqa: E402

VERSION = "2026.11"
EPOCHS = 4
RATE = 0.5
DECAY = 2e-4
THRESHOLD = 0.5
LEAST = 3
"""Weights below this, of 127, are left out: the file is a third of the size and says the same."""
COMBINATIONS = 60
ALONE = 60
FRAMES = {
    True: (
        "{}",
        "{}",
        "画一张{}",
        "帮我画{}",
        "{}的海报",
        "一幅{}的漫画",
        "{}，写实",
        "想要一张{}的图",
        "给我来个{}",
    ),
    False: (
        "{}",
        "{}",
        "a poster of {}",
        "draw {}",
        "make me {}",
        "a cartoon of {}",
        "{}, realistic",
        "picture of {}",
    ),
}
"""How people ask, by language (True: Chinese): put around words of either side; asking says nothing."""
TARGET = ROOT / "src" / "danqing" / "policy" / "data" / "ngrams.npz"
PASSES = "passes"


@dataclass(frozen=True)
class Lesson:
    """places: of its n-grams. label: a category or PASSES. group: what must not be split over folds.
    sentence: a prompt of the corpus rather than a word of a list."""

    places: npt.NDArray[np.uint32]
    label: str
    group: str
    sentence: bool


def lesson(text: str, label: str, group: str, sentence: bool = False) -> Lesson:
    text, _ = plain_text(views(fold(text))[-1])
    return Lesson(np.unique(np.concatenate([p for _, p in runs(text)])), label, group, sentence)


def from_corpus() -> list[Lesson]:
    lessons = [
        lesson(s.text, s.category, s.text[s.start : s.end], True) for s in half("tuning")["blocked"]
    ]
    lessons += [
        lesson(s.text, PASSES, s.text[s.start : s.end], True) for s in half("tuning")[PASSES]
    ]
    category = ""
    for line in (FOLDER / "blocked.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            category = line[2:]
        elif line and category != "hate":  # there from before discrimination had its own categories
            lessons.append(lesson(line, category, line, True))
    for line in (FOLDER / "passes.txt").read_text("utf-8").splitlines():
        if line and line[0] != "#":
            lessons.append(lesson(line, PASSES, line, True))
    return lessons + from_free()


def from_free() -> list[Lesson]:
    """The tuning half of what was written from no template. Its other half stays unread."""
    return [
        lesson(text, category if side == "blocked" else PASSES, text, True)
        for side, category, text in sentences("free_tuning")
    ]


def from_packs(rng: random.Random) -> list[Lesson]:
    """A rule's words, and words of its groups put together, as the list they are."""
    lessons = []
    for pack in shipped_packs():
        for rule in pack.rules:
            words = [w for w in rule.words if ":" not in w]
            if rule.action == "allow":
                lessons += [lesson(w, PASSES, w) for w in words]
                continue
            lessons += [lesson(w, rule.category, w) for w in words]
            lessons += [lesson(w, PASSES, w) for w in rule.innocent]
            for together in (rule.all_of, *rule.phrases):
                groups = [[w for w in g if ":" not in w] for g in together]
                for chinese in (True, False) if groups else ():
                    chosen = [[w for w in g if w.isascii() != chinese] for g in groups]
                    if all(chosen):
                        lessons += told(rng, rule.category, chosen, chinese)
    return lessons


def told(rng: random.Random, category: str, groups: list[list[str]], chinese: bool) -> list[Lesson]:
    """Words of the groups put together, in the groups' order or not; and one alone, which blames nobody."""
    lessons = []
    for _ in range(COMBINATIONS):
        words = [rng.choice(g) for g in groups]
        if rng.random() < 0.3:
            rng.shuffle(words)
        text = ("" if chinese else " ").join(words)
        lessons.append(lesson(rng.choice(FRAMES[chinese]).format(text), category, text))
    alone = list(itertools.chain.from_iterable(groups))
    for word in rng.sample(alone, min(ALONE, len(alone))):
        lessons.append(lesson(rng.choice(FRAMES[chinese]).format(word), PASSES, word))
    return lessons


def from_lexicon(rng: random.Random) -> list[Lesson]:
    """What people mostly ask for: every name there is, alone, in a wording, and beside another. Without
    them a short sentence is full of pieces that only lists of words to be held had."""
    from danqing.lexicon import lexicon

    alone = {
        True: ("画一张{}", "{}，水彩", "可爱的{}贴纸", "三个{}", "红色的{}", "来一个{}，谢谢"),
        False: ("a picture of {}", "{} poster", "a cute {}", "draw me {}, please", "three red {}"),
    }
    beside = {
        True: ("{}和{}", "{}在{}左边"),
        False: ("a {} and a {}", "the {} on the right of a {}"),
    }
    names = sorted({name for c in lexicon().concepts() for n in c.names.values() for name in n})
    lessons = []
    for name in names:
        chinese = not name.isascii()
        others = [other for other in rng.sample(names, 8) if other.isascii() != chinese]
        texts = [name, rng.choice(alone[chinese]).format(name)]
        texts += [rng.choice(beside[chinese]).format(name, other) for other in others[:1]]
        lessons += [lesson(text, PASSES, name) for text in texts]
    return lessons


def fit(
    lessons: list[Lesson], categories: list[str], rng: random.Random
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """AdaGrad (Duchi et al. 2011) on the log loss of every category at once."""
    size = 1 << BITS
    weights = np.zeros((size, len(categories)), np.float32)
    squares = np.full((size, len(categories)), 1e-3, np.float32)
    bias = np.full(len(categories), -2.0, np.float32)
    index = {c: i for i, c in enumerate(categories)}
    order = list(range(len(lessons)))
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for number in order:
            one = lessons[number]
            scale = np.float32(1 / np.sqrt(len(one.places)))
            logits = weights[one.places].sum(axis=0) * scale + bias
            wanted = np.zeros(len(categories), np.float32)
            if one.label != PASSES:
                wanted[index[one.label]] = 1
            error = 1 / (1 + np.exp(-logits)) - wanted
            slope = error * scale + DECAY * weights[one.places]
            squares[one.places] += slope * slope
            weights[one.places] -= RATE * slope / np.sqrt(squares[one.places])
            bias -= np.float32(0.02) * error
    return weights.T.copy(), bias


def validate(lessons: list[Lesson], categories: list[str], folds: int) -> None:
    groups = sorted({one.group for one in lessons})
    random.Random(5).shuffle(groups)
    fold_of = {group: i % folds for i, group in enumerate(groups)}
    highest: list[tuple[float, bool]] = []
    for part in range(folds):
        known = [one for one in lessons if fold_of[one.group] != part]
        weights, bias = fit(known, categories, random.Random(7))
        for one in lessons:
            if one.sentence and fold_of[one.group] == part:
                scale = 1 / np.sqrt(len(one.places))
                logits = weights[:, one.places].sum(axis=1) * scale + bias
                highest.append((float((1 / (1 + np.exp(-logits))).max()), one.label != PASSES))
    for threshold in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        caught = np.mean([p >= threshold for p, bad in highest if bad])
        wrong = np.mean([p >= threshold for p, bad in highest if not bad])
        print(f"threshold {threshold:.2f}: held {caught:6.1%} of what must not, {wrong:6.2%} else")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    rng = random.Random(3)
    lessons = [*from_corpus(), *from_packs(rng), *from_lexicon(rng)]
    lessons = [one for one in lessons if len(one.places)]
    categories = sorted({one.label for one in lessons} - {PASSES})
    print(len(lessons), "lessons,", sum(o.label == PASSES for o in lessons), "of them harmless")
    if args.folds:
        validate(lessons, categories, args.folds)
        return
    weights, bias = fit(lessons, categories, random.Random(7))
    scales = np.abs(weights).max(axis=1) / 127
    whole = np.round(weights / scales[:, None]).astype(np.int8)
    arrays = {
        "categories": np.array(categories),
        "weights": np.where(np.abs(whole) < LEAST, 0, whole).astype(np.int8),
        "scales": scales.astype(np.float32),
        "bias": bias,
        "thresholds": np.full(len(categories), THRESHOLD, np.float32),
        "version": np.array(VERSION),
    }
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED) as archive:
        for (
            name,
            array,
        ) in arrays.items():  # with a fixed date, so that the same sources give the same file
            data = io.BytesIO()
            np.save(data, array)
            entry = zipfile.ZipInfo(f"{name}.npy", (2026, 1, 1, 0, 0, 0))
            archive.writestr(entry, data.getvalue(), zipfile.ZIP_DEFLATED)
    print(TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
