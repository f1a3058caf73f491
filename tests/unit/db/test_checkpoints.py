"""Checkpoints and exports: what they prove, and what an outsider can check with the script alone."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from danqing.db import Database, Event, open_database
from danqing.db.checkpoints import (
    MOST_POSTS,
    Checkpoint,
    CheckpointKey,
    make_checkpoint,
    public_key_of,
    read_checkpoint,
)
from danqing.db.exporting import export_lines
from danqing.db.retention import forget
from danqing.errors import InputError, StoreDamaged
from support.tampering import Falsifier

NOW = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
SCRIPT = Path(__file__).resolve().parents[3] / "docs" / "check_ledger.py"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "home")
    add(opened, 20)
    yield opened
    opened.close()


def add(database: Database, count: int) -> None:
    with database.write(lasting=False) as connection:
        for n in range(count):
            event = Event("request", NOW + timedelta(days=n), {"prompt": f"熊猫 {n}"}, f"b{n}", "p")
            database.ledger.append(connection, event)


def checkpoint_of(database: Database) -> Checkpoint:
    with database.read() as connection:
        key = CheckpointKey(database.home / "keys").load_or_create()
        return make_checkpoint(connection, database.ledger, key, NOW)


def export(database: Database, file: Path, *, contents: bool = True) -> list[str]:
    made = checkpoint_of(database)
    with database.read() as connection:
        lines = list(export_lines(connection, database.ledger, made, contents=contents))
    file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return lines


def check_with_the_script(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SCRIPT), *map(str, files)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_checkpoint_comes_back_from_its_file(database: Database, tmp_path: Path) -> None:
    made = checkpoint_of(database)
    file = tmp_path / "c.json"
    file.write_text(json.dumps(made.as_json()), "utf-8")
    assert read_checkpoint(file) == made
    assert (made.seq, len(made.posts)) == (20, 19)
    assert public_key_of(database.home / "keys" / "checkpoint.pub.pem") == made.key


def test_posts_stay_few_however_long_the_ledger(database: Database) -> None:
    add(database, 600)
    made = checkpoint_of(database)
    assert len(made.posts) <= MOST_POSTS
    assert [seq for seq, _ in made.posts][:2] == [4, 8]
    with database.read() as connection:
        assert database.ledger.verify(connection, made).fault is None


@pytest.mark.parametrize("what", ["edit", "drop", "add", "swap"])
def test_a_rewrite_is_named_between_two_posts(database: Database, what: str) -> None:
    add(database, 600)
    made = checkpoint_of(database)
    add(database, 5)
    falsifier = Falsifier(database, random.Random(3))
    with database.write() as connection:
        for trigger in ("ledger_no_update", "ledger_no_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        first = falsifier.mend_and_seal(connection, what).first
        without = database.ledger.verify(connection)
        fault = database.ledger.verify(connection, made).fault
    assert without.fault is None, "the rewrite isn't as good as it should be"
    assert fault is not None
    assert fault.last_seq is not None
    assert fault.seq <= first <= fault.last_seq
    assert fault.last_seq - fault.seq < 4


def test_a_faulty_ledger_is_never_signed(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("DROP TRIGGER ledger_no_update")
        connection.exec_driver_sql("UPDATE ledger SET kind = 'vote' WHERE seq = 5")
    with pytest.raises(StoreDamaged, match=r"ledger\.changed"):
        checkpoint_of(database)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seq": 19}, "forged"),
        ({"hash": "0" * 64}, "forged"),
        ({"posts": []}, "forged"),
        ({"signature": "00" * 64}, "forged"),
        ({"signature": "zz"}, "forged"),
        ({"key": "00" * 32}, "forged"),
        ({"key": "00"}, "unreadable"),
        ({"format": "another"}, "unreadable"),
        ({"posts": [["a", "b"]]}, "unreadable"),
        ({"posts": 5}, "unreadable"),
        ({"seq": "20"}, "unreadable"),
    ],
)
def test_a_changed_checkpoint_proves_nothing(
    database: Database, tmp_path: Path, change: dict[str, object], code: str
) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps(asdict(checkpoint_of(database)) | change), "utf-8")
    with pytest.raises(InputError, match=f"checkpoint_{code}"):
        read_checkpoint(file)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff\xfe", b'{"checkpoint": 3}', b"nul"])
def test_a_file_that_is_no_checkpoint_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "c.json").write_bytes(content)
    for file in (tmp_path / "c.json", tmp_path / "none", tmp_path):
        with pytest.raises(InputError, match="checkpoint_unreadable"):
            read_checkpoint(file)


def test_the_key_is_its_owners_alone_and_stays(database: Database) -> None:
    one, two = checkpoint_of(database), checkpoint_of(database)
    assert one == two  # Ed25519 is deterministic, and the clock stood still
    assert (database.home / "keys" / "checkpoint.key.pem").stat().st_mode & 0o777 == 0o600
    (database.home / "keys" / "checkpoint.key.pem").write_text("no key")
    with pytest.raises(StoreDamaged, match="no_key"):
        checkpoint_of(database)


@pytest.mark.parametrize("contents", [True, False])
def test_an_outsider_can_check_an_export(
    database: Database, tmp_path: Path, contents: bool
) -> None:
    early = checkpoint_of(database)
    (tmp_path / "early.json").write_text(json.dumps(early.as_json()), "utf-8")
    add(database, 5)
    with database.write() as connection:
        later = NOW + timedelta(days=400)
        forget(
            connection, database.ledger, before=NOW + timedelta(days=3), now=later, person_id="p"
        )
    lines = export(database, tmp_path / "l.jsonl", contents=contents)
    assert ("熊猫" in "".join(lines)) == contents
    done = check_with_the_script(tmp_path / "l.jsonl", tmp_path / "early.json")
    assert done.returncode == 0, done.stderr
    assert "sound to line 26" in done.stdout
    assert "sound to line 20" in done.stdout
    assert early.key in done.stdout
    assert read_checkpoint(tmp_path / "l.jsonl").seq == 26


def changed(lines: list[str], number: int, **values: object) -> list[str]:
    return [
        json.dumps(json.loads(line) | values) if n == number else line
        for n, line in enumerate(lines, 1)
    ]


def test_the_script_finds_what_was_done_to_an_export(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "l.jsonl"
    lines = export(database, file)
    forged = json.loads(lines[-1])
    forged["checkpoint"]["seq"] = 19
    for falsified, says in (
        (changed(lines, 7, facts="{}"), "line 7"),
        (changed(lines, 7, facts="", salt=""), "line 7"),
        (changed(lines, 7, kind="vote"), "line 7"),
        (changed(lines, 7, person_id="q"), "line 7"),
        (lines[:6] + lines[7:], "line 7"),
        (lines[:7] + lines[6:], "line 8"),
        ([*lines[:6], lines[7], lines[6], *lines[8:]], "line 7"),
        ([*lines[:18], lines[20]], "from 19 to 19"),
        ([*lines[:18], json.dumps(forged)], "changed after it was signed"),
    ):
        file.write_text("\n".join(falsified) + "\n", "utf-8")
        done = check_with_the_script(file)
        assert done.returncode == 1, says
        assert says in done.stderr
        assert "Traceback" not in done.stderr


def test_the_script_is_short() -> None:
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 60


def test_the_script_needs_nothing_of_ours() -> None:
    assert "import danqing" not in SCRIPT.read_text("utf-8")
    assert "from danqing" not in SCRIPT.read_text("utf-8")
