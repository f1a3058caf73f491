"""kill -9 at 300 random moments while drawing: is anything lost after the next start?

    python bench/kill.py [--times 300] [--database sqlite|postgresql|URL ...]

Sentences go down the whole road, with the test card for an engine: policy, label, watermark, signature,
ledger, file. `postgresql` is a throw-away server, a URL that of an empty database; the server lives on,
whoever draws is killed. Ends with an error at the first thing that is lost, half there or unaccounted for.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.killing import drawer, kill_at_random
from support.postgres import running_cluster


@contextmanager
def address_of(database: str) -> Iterator[str | None]:
    """What `open_database` takes; None for SQLite."""
    if database != "postgresql":
        yield None if database == "sqlite" else database
        return
    with running_cluster() as cluster:
        cluster.execute("CREATE DATABASE bench")
        yield cluster.url("bench")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=300)
    parser.add_argument("--database", nargs="+", default=["sqlite"])
    asked = parser.parse_args()
    for database in asked.database:
        start = time.perf_counter()
        with (
            tempfile.TemporaryDirectory() as folder,
            address_of(database) as url,
            drawer(Path(folder), url) as drawing,
        ):
            artworks = kill_at_random(drawing, asked.times, seed=20261122)
        seconds = time.perf_counter() - start
        kind = database.partition(":")[0]
        print(f"{kind}: {asked.times} kills in {seconds:.0f} s, {artworks} artworks, none lost,")
        print("each with its ledger line, every line with its outcome, no half file", flush=True)


if __name__ == "__main__":
    main()
