"""What deciding on a prompt costs, with the shipped packs and 50,000 words more; and how often it is
right, on both halves of the tests' corpus, by category.

    python bench/policy.py [--words 50000] [--half tuning] [--half heldout] [--half weakest_heldout]

Times are processor time, medians; prompts are cut from the tests' harmless ones.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from pathlib import Path

import yaml

from danqing.policy import load_pack, shipped_packs
from danqing.policy.judging import Judge
from danqing.policy.ngrams import shipped_ngrams
from danqing.policy.tables import readings

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.corpus import HALVES, WEAKEST
from support.policy_bars import free, tally

FREE = ("free_tuning", "free_heldout", "fresh")
CORPUS = Path(__file__).parents[1] / "tests" / "unit" / "policy" / "corpus" / "passes.txt"


def random_pack(words: int) -> bytes:
    """A pack of this many made-up words, nine in ten Chinese."""
    rng = random.Random(1)
    characters = sorted(readings())
    made: set[str] = set()
    while len(made) < words:
        chinese = rng.random() < 0.9
        letters = characters if chinese else "abcdefghijklmnoprstuw"
        length = rng.choice((2, 3, 3, 4)) if chinese else rng.randint(5, 9)
        made.add("".join(rng.choice(letters) for _ in range(length)))
    rule = {"id": "made/up", "words": sorted(made)}
    category = {
        "id": "made", "risk": "A.1.h", "action": "refuse", "article": "bench",
        "explanation": {"en": "Made up."}, "rules": [rule],
    }  # fmt: skip
    pack = {"format": "danqing-rules/1", "name": "made", "version": "1", "categories": [category]}
    return yaml.safe_dump(pack, allow_unicode=True).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=50_000)
    files = [*HALVES, WEAKEST]
    parser.add_argument("--half", choices=files, action="append", default=[])
    args = parser.parse_args()
    measure_time(args.words)
    for name in FREE:
        print(f"\n{name}")
        print("\n".join(free(Judge(shipped_packs(), ngrams=shipped_ngrams()), name).lines()))
    for name in args.half or files:
        print(f"\n{name}")
        started = time.process_time()
        print("\n".join(tally(Judge(shipped_packs(), ngrams=shipped_ngrams()), name).lines()))
        print(f"{time.process_time() - started:.1f} s")


def measure_time(words: int) -> None:
    data = random_pack(words)

    started = time.process_time()
    shipped = shipped_packs()
    print(f"shipped packs read: {time.process_time() - started:.3f} s (pydantic and yaml imported)")
    started = time.process_time()
    Judge(shipped, ngrams=shipped_ngrams()).findings("一只熊猫 and a cat")
    print(f"compiled, first prompt: {time.process_time() - started:.3f} s")
    started = time.process_time()
    judge = Judge((*shipped, load_pack(data)), ngrams=shipped_ngrams())
    judge.findings("一只熊猫 and a cat")
    print(f"the same with {words} words more: {time.process_time() - started:.3f} s")
    started = time.process_time()
    judge.findings("穿t恤的熊猫")
    print(f"the first prompt with a letter by itself: {time.process_time() - started:.3f} s")

    lines = [x for x in CORPUS.read_text("utf-8").splitlines() if x and x[0] != "#"]
    sources = {
        "Chinese": "，".join(x for x in lines if not x.isascii()),
        "English": ", ".join(x for x in lines if x.isascii()),
    }
    sources["with a letter by itself"] = "穿t恤的熊猫，" + sources["Chinese"]
    for name, source in sources.items():
        for length in (200, 2000):
            took = []
            for turn in range(40):
                prompt = (source[turn * 89 :] + source)[:length]
                started = time.process_time()
                judge.findings(prompt)
                took.append(time.process_time() - started)
            print(f"{name}, {length} characters: {statistics.median(took) * 1000:.2f} ms")


if __name__ == "__main__":
    main()
