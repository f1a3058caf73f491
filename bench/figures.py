"""The figures of the whole: import, cold draw, warm draw, peak memory, install size.

    python bench/figures.py [--engine mini] [--runs 5]

Medians of whole processes, or for the warm draw of calls in one process; the load beside them, since
two busy cores can double every one of these. Labelling by itself is in labels.py, the picture check in
picture_check.py.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

PROMPT = "纽约唐人街小孩吃烧卖"
THING = "一只猫"
BATCH, NATIVE_PX = 24, 128
DRAW = "import sys; from danqing.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Cost:
    """Of one process. rss_mb: its largest resident set, in MiB."""

    wall_s: float
    core_s: float
    rss_mb: float


def cost_of(arguments: Sequence[str], environ: dict[str, str]) -> Cost:
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], env=environ, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments} ended with {process.returncode}")
    return Cost(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median_cost(arguments: Sequence[str], environ: dict[str, str], runs: int) -> Cost:
    """After one run that is not counted, which brings the files into the system's cache."""
    cost_of(arguments, environ)
    costs = [cost_of(arguments, environ) for _ in range(runs)]
    return Cost(*(statistics.median(getattr(c, f) for c in costs) for f in Cost.__annotations__))


def warm_draw_s(engine: str, folder: Path, runs: int) -> tuple[float, float]:
    """(wall, processor) seconds of one picture with all labels, in a process that drew before."""
    from danqing import Studio

    walls, cores = [], []
    with Studio(folder / "warm-home") as studio:
        studio.draw(PROMPT, engine=engine, out=folder / "warm")
        for _ in range(runs):
            wall, core = time.perf_counter(), time.process_time()
            studio.draw(PROMPT, engine=engine, out=folder / "warm")
            walls.append(time.perf_counter() - wall)
            cores.append(time.process_time() - core)
    return statistics.median(walls), statistics.median(cores)


def engine_s(engine: str, prompt: str, side_px: int, pictures: int, runs: int) -> float:
    """Wall seconds of the engine for so many pictures in one call, without the road around it."""
    from danqing.engines.protocol import Rng, Spec
    from danqing.engines.registry import load_engine
    from danqing.request import make_prompt, read

    drawn_by = load_engine(engine)
    brief = read(make_prompt(prompt)).brief
    specs = [Spec(prompt, "zh-Hans", brief, side_px, side_px)] * pictures
    walls = []
    for _ in range(runs + 1):
        began = time.perf_counter()
        for _ in drawn_by.generate(specs, [Rng(seed) for seed in range(pictures)]):
            pass
        walls.append(time.perf_counter() - began)
    return statistics.median(walls[1:])


def installed_bytes() -> int:
    """Of danqing and all it needs without extras."""
    wanted, seen, total = ["danqing"], set(), 0
    while wanted:
        name = wanted.pop().lower().replace("_", "-")
        if name in seen:
            continue
        seen.add(name)
        found = distribution(name)
        for file in found.files or ():
            path = Path(str(found.locate_file(file)))
            total += path.stat().st_size if path.is_file() else 0
        for text in found.requires or ():
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append(requirement.name)
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", default="mini")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = os.environ | {"DANQING_HOME": str(folder / "home")}
        draw = ["-c", DRAW, "draw", PROMPT, "--engine", options.engine, "--out", f"{folder}/out/"]
        load = os.getloadavg()[0]
        first = cost_of(draw, environ)
        rows = [
            ("python, nothing imported", median_cost(["-c", ""], environ, options.runs)),
            ("import danqing", median_cost(["-c", "import danqing"], environ, options.runs)),
            ("danqing version", median_cost(["-c", DRAW, "version"], environ, options.runs)),
            ("danqing draw, first run of a home", first),
            ("danqing draw, cold to file", median_cost(draw, environ, options.runs)),
        ]
        warm_s, warm_core_s = warm_draw_s(options.engine, folder, options.runs)
        alone = {
            f"engine alone, {prompt}, 512 px": engine_s(
                options.engine, prompt, 512, 1, options.runs
            )
            for prompt in (THING, PROMPT)
        }
        batch_s = engine_s(options.engine, THING, NATIVE_PX, BATCH, options.runs)
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, engine {options.engine}")
    print(f"{'':36}{'wall s':>8}{'core s':>8}{'MiB':>8}")
    for label, cost in rows:
        print(f"{label:36}{cost.wall_s:8.2f}{cost.core_s:8.2f}{cost.rss_mb:8.0f}")
    print(f"{'one picture, warm, all labels':36}{warm_s:8.2f}{warm_core_s:8.2f}")
    for label, wall_s in alone.items():
        print(f"{label:36}{wall_s:8.2f}")
    print(f"{BATCH} at {NATIVE_PX} px in one call: {BATCH / batch_s:.1f} pictures/s")
    print(f"{'base install (files, unpacked)':36}{installed_bytes() / 2**20:24.0f}")


if __name__ == "__main__":
    main()
