"""From one sentence to a labelled file, through the command line."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from danqing.provenance import verify
from independent.label_reader import read
from support.running import Run


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_chinese_sentence_becomes_a_labelled_file(run: Run, desk: Path) -> None:
    ran = run("draw", "一只红色的猫", "--seed", "7")
    assert ran.code == 0, ran.err
    (name,) = files(desk)
    assert name.startswith("一只红色的猫-")
    assert name.endswith(".png")
    with Image.open(desk / name) as picture:
        assert picture.size == (512, 512)
    findings = verify((desk / name).read_bytes(), None)
    assert findings.aigc is not None
    assert findings.aigc.label == "1"
    for part in (name, "种子 7", "红色", "猫", "人工智能生成", "核秒"):
        assert part in ran.out


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("三隻紅色的貓", "人工智慧生成"),
        ("three red cats", "AI-generated"),
        ("三只猫", "由人工智能"),
    ],
)
def test_it_speaks_the_language_of_the_sentence(run: Run, prompt: str, said: str) -> None:
    assert said in run("draw", prompt).out


def test_lang_has_the_last_word(run: Run) -> None:
    assert "AI-generated" in run("draw", "三只猫", "--lang", "en").out


def test_variants_come_with_a_sheet_and_each_equals_itself_drawn_alone(
    run: Run, desk: Path, tmp_path: Path
) -> None:
    ran = run("draw", "a panda", "--n", "3", "--seed", "40", "--out", "pandas.png", "--json")
    assert [picture["seed"] for picture in ran.document["pictures"]] == [40, 41, 42]
    assert files(desk) == ["pandas-1.png", "pandas-2.png", "pandas-3.png", "pandas-sheet.png"]
    for name in files(desk):
        assert verify((desk / name).read_bytes(), None).aigc is not None
    alone = run("draw", "a panda", "--seed", "42", "--out", str(tmp_path / "alone.png"), "--json")
    together = ran.document["pictures"][2]
    # The released files differ by their watermarks, which carry each its own number.
    assert _master(run, together["id"]) == _master(run, alone.document["pictures"][0]["id"])
    assert _master(run, together["id"]) != _master(run, ran.document["pictures"][1]["id"])


def _master(run: Run, artwork_id: str) -> str:
    return str(run("show", artwork_id, "--json").document["master_pixels_sha256"])


@pytest.mark.parametrize("media_format", ["png", "webp", "jpeg"])
def test_every_format_carries_its_label(run: Run, desk: Path, media_format: str) -> None:
    ran = run("draw", "a cat", "--format", media_format, "--json", "--size", "320x256")
    picture = ran.document["pictures"][0]
    data = Path(picture["file"]).read_bytes()
    assert (picture["width_px"], picture["height_px"]) == (320, 256)
    assert picture["media_type"] == f"image/{media_format}"
    assert read(data, picture["media_type"]).label["ProduceID"] == picture["id"]
    assert len(files(desk)) == 1


def test_transparent_leaves_the_ground_clear(run: Run, desk: Path) -> None:
    run("draw", "a cat", "--transparent", "--out", "cat.png")
    with Image.open(desk / "cat.png") as picture:
        assert np.asarray(picture)[..., 3].min() == 0


def test_the_suffix_of_the_file_decides_the_format(run: Run, desk: Path) -> None:
    run("draw", "a cat", "--out", "cat.webp")
    with Image.open(desk / "cat.webp") as picture:
        assert picture.format == "WEBP"


def test_no_file_is_ever_overwritten(run: Run, desk: Path) -> None:
    (desk / "cat.png").write_bytes(b"mine")
    run("draw", "a cat", "--out", "cat.png")
    assert (desk / "cat.png").read_bytes() == b"mine"
    assert files(desk) == ["cat-2.png", "cat.png"]


def test_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO("一只熊猫\n".encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    ran = run("draw", "-", "--json")
    assert ran.document["pictures"][0]["prompt"] == "一只熊猫"


def test_a_list_of_sentences(run: Run, desk: Path) -> None:
    (desk / "list.txt").write_text("一只猫\n\n三只狗\n", "utf-8")
    ran = run("draw", "--file", "list.txt", "--out", "drawn", "--json")
    assert [picture["prompt"] for picture in ran.document["pictures"]] == ["一只猫", "三只狗"]
    assert len(files(desk / "drawn")) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_fills_the_template(run: Run, desk: Path, encoding: str) -> None:
    (desk / "table.csv").write_text("颜色,动物\r\n红色,猫\r\n蓝色,狗\r\n", encoding)
    ran = run("draw", "一只{颜色}的{动物}", "--file", "table.csv", "--json")
    prompts = [picture["prompt"] for picture in ran.document["pictures"]]
    assert prompts == ["一只红色的猫", "一只蓝色的狗"]


def test_what_no_word_explains_is_reported(run: Run) -> None:
    ran = run("draw", "一只猫和一个魑魅魍魉机", "--json")
    assert ran.document["pictures"][0]["unknown"]
    ignored = ran.document["pictures"][0]["ignored"]
    assert {part["what"] for part in ignored} == set(ran.document["pictures"][0]["unknown"])


def test_the_programs_answer_says_all_that_the_sentences_do(run: Run) -> None:
    document = run("draw", "a red cat", "--json").document
    assert document["seconds"] > 0
    assert document["core_seconds"] > 0
    picture = document["pictures"][0]
    assert picture["ai_generated"] is True
    meanings = {part["meaning"] for part in picture["understood"]}
    assert {"colour:red", "cat"} <= meanings
    assert Path(picture["file"]).is_file()
