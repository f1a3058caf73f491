"""kill -9 at 300 random moments while drawing: is anything lost after the next start?

    python bench/kill.py [TIMES] [POSTGRESQL-URL]

With a URL (of an empty database) the rows are in PostgreSQL, and its server lives on.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.killing import drawer, kill_at_random


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    url = sys.argv[2] if len(sys.argv) > 2 else None
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, drawer(Path(folder), url) as drawing:
        artworks = kill_at_random(drawing, times, seed=20261122)
    print(f"{times} kills in {time.perf_counter() - start:.0f} s: {artworks} artworks, none lost,")
    print("each with its ledger line, every line with its outcome, no half file")


if __name__ == "__main__":
    main()
