"""Thousands of changes to signed files: what becomes of each, and that none is believed to say
something else.

    python bench/flips.py [--each 1000] [--seed 1]

Half of the changes fall anywhere in a file, half in and around its manifest.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

STATES = ("invalid", "unreadable", "none", "valid", "trusted")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    from support.flips import count, signed_files

    total: Counter[str] = Counter()
    print("| file | bytes |", " | ".join(STATES), "|")
    print("|---|--:|" + "--:|" * len(STATES))
    for name, data in signed_files().items():
        states = count(name, asked.each, asked.seed)
        total += states
        row = " | ".join(str(states[state]) for state in STATES)
        print(f"| {name} | {len(data):,} | {row} |", flush=True)
    print(f"| together | | {' | '.join(str(total[state]) for state in STATES)} |")


if __name__ == "__main__":
    main()
