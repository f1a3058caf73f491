"""What an operator does for an inspector: doctor, checkpoint, export, verify, prune; and what the
profiles ask of people on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from danqing.cli.exits import Exit
from danqing.db import Event, open_database
from danqing.policy import shipped_packs
from danqing.policy.conduct import Strike, bars
from support.running import Run

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "check_ledger.py"


@pytest.fixture
def from_outside(desk: Path) -> Path:
    """A picture somebody else made, which says nothing of itself."""
    Image.effect_noise((96, 96), 40).convert("RGB").save(desk / "theirs.png")
    return desk / "theirs.png"


def test_doctor_names_every_duty_and_fails_on_a_gap(run: Run) -> None:
    assert run("doctor").code == Exit.DONE
    ran = run("doctor", "--profile", "cn", "--json")
    assert ran.code == Exit.DUTIES
    duties = {duty["id"]: duty for duty in ran.document["duties"]}
    assert duties["provider_code"]["status"] == "not-met"
    assert duties["provider_code"]["needed_to_start"]
    assert duties["security_assessment"]["status"] == "not-ours"
    assert duties["keyword_library"]["found"]["found"] > 0
    assert ran.document["not-met"] == sum(d["status"] == "not-met" for d in duties.values())
    text = run("doctor", "--profile", "cn")
    assert text.code == Exit.DUTIES
    for words in ("NOT MET", "not ours to meet", "not legal advice", "TC260-PG-20252A"):
        assert words in text.out
    assert run("doctor", "--profile", "mars").code == Exit.INPUT


def test_the_profile_of_the_settings_is_the_default(run: Run, home: Path) -> None:
    home.mkdir()
    (home / "danqing.toml").write_text("profile = 'eu'")
    ran = run("doctor", "--json")
    assert (ran.code, ran.document["profile"]) == (Exit.DUTIES, "eu")


def test_a_settings_file_with_a_mistake_is_one_clear_sentence(run: Run, home: Path) -> None:
    home.mkdir()
    (home / "danqing.toml").write_text("profil = 'eu'")
    ran = run("doctor")
    assert ran.code == Exit.INPUT
    assert "Did you mean profile?" in ran.err


def test_no_service_starts_while_a_duty_is_unmet(run: Run, home: Path) -> None:
    home.mkdir()
    (home / "danqing.toml").write_text("profile = 'cn'")
    ran = run("serve")
    assert ran.code == Exit.INPUT
    assert "provider_code" in ran.err


def rewrite(home: Path, prompt: str) -> None:
    """A new ledger of the same length, well made and well sealed: whoever has the keys can."""
    database = open_database(home)
    with database.write() as connection:
        for trigger in ("ledger_no_update", "ledger_no_delete", "ledger_head_no_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        lines = list(database.ledger.lines(connection))
        connection.exec_driver_sql("DELETE FROM ledger")
        connection.exec_driver_sql("DELETE FROM ledger_head")
        database.ledger.begin(connection)
        for line in lines:
            facts = json.loads(line.facts)
            if line.kind == "request":
                facts["prompt"] = prompt
            event = Event(line.kind, datetime.now(UTC), facts, line.batch_id, line.person_id)  # type: ignore[arg-type]
            database.ledger.append(connection, event)
    database.close()


def test_a_ledger_is_signed_exported_checked_and_its_falsification_found(
    run: Run, home: Path, desk: Path
) -> None:
    assert run("draw", "一只猫", "--size", "256").code == Exit.DONE
    assert run("ledger", "checkpoint", "c.json").code == Exit.DONE
    assert run("ledger", "checkpoint", "c.json").code == Exit.INPUT  # never replaced
    assert run("ledger", "export", "l.jsonl").code == Exit.DONE
    ran = run("ledger", "verify", "--checkpoint", "c.json", "--json")
    assert ran.code == Exit.DONE
    assert ran.document["checkpoint"]["line"] == ran.document["lines"] == 3
    command = [sys.executable, str(SCRIPT), str(desk / "l.jsonl"), str(desk / "c.json")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0

    rewrite(home, "一只狗")
    assert run("ledger", "verify", "--quick").code == Exit.DONE, "it is well made"
    found = run("ledger", "verify", "--quick", "--checkpoint", "c.json")
    assert found.code == Exit.STORE
    assert "rewritten: a line from 1 to 1" in found.out


def test_a_checkpoint_of_another_home_is_not_ours(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert run("ledger", "checkpoint", "ours.json").code == Exit.DONE
    assert run("ledger", "checkpoint", "theirs.json", "--home", str(other)).code == Exit.DONE
    check = ("ledger", "verify", "--checkpoint", "theirs.json")
    ran = run(*check)
    assert ran.code == Exit.INPUT
    assert "another key" in ran.err
    assert run(*check, "--key", str(other / "keys" / "checkpoint.pub.pem")).code == Exit.DONE
    assert run(*check, "--key", "theirs.json").code == Exit.INPUT


def test_pruning_obeys_the_profile(run: Run, home: Path) -> None:
    assert run("ledger", "prune").code == Exit.INPUT
    assert run("ledger", "prune", "--older-than", "1").code == Exit.DONE
    (home / "danqing.toml").write_text("profile = 'cn'\n[ledger]\nkeep_days = 200")
    refused = run("ledger", "prune", "--older-than", "183")
    assert refused.code == Exit.INPUT
    assert "184" in refused.err
    assert run("ledger", "prune", "--json").document["older_than_days"] == 200


def test_files_of_others_are_classified(run: Run, from_outside: Path) -> None:
    assert run("draw", "一只猫", "--size", "256", "--out", "ours.png").code == Exit.DONE
    for file, declared, verdict in (
        ("ours.png", "no", "confirmed"),
        (from_outside.name, "yes", "possible"),
        (from_outside.name, "no", "none"),
    ):
        ran = run("classify", file, "--declared", declared, "--json")
        assert (ran.code, ran.document["verdict"]) == (Exit.DONE, verdict)


def test_under_cn_a_picture_from_outside_needs_the_consent_of_whoever_is_in_it(
    run: Run, from_outside: Path
) -> None:
    edit = ("draw", "一只猫", "--from", from_outside.name, "--i-may-use-this")
    refused = run(*edit, DANQING_PROFILE="cn")
    assert refused.code == Exit.NOT_DECLARED
    assert "danqing consent" in refused.err
    assert run("consent", from_outside.name, "--everyone").code == Exit.DONE
    assert run(*edit, DANQING_PROFILE="cn").code == Exit.DONE
    assert '"everyone"' in Path(_export(run)).read_text("utf-8").replace("\\", "")


def _export(run: Run) -> str:
    assert run("ledger", "export", "after.jsonl").code == Exit.DONE
    return "after.jsonl"


def test_who_is_refused_again_and_again_is_suspended() -> None:
    """By the rules that ship; what the store counts is tested with the docket."""
    rules = [rule for pack in shipped_packs() for rule in pack.conduct]
    now = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
    refused = [Strike(now - timedelta(minutes=n), frozenset({"hate"})) for n in range(8)]
    assert {rule.action for rule, _ in bars(rules, refused[:2], now)} == set()
    assert {rule.action for rule, _ in bars(rules, refused[:5], now)} == {"slow"}
    assert "suspend" in {rule.action for rule, _ in bars(rules, refused, now)}
    assert {rule.action for rule, _ in bars(rules, refused, now + timedelta(days=3))} == set()
