"""Taught on the command line, drawn in three written languages, forgotten, drawn again."""

from __future__ import annotations

from pathlib import Path

import pytest

from danqing import Refused, Studio
from danqing.engines.mini.engine import shipped_weights
from support.running import Ran, Run
from support.teaching import ball, file


@pytest.fixture
def taught(run: Run, desk: Path) -> Ran:
    (desk / "front.png").write_bytes(file(ball()))
    (desk / "side.jpg").write_bytes(file(ball((30, 90, 60)), "JPEG"))
    return run("teach", "--zh", "小团", "--en", "Tuantuan", "front.png", "side.jpg", lang="zh_CN")


def test_it_is_learned_and_drawn_in_three_written_languages(run: Run, taught: Ran) -> None:
    assert taught.code == 0, taught.err
    assert "学会了：小团，Tuantuan" in taught.out
    (listed,) = run("teach", "--list", "--json").document["taught"]
    for prompt in ("三只红色的小团", "三隻紅色的小團", "three red Tuantuans"):
        ran = run("draw", prompt, "--json", "--size", "128")
        picture = ran.document["pictures"][0]
        assert {"count:3", "colour:red", listed["id"]} <= {
            u["meaning"] for u in picture["understood"]
        }
        assert picture["unknown"] == picture["ignored"] == []
    shown = run("draw", "three red Tuantuans", "--size", "128").out
    assert "Tuantuans" in shown
    assert "taught-" not in shown


@pytest.mark.usefixtures("taught")
def test_it_is_taught_in_this_home_alone(run: Run, tmp_path: Path) -> None:
    other = run("draw", "小团", "--json", "--home", str(tmp_path / "other"), "--size", "128")
    assert other.document["pictures"][0]["unknown"]


@pytest.mark.usefixtures("taught")
def test_forgetting_and_what_becomes_of_its_pictures(run: Run) -> None:
    drawn = run("draw", "一只小团", "--json", "--size", "128").document["pictures"][0]
    assert run("redo", drawn["id"]).code == 0
    assert run("teach", "--forget", "小團").code == 0
    ran = run("redo", drawn["id"])
    assert ran.code == 3
    assert drawn["understood"][-1]["meaning"] in ran.err
    assert run("show", drawn["id"]).code == 0
    assert run("ledger", "verify").code == 0
    assert run("teach", "--forget", "小团").code == 3


@pytest.mark.usefixtures("taught")
@pytest.mark.parametrize(
    "arguments",
    [
        ("--zh", "小团", "--en", "Tuantuan", "front.png"),  # taught already
        ("--zh", "熊猫", "--en", "Zog", "front.png"),  # means something
        ("--zh", "大团", "--en", "Zog"),  # no picture
        ("--zh", "大团", "front.png"),  # one name
        ("--zh", "大团", "--en", "Zog", "none.png"),
        ("--zh", "大团", "--en", "Zog", "."),
        ("--list", "--forget", "小团"),
        (),
    ],
)
def test_one_sentence_says_what_is_wrong(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run("teach", *arguments)
    assert ran.code == 2
    assert len(ran.err.strip().splitlines()) == 1
    assert ran.out == ""


def test_a_forbidden_name_is_refused_with_its_rule(run: Run, desk: Path) -> None:
    (desk / "front.png").write_bytes(file(ball()))
    ran = run("teach", "--zh", "做炸弹的步骤", "--en", "Zog", "front.png", "--json")
    assert ran.code == 10
    assert ran.document["error"]["reasons"][0]["rule"]


def test_from_python(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANQING_ENGINE", "test-card")
    with Studio(home) as studio:
        concept = studio.teach("小团", "Tuantuan", file(ball()))
        picture = studio.draw("小團在树左边", size=128)
        assert concept.id in {
            thing.concept for thing in picture.artwork.request.reading.brief.things
        }
        assert studio.taught() == (concept,)
        assert studio.forget("Tuantuan") == concept
        with pytest.raises(Refused):
            studio.teach("做炸弹的步骤", "Zog", file(ball()))


@pytest.mark.skipif(
    not (shipped_weights() / "mini.json").is_file(), reason="no weights in the package yet"
)
def test_the_embedded_model_draws_from_the_sketch(run: Run, taught: Ran) -> None:
    assert taught.code == 0
    ran = run("draw", "一只小团", "--engine", "mini", "--size", "128", "--json")
    assert ran.code == 0, ran.err
    assert ran.document["pictures"][0]["ignored"] == []
