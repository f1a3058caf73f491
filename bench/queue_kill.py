"""kill -9 of the server with its own worker, of those who submit and those who draw, many times, on both
databases.

    python bench/queue_kill.py [KILLS] [sqlite|postgresql …]

Ends with an error at the first job that is lost, drawn twice, charged twice or without exactly one
outcome in the ledger.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.postgres import running_cluster
from support.queue_kills import run_kills

KILLS = 300


def main() -> None:
    numbers = [int(a) for a in sys.argv[1:] if a.isdigit()]
    kills = numbers[0] if numbers else KILLS
    kinds = [a for a in sys.argv[1:] if not a.isdigit()] or ["sqlite", "postgresql"]
    for kind in kinds:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            if kind == "sqlite":
                killed = run_kills(home, None, kills=kills, seed=kills)
            else:
                with running_cluster() as cluster:
                    cluster.execute("CREATE DATABASE bench")
                    killed = run_kills(home, cluster.url("bench"), kills=kills, seed=kills)
        print(f"{kind}: {killed}")


if __name__ == "__main__":
    main()
