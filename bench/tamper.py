"""Ten thousand random falsifications of a ledger: how many are found, and named where they are.

python bench/tamper.py [TIMES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.tampering import LINES, make_ledger, tamper


def main() -> int:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        database, checkpoint = make_ledger(Path(folder))
        start = time.perf_counter()
        ways, missed = tamper(database, checkpoint, times, seed=20261122)
        database.close()
    print(f"{times} falsifications of {LINES} lines in {time.perf_counter() - start:.0f} s")
    for how, count in sorted(ways.items()):
        print(f"  {how:<24}{count:>6}")
    unfound = [m for m in missed if m[2].fault is None]
    print(
        f"not found: {len(unfound)}; found and named in the wrong place: {len(missed) - len(unfound)}"
    )
    for each in missed[:10]:
        print("  ", each)
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
