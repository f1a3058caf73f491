"""Spoilt files for every reader: no crash, no input over a second, no process over 300 MB.

    python bench/fuzz.py [--each 3000] [--seed 1] [--only PNG] [--write docs/fuzzing.md]

Each reader runs in a process of its own, so that a fault in native code is seen as one and memory
is measured from the start. Time is that of the processor, since machines are shared. `--write`
puts the table into the page, between its two marks.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

LIMIT_S, LIMIT_MB = 1.0, 300
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"


def memory_mb() -> float:
    """The most this process has had in memory."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def work(name: str, each: int, seed: int, hostile_file: str | None) -> None:
    """In a process of its own: try, and tell in one line of JSON."""
    from support.hostile import hostile
    from support.mutations import ALLOWED, mutated, targets

    target = targets()[name]
    rng = random.Random(f"{seed} {name}")
    told: dict[str, Any] = {"tried": 0, "refused": 0, "slowest_s": 0.0, "faults": []}
    for data in target.seeds:
        target.read(data)  # libraries load, so that the first mutation isn't blamed for it

    def attempt(data: bytes) -> None:
        start = time.process_time()
        try:
            target.read(data)
        except ALLOWED:
            told["refused"] += 1
        except Exception as fault:
            told["faults"].append(f"{type(fault).__name__}: {fault} ({len(data)} bytes)"[:200])
        told["slowest_s"] = max(told["slowest_s"], time.process_time() - start)
        told["tried"] += 1

    if hostile_file is None:
        told["before_mb"] = memory_mb()
        for _ in range(each):
            attempt(mutated(rng.choice(target.seeds), rng.choice(target.seeds), rng))
    else:
        data = hostile()[hostile_file][1]()
        told["size_mb"], told["before_mb"] = len(data) / 1e6, memory_mb()
        attempt(data)
    print(json.dumps({**told, "memory_mb": memory_mb()}))


def measure(name: str, each: int, seed: int, hostile_file: str | None = None) -> dict[str, Any]:
    command = [sys.executable, __file__, "--work", name, "--each", str(each), "--seed", str(seed)]
    command += ["--hostile-file", hostile_file] if hostile_file else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return told
    fault = f"exit {done.returncode}: {done.stderr[-300:]}"
    return {"tried": 0, "refused": 0, "slowest_s": 0.0, "memory_mb": 0.0, "before_mb": 0.0,
            "size_mb": 0.0, "faults": [fault]}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--each", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--hostile-file", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        work(asked.work, asked.each, asked.seed, asked.hostile_file)
        return 0
    from support.hostile import hostile
    from support.mutations import targets

    good, rows, hostile_rows = True, [], []
    for name in [asked.only] if asked.only else targets():
        if asked.each:
            told = measure(name, asked.each, asked.seed)
            good = good and holds(told)
            rows.append(
                f"| {name} | {told['tried']:,} | {told['refused']:,} | {len(told['faults'])} |"
                f" {1e3 * told['slowest_s']:.0f} | {told['before_mb']:.0f} |"
                f" {told['memory_mb']:.0f} |"
            )
            print(rows[-1], *told["faults"][:3], flush=True)
        for title, (reader, _) in hostile().items():
            if reader == name:
                told = measure(name, 0, asked.seed, title)
                good = good and holds(told)
                hostile_rows.append(
                    f"| {title} | {told['size_mb']:.2f} | {len(told['faults'])} |"
                    f" {1e3 * told['slowest_s']:.0f} | {told['before_mb']:.0f} |"
                    f" {told['memory_mb']:.0f} |"
                )
                print(hostile_rows[-1], *told["faults"][:3], flush=True)
    if asked.write:
        write(asked.write, rows, hostile_rows, asked.seed)
    return 0 if good else 1


def holds(told: dict[str, Any]) -> bool:
    """No fault, no input over a second, no process over 300 MB."""
    slow, large = told["slowest_s"] > LIMIT_S, told["memory_mb"] > LIMIT_MB
    return not (told["faults"] or slow or large)


def write(page: Path, rows: list[str], hostile_rows: list[str], seed: int) -> None:
    text = page.read_text("utf-8")
    columns = " faults | slowest, ms | memory before, MB | at most, MB |"
    table = "\n".join(
        (f"| reader | tried | refused |{columns}", "|---|--:|--:|--:|--:|--:|--:|", *rows)
    )
    asked = "\n".join((f"| file | MB |{columns}", "|---|--:|--:|--:|--:|--:|", *hostile_rows))
    told = f"{datetime.now(UTC):%Y-%m-%d}, seed {seed}.\n\n{table}\n\n{asked}"
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
