"""Accounts, real names, disclosure and leaving, as whoever runs a service does it at a terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.running import Ran, Run

PASSWORD, OTHER = "一句不短的话 quite long", "另一句不短的话 also long"
RESIDENT_ID = "11010519491231002X"
Say = Callable[..., None]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Say:
    """What is typed, a line for each question."""

    def lines(*typed: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))

    return lines


def made(run: Run, say: Say, login: str, role: str = "user") -> Ran:
    say(PASSWORD)
    return run("account", "add", login, "--role", role)


def with_own_password(run: Run, say: Say, login: str, role: str) -> None:
    assert made(run, say, login, role).code == 0
    say(PASSWORD, OTHER)
    assert run("account", "password", login, "--as", login).code == 0


def test_an_account_from_its_first_day_to_its_last(run: Run, say: Say, home: Path) -> None:
    added = made(run, say, "lin", "operator")
    assert added.code == 0
    assert "Added: lin, operator" in added.out
    listed = run("account", "list", "--json")
    (account,) = listed.document["accounts"]
    assert (account["login"], account["role"], account["status"]) == ("lin", "operator", "active")
    assert "not verified" in run("account", "list").out
    assert "lin is reviewer now." in run("account", "role", "lin", "reviewer").out
    assert run("account", "suspend", "lin").code == 0
    say(PASSWORD)
    refused = run("account", "list", "--as", "lin")
    assert refused.code == 15
    assert "suspended" in refused.err
    assert run("account", "resume", "lin").code == 0
    say(PASSWORD)
    assert run("account", "list", "--as", "lin").code == 15  # a reviewer lists no accounts
    erased = run("account", "erase", "lin", "--yes")
    assert erased.code == 0
    assert "Kept: what was asked for" in erased.out
    assert "(erased)" in run("account", "list").out
    assert run("ledger", "verify", "--quick").code == 0
    for file in home.glob("danqing.db*"):
        assert PASSWORD.encode() not in file.read_bytes()


def test_a_key_is_shown_once(run: Run, say: Say) -> None:
    made(run, say, "lin")
    shown = run("account", "key", "lin", "--name", "laptop", "--days", "90")
    token = shown.out.splitlines()[-1]
    assert token.startswith("dq_")
    prefix = token.split("_")[1]
    listed = run("account", "keys", "lin")
    assert token not in listed.out
    assert f"{prefix} · laptop · user" in listed.out
    assert run("account", "revoke", prefix).code == 0
    (key,) = run("account", "keys", "lin", "--json").document["keys"]
    assert key["revoked_at"] is not None
    assert run("account", "revoke", "aaaaaaaa").code == 3
    assert run("account", "key", "lin", "--role", "owner").code == 15


def test_wrong_passwords_and_then_a_wait(run: Run, say: Say) -> None:
    made(run, say, "lin", "operator")
    for _ in range(6):
        say("not the password")
        wrong = run("account", "list", "--as", "lin")
        assert wrong.code == 15
        assert "Login or password is wrong" in wrong.err
    say(PASSWORD)
    waiting = run("account", "list", "--as", "lin", "--json")
    assert waiting.code == 15
    assert waiting.document["error"]["code"] == "identity.too_many_attempts"


def test_what_was_typed_wrong_is_said(run: Run, say: Say) -> None:
    say("short")
    assert run("account", "add", "lin").code == 2
    say()
    assert "expected on standard input" in run("account", "add", "lin").err
    assert run("account", "role", "lin", "king").code == 2
    assert run("account", "role", "lin", "user").code == 3
    assert run("account", "add", "lin", "--no-password").code == 0
    say(PASSWORD)
    taken = run("account", "add", "LIN", lang="zh_CN.UTF-8")
    assert taken.code == 2
    assert "已有人用" in taken.err


def test_attested_people_are_disclosed_by_two_operators_alone(
    run: Run, say: Say, desk: Path, home: Path
) -> None:
    lin = made(run, say, "lin").out.split("id ")[1].split(")")[0]
    with_own_password(run, say, "wu", "operator")
    (desk / "people.csv").write_text(
        "account,kind,number,name,evidence\n"
        f"lin,resident-id,{RESIDENT_ID},林小雨,identity card seen at the counter\n",
        "utf-8",
    )
    attested = run("account", "attest", "people.csv")
    assert attested.code == 0, attested.err
    assert "verified by attestation" in run("account", "list").out
    for file in home.glob("danqing.db*"):
        assert RESIDENT_ID.encode() not in file.read_bytes()

    asked = run("account", "disclose", "ask", lin, "--case", "2026-114", "--json")
    disclosure = asked.document["id"]
    assert run("account", "disclose", "show", disclosure).code == 15
    assert run("account", "disclose", "approve", disclosure).code == 15  # whoever asked
    say(OTHER)
    approved = run("account", "disclose", "approve", disclosure, "--as", "wu")
    assert approved.code == 0, approved.err
    shown = run("account", "disclose", "show", disclosure)
    assert "林小雨 · resident-id · " + RESIDENT_ID in shown.out
    assert "That you looked is in the ledger." in shown.out
    assert "approved" in run("account", "disclose", "list").out
    document = run("account", "disclose", "show", disclosure, "--json").document
    assert document["real_name"]["number"] == RESIDENT_ID

    rotated = run("account", "rotate", "--json")
    assert rotated.document["encrypted"] == 1
    assert run("account", "disclose", "show", disclosure).code == 0
    assert run("backup", "backup.zip").code == 0
    other = str(home.parent / "other")
    assert run("restore", "backup.zip", "--home", other).code == 0
    assert RESIDENT_ID in run("account", "disclose", "show", disclosure, "--home", other).out
    (home / "keys" / "people.json").unlink()
    lost = run("account", "disclose", "show", disclosure, lang="zh_TW.UTF-8")
    assert lost.code == 15
    assert "遺失" in lost.err


def test_without_a_case_number_nothing_is_asked(run: Run, say: Say) -> None:
    made(run, say, "lin")
    assert run("account", "disclose", "ask", "lin").code == 2
    assert run("account", "disclose", "ask", "lin", "--case", " ").code == 2
    assert "There are no disclosures." in run("account", "disclose", "list").out


def test_a_bad_line_of_a_file_keeps_nobody(run: Run, say: Say, desk: Path) -> None:
    made(run, say, "lin")
    (desk / "people.csv").write_text(
        f"account,kind,number,name,evidence\nlin,resident-id,{RESIDENT_ID},林,seen\n"
        "lin,resident-id,110105194912310021,林,seen\n",
        "utf-8",
    )
    refused = run("account", "attest", "people.csv", lang="zh_CN.UTF-8")
    assert refused.code == 2
    assert "第 3 行" in refused.err
    assert "not verified" in run("account", "list").out


def test_a_phone_is_verified_by_the_code_on_the_console(
    run: Run, say: Say, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made(run, say, "lin")

    class Person(io.StringIO):
        """Types their password, then whatever code the console shows."""

        def readline(self, *_: object) -> str:
            shown = capsys.readouterr().err
            codes = [
                word
                for word in shown.replace(",", " ").split()
                if word.isdigit() and len(word) == 6
            ]
            return f"{codes[-1]}\n" if codes else f"{PASSWORD}\n"

    monkeypatch.setattr("sys.stdin", Person())
    verified = run("account", "phone", "13800138000", "--as", "lin")
    assert verified.code == 0, verified.err
    assert "verified by sms" in run("account", "list").out


def test_ones_data_in_a_file(run: Run, say: Say, desk: Path) -> None:
    made(run, say, "lin")
    say(PASSWORD)
    assert run("account", "export", "lin", "--out", "lin.jsonl", "--as", "lin").code == 0
    records = [json.loads(line) for line in (desk / "lin.jsonl").read_text("utf-8").splitlines()]
    assert records[0]["login"] == "lin"
    assert (desk / "lin.jsonl").stat().st_mode & 0o777 == 0o600
    assert run("account", "export", "lin", "--out", "lin.jsonl").code == 2
    assert run("account", "erase", "lin").code == 2  # nobody said yes
    assert run("account", "prune", "--json").document == {"accounts": 0}
