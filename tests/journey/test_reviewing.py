"""A hold, an appeal, a reviewer's answer, and the picture; a pack that is signed and tried."""

from __future__ import annotations

from pathlib import Path

from support.running import Run

PACK = """
format: danqing-rules/1
name: house
version: "1"
categories:
  - id: house
    risk: A.1.h
    action: refuse
    article: 店规
    explanation: {en: House rules., zh-Hans: 本店不画。}
    rules:
      - id: house/words
        words: [望江楼]
    examples:
      caught: [望江楼夜景]
      passed: [江边的楼]
"""


def test_an_appeal_is_upheld_and_the_picture_drawn(run: Run) -> None:
    held = run("draw", "一幅裸体", "--json", lang="zh_CN.UTF-8")
    assert held.code == 11
    batch = held.document["error"]["request_id"]
    (waiting,) = run("review", "list", "--json").document["verdicts"]
    assert (waiting["batch_id"], waiting["kind"]) == (batch, "hold")
    opened = run("appeal", batch, "是石膏像", lang="zh_CN.UTF-8")
    assert opened.code == 0
    (case,) = run("case", "list", "--json").document["cases"]
    assert (case["kind"], case["batch_id"], case["overdue"]) == ("appeal", batch, False)
    answered = run("case", "answer", case["id"], "确是误拦", "--uphold", "--json")
    assert answered.document["upheld"] is True
    assert run("draw", "一幅裸体", "--json").code == 0
    assert run("ledger", "verify").code == 0
    assert "确是误拦" in run("case", "show", case["id"]).out


def test_a_reviewer_can_overturn_either_way(run: Run) -> None:
    batch = run("draw", "一幅裸体", "--json").document["error"]["request_id"]
    assert run("review", "allow", batch).code == 2
    assert run("review", "allow", batch, "--because", "美术课").code == 0
    assert run("draw", "一幅裸体").code == 0
    assert run("review", "refuse", batch, "--because", "看错了").code == 0
    assert run("draw", "一幅裸体").code == 10
    assert run("review", "list").code == 0
    assert "一幅裸体" in run("review", "list", "--all").out


def test_a_complaint_needs_no_account(run: Run) -> None:
    opened = run("complaint", "用了我的脸", "--about", "x", "--contact", "me@example.org", "--json")
    assert opened.code == 0
    case = opened.document["id"]
    assert run("case", "answer", case, "不是", "--reject", "--uphold").code == 2
    assert run("case", "answer", case, "已删除", "--uphold").code == 0
    assert run("case", "list").code == 0


def test_a_pack_is_tried_tested_signed_and_verified(run: Run, desk: Path) -> None:
    pack = desk / "house.yaml"
    pack.write_text(PACK, "utf-8")
    assert run("policy", "test", "house.yaml").code == 0
    tried = run("policy", "try", "望江樓", "--json", DANQING_POLICY=str(pack))
    assert [r["text"] for r in tried.document["reasons"]] == ["望江樓"]
    assert run("policy", "verify", "house.yaml").code == 7
    assert run("policy", "sign", "house.yaml", "--json").code == 0
    assert run("policy", "verify", "house.yaml").code == 0
    pack.write_text(PACK.replace("[望江楼]", "[听雨轩]"), "utf-8")
    assert run("policy", "verify", "house.yaml").code == 7
    assert run("policy", "test", "house.yaml").code == 23


def test_under_cn_a_face_asks_for_consent(run: Run, desk: Path) -> None:
    from PIL import Image

    Image.new("RGB", (200, 200), "white").save(desk / "face.png")
    asked = ("draw", "一只猫", "--from", "face.png", "--i-may-use-this")
    refused = run(*asked, DANQING_PROFILE="cn")
    assert refused.code == 9
    assert "danqing consent" in refused.err
    assert run("consent", "face.png").code == 2
    assert run("consent", "face.png", "--nobody").code == 0
    assert run(*asked, DANQING_PROFILE="cn").code == 0
