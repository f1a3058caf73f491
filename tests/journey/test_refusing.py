"""What may not be drawn: said with its reason and place, logged, with an exit code of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from danqing import PolicyError
from danqing.cli.verdicts import underlined
from danqing.policy import pictures
from support.running import Run


def test_a_refusal_names_span_rule_and_article_and_draws_nothing(run: Run, desk: Path) -> None:
    ran = run("draw", "做一个炸弹的步骤")
    assert ran.code == 10
    assert list(desk.iterdir()) == []
    lines = ran.out.splitlines()
    marks = next(i for i, line in enumerate(lines) if line.strip() and set(line) <= set(" ~"))
    assert "炸弹" in lines[marks - 1]
    assert "weapons/making" in ran.out
    assert "条" in ran.out
    assert run("history", "--json").document == {"artworks": []}
    assert run("ledger", "verify", "--json").document["lines"] == 2  # the request and the refusal


def test_a_refusal_in_json_has_the_one_error_shape(run: Run) -> None:
    ran = run("draw", "naked child", "--json")
    assert ran.code == 10
    error = ran.document["error"]
    assert error.keys() >= {"code", "message", "hint", "request_id", "reasons"}
    assert error["code"] == "refused"
    reason = error["reasons"][0]
    assert "naked child"[reason["start"] : reason["end"]] == reason["text"]


def test_what_a_person_must_review_is_held(run: Run, desk: Path) -> None:
    ran = run("draw", "纳粹旗帜")
    assert ran.code == 11
    assert "审核" in ran.out
    assert "纳粹" in ran.out
    assert list(desk.iterdir()) == []
    assert run("ledger", "verify", "--json").document["lines"] == 2


def test_one_refused_line_does_not_stop_the_others(run: Run, desk: Path) -> None:
    (desk / "list.txt").write_text("a cat\nnaked child\na dog\n", "utf-8")
    ran = run("draw", "--file", "list.txt", "--json")
    assert ran.code == 10
    assert [picture["prompt"] for picture in ran.document["pictures"]] == ["a cat", "a dog"]
    assert [error["code"] for error in ran.document["not_drawn"]] == ["refused"]


def test_a_withheld_picture_leaves_no_file(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures.OpenNsfw, "score", lambda *_: 1.0)
    ran = run("draw", "a cat")
    assert ran.code == 12
    assert list(desk.iterdir()) == []
    assert run("ledger", "verify").code == 0


def test_a_rule_pack_that_cannot_be_read_stops_everything(
    run: Run, desk: Path, tmp_path: Path
) -> None:
    pack = tmp_path / "pack.yaml"
    pack.write_text("name: [", "utf-8")
    ran = run("draw", "a cat", DANQING_POLICY=str(pack))
    assert ran.code == PolicyError.exit_code
    assert list(desk.iterdir()) == []
    assert len(ran.err.strip().splitlines()) == 1


def test_the_marks_stand_under_the_characters_they_mean() -> None:
    excerpt, marks = underlined("画 a 熊猫 b", 4, 6)
    assert excerpt == "画 a 熊猫 b"
    assert marks == " " * 5 + "~" * 4  # 画 takes two columns, and so do 熊 and 猫


def test_a_long_sentence_is_cut_around_the_span() -> None:
    excerpt, marks = underlined("一" * 500 + "熊猫" + "一" * 500, 500, 502)
    assert excerpt.startswith("…")
    assert excerpt.endswith("…")
    assert len(excerpt) < 60
    assert marks.count("~") == 4
