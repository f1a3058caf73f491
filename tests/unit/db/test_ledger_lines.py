from __future__ import annotations

import hmac
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from danqing.db import Database, Event, LedgerCheck, open_database
from danqing.errors import StoreDamaged, StoreError

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "home")
    with opened.write() as connection:
        for n in range(6):
            event = Event("request", NOW, {"n": n, "prompt": "熊猫"}, f"b{n}", "p")
            opened.ledger.append(connection, event)
    yield opened
    opened.close()


def verify(database: Database) -> LedgerCheck:
    with database.read() as connection:
        return database.ledger.verify(connection)


def tamper(database: Database, *statements: str) -> None:
    """As someone who has the file and knows SQL would."""
    with closing(sqlite3.connect(database.file)) as raw, raw:
        for trigger in ("ledger_no_update", "ledger_no_delete", "ledger_head_no_delete"):
            raw.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            raw.execute(statement)


def test_a_sound_ledger_verifies(database: Database) -> None:
    check = verify(database)
    assert (check.lines, check.fault) == (6, None)


def test_the_documented_formula_gives_the_same_hashes(database: Database) -> None:
    """Written from docs/ledger.md alone."""
    previous = bytes(32)
    with closing(sqlite3.connect(database.file)) as raw:
        raw.row_factory = sqlite3.Row
        for row in raw.execute("SELECT * FROM ledger ORDER BY seq"):
            facts_sha256 = sha256(f"{row['salt']}{row['facts']}".encode()).hexdigest()
            line = {k: row[k] for k in ("at", "batch_id", "kind", "person_id", "seq")}
            line["facts_sha256"] = facts_sha256
            body = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            previous = sha256(previous + body.encode()).digest()
            assert row["hash"] == previous.hex()
        head = raw.execute("SELECT seq, hash, seal FROM ledger_head").fetchone()
    key = bytes.fromhex((database.home / "keys" / "ledger.key").read_text())
    sealed = f'{{"hash":"{previous.hex()}","seq":6}}'
    assert head["hash"] == previous.hex()
    assert head["seal"] == hmac.new(key, sealed.encode(), sha256).hexdigest()


def test_sql_alone_changes_nothing(database: Database) -> None:
    for statement in (
        "UPDATE ledger SET kind = 'vote' WHERE seq = 3",
        "DELETE FROM ledger",
        "DELETE FROM ledger_head",
    ):
        with pytest.raises(StoreError, match="append-only"), database.write() as connection:
            connection.execute(text(statement))
    assert verify(database).fault is None


@pytest.mark.parametrize(
    ("statements", "seq", "what"),
    [
        (["UPDATE ledger SET facts = replace(facts, '熊猫', '老虎') WHERE seq = 3"], 3, "changed"),
        (["UPDATE ledger SET facts = CAST(facts AS BLOB) WHERE seq = 3"], 3, "changed"),
        (["UPDATE ledger SET facts = CAST(x'ff' AS TEXT) WHERE seq = 3"], 3, "changed"),
        (["UPDATE ledger SET salt = ' ' || salt WHERE seq = 3"], 3, "changed"),
        (["UPDATE ledger SET kind = 'artwork' WHERE seq = 1"], 1, "changed"),
        (["UPDATE ledger SET person_id = NULL WHERE seq = 2"], 2, "changed"),
        (["UPDATE ledger SET at = '2020' WHERE seq = 6"], 6, "changed"),
        (["UPDATE ledger SET hash = upper(hash) WHERE seq = 4"], 4, "changed"),
        (["UPDATE ledger SET prev_hash = hash WHERE seq = 4"], 4, "unlinked"),
        (["DELETE FROM ledger WHERE seq = 3"], 3, "missing"),
        (["DELETE FROM ledger WHERE seq = 1"], 1, "missing"),
        (
            ["DELETE FROM ledger WHERE seq = 3", "UPDATE ledger SET seq = seq - 1 WHERE seq > 3"],
            3,
            "unlinked",
        ),
        (
            ["UPDATE ledger SET seq = 9 WHERE seq = 2", "UPDATE ledger SET seq = 2 WHERE seq = 3",
             "UPDATE ledger SET seq = 3 WHERE seq = 9"],
            2,
            "unlinked",
        ),
        (["DELETE FROM ledger WHERE seq = 6"], 6, "cut"),
        (["DELETE FROM ledger"], 1, "cut"),
        (
            ["DELETE FROM ledger WHERE seq = 6", "UPDATE ledger_head SET seq = 5"],
            5,
            "unsealed",
        ),
        (
            ["DELETE FROM ledger WHERE seq = 6",
             "UPDATE ledger_head SET seq = 5, hash = (SELECT hash FROM ledger WHERE seq = 5)"],
            5,
            "unsealed",
        ),
        (["UPDATE ledger_head SET seal = seal || '0'"], 6, "unsealed"),
        (["UPDATE ledger_head SET seal = 5"], 6, "unsealed"),
        (["DELETE FROM ledger_head"], 6, "unsealed"),
    ],
)  # fmt: skip
def test_tampering_is_found_where_it_was(
    database: Database, statements: list[str], seq: int, what: str
) -> None:
    tamper(database, *statements)
    fault = verify(database).fault
    assert fault is not None
    assert (fault.seq, fault.what) == (seq, f"ledger.{what}")


def test_a_line_put_in_is_found(database: Database) -> None:
    tamper(
        database,
        "INSERT INTO ledger SELECT 7, kind, batch_id, person_id, at, salt, facts, facts_sha256,"
        " prev_hash, hash FROM ledger WHERE seq = 6",
    )
    fault = verify(database).fault
    assert fault is not None
    assert fault.seq == 7


def test_a_broken_seal_is_never_renewed(database: Database) -> None:
    tamper(database, "DELETE FROM ledger WHERE seq = 6", "UPDATE ledger_head SET seq = 5")
    with pytest.raises(StoreDamaged, match="unsealed"), database.write() as connection:
        database.ledger.append(connection, Event("vote", NOW, {}))


def test_lines_cut_from_the_end_stay_missed_after_more_are_added(database: Database) -> None:
    tamper(database, "DELETE FROM ledger WHERE seq = 6")
    with database.write() as connection:
        database.ledger.append(connection, Event("vote", NOW, {}))
    fault = verify(database).fault
    assert fault is not None
    assert fault.seq == 6


@pytest.mark.parametrize("spoil", [lambda f: f.unlink(), lambda f: f.write_text("zz")])
def test_without_its_key_the_ledger_says_so(
    database: Database, spoil: Callable[[Path], object]
) -> None:
    spoil(database.home / "keys" / "ledger.key")
    again = open_database(database.home)
    with pytest.raises(StoreDamaged, match="no_key"):
        verify(again)
    again.close()


def test_a_failed_transaction_leaves_no_line(database: Database) -> None:
    def fails() -> None:
        with database.write() as connection:
            database.ledger.append(connection, Event("vote", NOW, {}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert verify(database).lines == 6


def test_two_processes_append_at_once(database: Database) -> None:
    code = (
        "import pathlib, datetime; from danqing.db import Event, open_database\n"
        f"d = open_database(pathlib.Path({str(database.home)!r}))\n"
        "now = datetime.datetime.now(datetime.UTC)\n"
        "for n in range(60):\n"
        "    with d.write(lasting=False) as c: d.ledger.append(c, Event('vote', now, {'n': n}))\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    assert [run.wait() for run in runs] == [0, 0]
    check = verify(database)
    assert (check.lines, check.fault) == (126, None)
