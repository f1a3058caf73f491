"""Some hundreds of random falsifications; `bench/tamper.py` does ten thousand."""

from __future__ import annotations

from pathlib import Path

from danqing.db import open_database
from support.tampering import LINES, make_ledger, tamper


def test_every_falsification_is_found_and_its_place_named(tmp_path: Path) -> None:
    database, checkpoint = make_ledger(tmp_path)
    ways, missed = tamper(database, checkpoint, 600, seed=20261122)
    assert missed == []
    assert len(ways) >= 15, ways
    with database.read() as connection:  # nothing of it stayed
        check = database.ledger.verify(connection, checkpoint)
    assert (check.lines, check.fault) == (LINES, None)
    database.close()


def test_without_a_checkpoint_only_whoever_has_the_key_gets_away(tmp_path: Path) -> None:
    database, checkpoint = make_ledger(tmp_path)
    verify = database.ledger.verify
    database.ledger.verify = lambda connection, _: verify(connection)  # type: ignore[method-assign]
    _, missed = tamper(database, checkpoint, 400, seed=7)
    unfound = {done.how for _, done, check in missed if check.fault is None}
    assert unfound == {"rewrite with the key"}
    database.close()
    open_database(tmp_path).close()
