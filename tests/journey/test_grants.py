"""A picture without its visible mark: by a grant, or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from danqing.provenance import verify
from danqing.provenance.mark import MINIMUM_CONTRAST, contrast_in, draw_mark
from support.running import Ran, Run

SENTENCE = "一只红色的猫"
VERSION = "danqing-article-9-1"


def has_mark(file: Path) -> bool:
    pixels = np.asarray(Image.open(file).convert("RGBA"), dtype=np.uint8)
    _, mark = draw_mark(np.full_like(pixels, 255))
    return contrast_in(pixels, mark) >= MINIMUM_CONTRAST


def asked(run: Run, *more: str, pictures: str = "1") -> Ran:
    return run(
        "grant", "ask", "--for", "春风印社", "--reason", "书籍封面", "--pictures", pictures,
        "--i-accept", VERSION, "--json", *more,
    )  # fmt: skip


def given(run: Run, pictures: str = "1") -> str:
    grant_id = str(asked(run, pictures=pictures).document["id"])
    assert run("grant", "give", grant_id).code == 0
    return grant_id


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_by_a_grant_the_mark_is_left_off_and_all_else_stays(
    run: Run, desk: Path, home: Path, suffix: str
) -> None:
    marked = run("draw", SENTENCE, "--seed", "7", "--out", f"marked.{suffix}")
    assert marked.code == 0
    assert has_mark(desk / f"marked.{suffix}")
    grant_id = given(run)
    drawn = run(
        "draw", SENTENCE, "--seed", "7", "--grant", grant_id, "--out", f"plain.{suffix}",
        lang="zh_CN.UTF-8",
    )  # fmt: skip
    assert drawn.code == 0, drawn.err
    assert "图上没有显式标识" in drawn.out
    assert not has_mark(desk / f"plain.{suffix}")
    root = (home / "keys" / "signing" / "root.cert.pem").read_bytes()
    found = verify((desk / f"plain.{suffix}").read_bytes(), root)
    assert found.aigc is not None
    assert found.aigc.label == "1"
    assert found.credential.state == "trusted"
    assert found.claims_ai
    assert run("verify", f"plain.{suffix}").code == 0
    assert "1 of 1 pictures" in run("grant", "list").out
    assert run("ledger", "verify").code == 0
    again = run("draw", SENTENCE, "--grant", grant_id, "--out", f"more.{suffix}")
    assert again.code == 15
    assert not (desk / f"more.{suffix}").exists()


def test_no_other_way_leads_to_an_unmarked_file(run: Run, desk: Path) -> None:
    """Ids made up, applications not given, declined, other formats, more pictures than were given."""
    waiting = str(asked(run).document["id"])
    declined = str(asked(run).document["id"])
    assert run("grant", "decline", declined).code == 0
    good = given(run, "2")
    attempts = (
        ("--grant", "01K1JZC6J2R5X8Q3N4M5P6T7V8"),
        ("--grant", ""),
        ("--grant", "anything"),
        ("--grant", waiting),
        ("--grant", declined),
        ("--grant", good, "--n", "3"),
        ("--grant", good, "--format", "svg"),
        ("--grant", good, "--format", "gif"),
        ("--grant", good, "--format", "pdf"),
        ("--no-mark",),
        ("--unmarked",),
    )
    for attempt in attempts:
        assert run("draw", SENTENCE, "--out", "plain/", *attempt).code in (2, 3, 15), attempt
    assert not (desk / "plain").exists()
    for setting in ("DANQING_NO_MARK", "DANQING_MARK", "DANQING_LABELS_MARK", "DANQING_GRANT"):
        assert run("draw", SENTENCE, "--out", f"{setting}.png", **{setting: "off"}).code == 0
        assert has_mark(desk / f"{setting}.png")
    assert "0 of 2 pictures" in run("grant", "list").out


def test_the_contact_sheet_keeps_its_mark(run: Run, desk: Path) -> None:
    grant_id = given(run, "2")
    drawn = run("draw", SENTENCE, "--n", "2", "--grant", grant_id, "--out", "cats/", "--json")
    assert drawn.code == 0, drawn.out
    (sheet,) = drawn.document["sheets"]
    assert has_mark(desk / sheet["file"])
    for picture in drawn.document["pictures"]:
        assert not has_mark(Path(picture["file"]))


def test_an_account_applies_and_another_operator_gives(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = "一句不短的话 quite long"

    def typed(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    for login in ("wu", "zhao"):
        typed(password)
        assert run("account", "add", login, "--role", "operator").code == 0
    typed(password)
    grant_id = str(asked(run, "--as", "wu").document["id"])
    typed(password)
    assert run("grant", "give", grant_id, "--as", "wu").code == 15
    typed(password)
    assert run("grant", "give", grant_id, "--as", "zhao").code == 0
    theirs = run("draw", SENTENCE, "--grant", grant_id, "--out", "plain.png")  # the owner draws
    assert theirs.code == 15
    assert "somebody else's" in theirs.err or "别人" in theirs.err


def test_an_application_without_the_agreement_is_none(run: Run) -> None:
    shown = run("grant", "agreement")
    assert "第九条" in shown.out
    assert VERSION in shown.out
    refused = run(
        "grant",
        "ask",
        "--for",
        "春风印社",
        "--reason",
        "封面",
        "--我接受",
        "v0",
        lang="zh_CN.UTF-8",
    )
    assert refused.code == 2
    assert VERSION in refused.err
    assert run("grant", "ask", "--for", "春风印社", "--reason", "封面").code == 2
    assert "There are no grants." in run("grant", "list").out
