"""What can be done with a picture once it is drawn: redo, history, show, verify, ledger, backup."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PIL import Image

from danqing.engines.test_card import TestCardEngine
from support.running import Run


@pytest.fixture
def cat(run: Run) -> dict[str, object]:
    """A drawn cat, as JSON tells of it."""
    picture: dict[str, object] = run(
        "draw", "一只红色的猫", "--seed", "7", "--out", "cat.png", "--json"
    ).document["pictures"][0]
    return picture


def test_redo_gives_the_same_pixels(run: Run, cat: dict[str, object]) -> None:
    ran = run("redo", str(cat["id"])[:10].lower())
    assert ran.code == 0
    assert str(cat["id"]) in ran.out
    assert run("redo", str(cat["id"]), "--json").document["same"] is True


def test_redo_says_when_the_engine_has_changed(
    run: Run, cat: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TestCardEngine, "version", "test-card-2")
    ran = run("redo", str(cat["id"]), "--json")
    assert ran.code == 0
    assert ran.document["same"]
    assert ran.document["engine_changed"]
    monkeypatch.setattr("danqing.engines.test_card.PAPER", (1, 2, 3, 255))
    ran = run("redo", str(cat["id"]))
    assert ran.code == 14
    assert "test-card-2" in ran.out


def test_redo_of_one_seed_that_draws_differently_now_is_a_fault(
    run: Run, cat: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("danqing.engines.test_card.PAPER", (1, 2, 3, 255))
    assert run("redo", str(cat["id"])).code == 13


def test_history_finds_part_of_a_chinese_sentence(run: Run, cat: dict[str, object]) -> None:
    run("draw", "a dog")
    assert "一只红色的猫" in run("history", "红色").out
    assert "dog" not in run("history", "红色").out
    found = run("history", "貓", "--json").document["artworks"]
    assert [artwork["id"] for artwork in found] == [cat["id"]]
    assert run("history", "房子").code == 0


def test_show_fetches_a_lost_file_again(run: Run, desk: Path, cat: dict[str, object]) -> None:
    (desk / "cat.png").unlink()
    ran = run("show", str(cat["id"]), "--out", "again.png")
    assert ran.code == 0
    assert "一只红色的猫" in ran.out
    assert run("verify", "again.png").code == 0


def test_verify_knows_our_own(run: Run, cat: dict[str, object]) -> None:
    ran = run("verify", "cat.png", "--json")
    assert ran.code == 0
    assert ran.document["verdict"] == "intact"
    assert ran.document["ledger"] == {
        "id": cat["id"],
        "batch_id": cat["batch_id"],
        "altered": False,
    }
    assert str(cat["id"]) in run("verify", "cat.png").out


@pytest.mark.usefixtures("cat")
def test_verify_sees_that_a_file_was_altered(run: Run, desk: Path) -> None:
    data = bytearray((desk / "cat.png").read_bytes())
    data[-40] ^= 1  # in the compressed pixels
    (desk / "altered.png").write_bytes(data)
    ran = run("verify", "altered.png", "--json")
    assert ran.code == 21
    assert ran.document["ledger"]["altered"] is True
    assert ran.document["credential"]["state"] == "invalid"


@pytest.mark.usefixtures("cat")
def test_verify_finds_no_label_where_there_is_none(run: Run, desk: Path) -> None:
    Image.open(desk / "cat.png").save(desk / "bare.png")
    assert run("verify", "bare.png").code == 20
    (desk / "note.txt").write_text("hello", "utf-8")
    assert run("verify", "note.txt").code == 20


@pytest.mark.usefixtures("cat")
def test_verify_of_our_file_elsewhere_trusts_no_one(run: Run, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    ran = run("verify", "cat.png", "--home", str(elsewhere), "--json")
    assert ran.code == 0
    assert ran.document["credential"]["state"] == "valid"
    assert ran.document["ledger"] is None
    assert not elsewhere.exists()


@pytest.mark.usefixtures("cat")
def test_the_ledger_betrays_a_quiet_edit(run: Run, home: Path) -> None:
    assert run("ledger", "verify").code == 0
    with sqlite3.connect(home / "danqing.db") as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (trigger,) in triggers.fetchall():  # whoever has the file can take the guard away
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE ledger SET facts = replace(facts, '猫', '狗') WHERE seq = 1")
    connection.close()
    ran = run("ledger", "verify", "--json")
    assert ran.code == 6
    assert ran.document["fault"]["line"] == 1
    assert run("ledger", "verify", "--quick").code == 6


def test_a_backup_restores_pictures_ledger_and_signing_key(
    run: Run, tmp_path: Path, cat: dict[str, object]
) -> None:
    backup, new_home = str(tmp_path / "backup.zip"), str(tmp_path / "new")
    assert run("backup", backup).code == 0
    assert run("backup", backup).code == 6  # never over an earlier one
    assert run("restore", backup, "--home", new_home).code == 0
    ran = run("verify", "cat.png", "--home", new_home, "--json")
    assert ran.document["credential"]["state"] == "trusted"
    assert ran.document["ledger"]["id"] == cat["id"]
    assert run("redo", str(cat["id"]), "--home", new_home).code == 0
    assert run("draw", "a dog", "--home", new_home).code == 0
    assert run("restore", backup, "--home", new_home).code == 6
    assert run("restore", backup, "--home", new_home, "--replace").code == 0
