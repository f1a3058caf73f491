"""Bad input gives one clear sentence in the reader's language, a documented code, and no file."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from support.running import Ran, Run

CAT = ("draw", "一只猫")


def nothing_happened(ran: Ran, folder: Path, code: int) -> None:
    assert ran.code == code, ran.err
    assert "Traceback" not in ran.out + ran.err
    assert len(ran.err.strip().splitlines()) == 1
    assert ran.out == ""
    assert [file for file in folder.rglob("*") if file.is_file()] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("draw",), 2),
        (("draw", ""), 2),
        (("draw", "  \u200b "), 2),
        (("draw", "猫" * 34_000), 2),
        (("draw", "猫\x07"), 2),
        (("draw", "猫\udce7"), 2),
        ((*CAT, "--size", "0"), 2),
        ((*CAT, "--size", "100000"), 2),
        ((*CAT, "--size", "abc"), 2),
        ((*CAT, "--size", "9" * 5_000), 2),
        ((*CAT, "--size"), 2),
        ((*CAT, "--n", "0"), 2),
        ((*CAT, "--n", "10000"), 2),
        ((*CAT, "--n", "several"), 2),
        ((*CAT, "--seed", "-1"), 2),
        ((*CAT, "--seed", str(2**63)), 2),
        ((*CAT, "--format", "bmp"), 2),
        ((*CAT, "--format", "jpeg", "--transparent"), 2),
        ((*CAT, "--format", "png", "--out", "a.webp"), 2),
        ((*CAT, "--out", "cat.bmp"), 2),
        ((*CAT, "--style", "没有这种画风"), 2),
        ((*CAT, "--engine", "nope"), 4),
        ((*CAT, "--engine", "../x"), 2),
        ((*CAT, "--out", "/dev/null/x/"), 6),
        ((*CAT, "--lang", "tlh"), 2),
        ((*CAT, "--colour", "red"), 2),
        (("draw", "一只", "猫"), 2),
        (("draw", "--file", "nowhere.txt"), 2),
        (("draw", "--file", "/"), 2),
        (("drawn", "一只猫"), 2),
        (("redo",), 2),
        (("redo", "01K1J0VQ6Z"), 3),
        (("show", "%"), 3),
        (("show", ""), 3),
        (("history", "--limit", "0"), 2),
        (("verify", "nowhere.png"), 2),
        (("verify", "a\0b"), 2),
        (("restore", "nowhere.zip"), 6),
        (("ledger", "rewrite"), 2),
    ],
    ids=lambda value: repr(value)[:40],
)
@pytest.mark.parametrize("lang", ["zh_CN.UTF-8", "en_GB.UTF-8"])
def test_one_sentence_and_no_file(
    run: Run, desk: Path, arguments: tuple[str, ...], code: int, lang: str
) -> None:
    nothing_happened(run(*arguments, lang=lang), desk, code)


@pytest.mark.parametrize(
    ("option", "near"), [("--sed", "--seed"), ("--tranparent", "--transparent"), ("--colour", "")]
)
def test_a_near_option_is_named_and_a_far_one_is_not(run: Run, option: str, near: str) -> None:
    said = run("draw", "a cat", option, "3", lang="en_GB.UTF-8").err
    assert ("did you mean" in said) == bool(near)
    assert near in said


@pytest.mark.parametrize(
    ("sentence", "start"),
    [("一只猫", "没有“--sed”"), ("兩隻貓與書", "沒有「--sed」"), ("a cat", "There is no option")],
)
def test_a_wrong_option_is_answered_in_the_language_of_the_sentence(
    run: Run, sentence: str, start: str
) -> None:
    assert run("draw", sentence, "--sed", "3", lang="C.UTF-8").err.startswith(start)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.txt", b"\n \n"),
        ("list.txt", b"\xff\xfe\xff\x81\x30"),
        ("list.txt", "一只猫\n一只狗\x00".encode()),
        ("list.txt", "一只猫\n".encode() * 1_001),
        ("table.csv", "颜色\n红色\n".encode()),
        ("table.csv", "颜色,动物\n红色\n".encode()),
        ("table.csv", '颜色,动物\n"红色,猫\n'.encode()),
        ("table.csv", "颜色,动物\n".encode()),
    ],
)
def test_a_bad_list_draws_none_of_it(
    run: Run, desk: Path, tmp_path: Path, name: str, text: bytes
) -> None:
    (tmp_path / name).write_bytes(text)
    template = ("一只{颜色}的{动物}",) if name.endswith("csv") else ()
    ran = run("draw", *template, "--file", str(tmp_path / name), lang="zh_CN.UTF-8")
    nothing_happened(ran, desk, 2)


def test_the_missing_column_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("颜色\n红色\n", "utf-8")
    ran = run("draw", "一只{动物}", "--file", str(tmp_path / "table.csv"), lang="zh_CN.UTF-8")
    assert "动物" in ran.err
    assert "颜色" in ran.err


def test_standard_input_without_end_is_cut_off(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a" * (2**20 + 5))))
    nothing_happened(run("draw", "-"), desk, 2)


def test_a_corrupted_database_is_said_to_be_one(run: Run, desk: Path, home: Path) -> None:
    run("history")
    (home / "danqing.db").write_bytes(b"not a database at all" * 400)
    nothing_happened(run(*CAT), desk, 6)


def test_a_home_that_cannot_be_made(run: Run, desk: Path) -> None:
    nothing_happened(run(*CAT, "--home", "/dev/null/home"), desk, 6)


def test_an_engine_that_breaks_half_way(
    run: Run, desk: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from danqing.engines import test_card

    def fail(*_: object) -> None:
        raise ZeroDivisionError("in a plugin")

    monkeypatch.setattr(test_card, "_card", fail)
    nothing_happened(run(*CAT), desk, 4)
    checked = run("ledger", "verify", "--json", "--home", str(home)).document
    assert checked["sound"]
    assert checked["lines"] == 2  # the request, and that it failed


def test_errors_are_json_when_asked(run: Run) -> None:
    ran = run(*CAT, "--size", "0", "--json")
    assert ran.code == 2
    assert ran.document["error"]["code"] == "input.size"
    assert ran.document["error"].keys() == {"code", "message", "hint", "request_id"}


def test_codes_that_move_the_cursor_are_spelt_out(run: Run, desk: Path) -> None:
    ran = run("verify", str(desk / "a\x1b[2Jb.png"))
    assert "\x1b" not in ran.err
    assert "\\x1b" in ran.err
