"""The server under load, and how soon it answers.

    python bench/serve.py start   [--runs 5]
    python bench/serve.py overhead [--pictures 50] [--engine test-card] [--size 256]
    python bench/serve.py clients [--clients 200] [--seconds 300]

The load comes from this process, the server is another one (`danqing serve` in a home of its own).

start     from the command to the first answered request, median.
overhead  one client, one picture after another, each of a sentence of its own: what POST
          /v1/images/generations takes, less what the same road takes called directly (`flow.draw`:
          reading, policy, engine, check, labels, store), in turns with it, in a process that has drawn
          just before; medians. The baseline is that whole labelled road, not the engine alone: what is
          over it is the queue and HTTP (and httpx here), nothing of the labels or the store.
clients   each client is a person at a browser: looks at something about once a second, and every
          twentieth time asks for a picture. Counts every status; anything but 2xx and a 429 or 503
          with Retry-After is an error. Latencies of what doesn't draw, and the server's memory at the
          beginning and the end.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count, islice
from pathlib import Path

import httpx

SERVE = "import sys; from danqing.cli import main; sys.exit(main())"
LOOKS = ("/healthz", "/", "/v1/models", "/api/artworks?limit=5", "/api/jobs?limit=5", "/api/session",
         "/sdapi/v1/progress", "/api/engines")  # fmt: skip
DRAWS_EVERY = 20
PROMPT = "三只红色的猫"
NUMBERS, COLOURS = "一两三四五六七八九", "红橙黄绿蓝紫黑白"
ANIMALS = ("猫", "狗", "兔子", "熊猫", "老虎", "马", "牛", "羊", "猴子", "鸡", "鸭子", "鱼")
IN_A_ROW, COLD = 10, 3


@contextmanager
def server(engine: str, port: int) -> Iterator[tuple[int, float]]:
    """(process id, seconds until the first answer) of a server in a new home."""
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, "DANQING_HOME": home, "DANQING_ENGINE": engine}
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "serve", "--port", str(port)],
            env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            while True:
                try:
                    httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5)
                    break
                except httpx.TransportError:
                    if process.poll() is not None:
                        raise SystemExit("the server ended") from None
                    time.sleep(0.005)
            yield process.pid, time.perf_counter() - began
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def start(runs: int, port: int) -> None:
    taken: list[float] = []
    for _ in range(runs + 1):  # the first brings the files into the system's cache
        with server("mini", port) as (_, seconds):
            taken.append(seconds)
    print(f"serve to first answered request: {statistics.median(taken[1:]):.2f} s "
          f"(median of {runs}; load {os.getloadavg()[0]:.1f})")  # fmt: skip


def overhead(pictures: int, engine: str, size: int, port: int) -> None:
    """Ten pictures down the road here, ten over HTTP, and so on: whatever else the machine does meets
    both. The first few of each ten find their process out of the processor's caches, and aren't counted."""
    bodies = {
        form: {"size": f"{size}x{size}", "response_format": form} for form in ("url", "b64_json")
    }
    taken: dict[str, list[float]] = {"alone": [], "url": [], "b64_json": []}
    with (
        server(engine, port),
        road_alone(engine, size) as draw_alone,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        asks: dict[str, Callable[[int], object]] = {"alone": draw_alone} | {
            form: partial(draw_over_http, client, body) for form, body in bodies.items()
        }
        seeds = count()  # each its own, and so its sentence: what was there before is known already
        for turn in range(-1, pictures // IN_A_ROW):
            for name, ask in asks.items():
                for n, seed in enumerate(islice(seeds, IN_A_ROW)):
                    began = time.perf_counter()
                    ask(seed)
                    if turn >= 0 and n >= COLD:
                        taken[name].append((time.perf_counter() - began) * 1000)
    alone = statistics.median(taken["alone"])
    print(f"{engine} {size}²: the road alone {alone:.1f} ms", end="")
    for form in bodies:
        median = statistics.median(taken[form])
        print(f"; over HTTP ({form}) {median:.1f} ms, so {median - alone:.1f} over it", end="")
    print(f"; medians of {pictures}, load {os.getloadavg()[0]:.1f}")


def sentence(number: int) -> str:
    """One of 864 of the same length, in turn: `三只红色的猫`."""
    which, number = number % len(ANIMALS), number // len(ANIMALS)
    colour, number = number % len(COLOURS), number // len(COLOURS)
    return f"{NUMBERS[number % len(NUMBERS)]}只{COLOURS[colour]}色的{ANIMALS[which]}"


def draw_over_http(client: httpx.Client, body: dict[str, str], seed: int) -> None:
    asked = {**body, "prompt": sentence(seed), "seed": seed}
    client.post("/v1/images/generations", json=asked).raise_for_status()


@contextmanager
def road_alone(engine: str, size: int) -> Iterator[Callable[[int], None]]:
    """Draws one picture of a seed down the same road in this process, without queue or HTTP."""
    from danqing.flow import draw
    from danqing.request import make_prompt, make_request, read
    from danqing.services import build
    from danqing.settings import Settings

    with tempfile.TemporaryDirectory() as home, build(Settings(Path(home))) as services:

        def draw_alone(seed: int) -> None:
            request = make_request(
                read(make_prompt(sentence(seed)), services.shelf.words()), seeds=(seed,),
                width_px=size, height_px=size, engine=engine,
            )  # fmt: skip
            for _ in draw(services, request):
                pass

        yield draw_alone


async def one_client(
    base: str, ends: float, counts: Counter[str], looks: list[float], rng: random.Random
) -> None:
    """A connection of their own, as a browser has: of a pool shared by 200, httpx looks through all
    for each request, which takes longer than the server does."""
    async with httpx.AsyncClient(base_url=base, timeout=30, verify=False) as client:
        await look_and_draw(client, ends, counts, looks, rng)


async def look_and_draw(
    client: httpx.AsyncClient,
    ends: float,
    counts: Counter[str],
    looks: list[float],
    rng: random.Random,
) -> None:
    await asyncio.sleep(rng.random())
    turn = rng.randrange(DRAWS_EVERY)
    while time.monotonic() < ends:
        turn += 1
        began = time.perf_counter()
        try:
            if turn % DRAWS_EVERY == 0:
                body = {"prompt": PROMPT, "n": 1, "width_px": 128, "height_px": 128}
                answer = await client.post("/api/jobs", json=body)
                kind = "draw"
            else:
                answer = await client.get(rng.choice(LOOKS))
                kind = "look"
        except httpx.TransportError as problem:
            counts[f"error {type(problem).__name__}"] += 1
            continue
        honest = answer.status_code in (429, 503) and "retry-after" in answer.headers
        if answer.is_success or honest:
            counts[f"{kind} {answer.status_code}"] += 1
        else:
            counts[f"error {kind} {answer.status_code}"] += 1
        if kind == "look":
            looks.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(rng.uniform(0.5, 1.5))


def clients(how_many: int, seconds: float, port: int) -> None:
    counts: Counter[str] = Counter()
    looks: list[float] = []

    async def all_of_them() -> None:
        base, ends = f"http://127.0.0.1:{port}", time.monotonic() + seconds
        await asyncio.gather(
            *(one_client(base, ends, counts, looks, random.Random(i)) for i in range(how_many))
        )

    with server("test-card", port) as (pid, _):
        warm_up(port)
        before = resident_mib(pid)
        gc.freeze()  # a pause of ours would be counted as the server's
        asyncio.run(all_of_them())
        after = resident_mib(pid)
    looks.sort()
    p50, p99 = looks[len(looks) // 2], looks[int(len(looks) * 0.99)]
    print(f"{how_many} clients, {seconds:.0f} s: {sum(counts.values())} requests, {dict(counts)}")
    print(f"not drawing: median {p50:.1f} ms, p99 {p99:.1f} ms; memory {before:.0f} → "
          f"{after:.0f} MiB; load {os.getloadavg()[0]:.1f}")  # fmt: skip


def warm_up(port: int) -> None:
    """Everything once, so that what loads on first use is there."""
    base = f"http://127.0.0.1:{port}"
    for path in LOOKS:
        httpx.get(f"{base}{path}", timeout=60)
    body = {"prompt": PROMPT, "size": "128x128", "n": 4}
    httpx.post(f"{base}/v1/images/generations", json=body, timeout=120).raise_for_status()


def resident_mib(pid: int) -> float:
    """The process' resident memory, in MiB (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("start", "overhead", "clients"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pictures", type=int, default=50)
    parser.add_argument("--engine", default="test-card")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--port", type=int, default=18765)
    asked = parser.parse_args()
    if asked.what == "start":
        start(asked.runs, asked.port)
    elif asked.what == "overhead":
        overhead(asked.pictures, asked.engine, asked.size, asked.port)
    else:
        clients(asked.clients, asked.seconds, asked.port)


if __name__ == "__main__":
    main()
