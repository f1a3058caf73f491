"""Help, languages and values, without drawing anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from danqing.cli import commands, common, values
from danqing.cli.help import help_for
from danqing.cli.language import from_environment, from_tag
from danqing.errors import InputError
from danqing.messages import languages
from danqing.outputs import Outputs, plan_outputs, slug

ARTWORK_ID = "01K1J0VQ6Z3V8Q9W2X4Y5Z6A7B"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", ["", "ledger", *commands.COMMANDS])
def test_every_help_text_can_be_said(name: str, language: str) -> None:
    text = help_for(name, language)
    assert "--json" in text
    assert "danqing" in text
    if name in commands.COMMANDS:
        for parameter in commands.build(name).params:
            assert all(option in text for option in parameter.opts if option.startswith("-"))


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh-Hans"),
        ({"LANG": "zh_TW.UTF-8"}, "zh-Hant"),
        ({"LANG": "zh_HK"}, "zh-Hant"),
        ({"LANG": "zh_SG.utf8", "LC_ALL": ""}, "zh-Hans"),
        ({"LANG": "zh_CN", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_language_of_the_environment(environ: dict[str, str], language: str) -> None:
    assert from_environment(environ) == language


def test_language_tags() -> None:
    assert [from_tag(tag) for tag in ("zh", "zh-Hant", "zh-Hans-SG", "en-GB", "de")] == [
        "zh-Hans", "zh-Hant", "zh-Hans", "en", None,
    ]  # fmt: skip


def test_common_options_stand_anywhere() -> None:
    asked = common.take(["--home=h", "draw", "--json", "a cat", "--lang", "zh", "--", "--json"])
    assert asked == common.Common(
        Path("h"), "zh-Hans", True, False, ("draw", "a cat", "--", "--json")
    )


@pytest.mark.parametrize("arguments", [["--home"], ["--home="], ["draw", "--lang"]])
def test_common_options_need_their_values(arguments: list[str]) -> None:
    with pytest.raises(InputError):
        common.take(arguments)


def test_commands_are_found_by_one_word_or_two() -> None:
    assert commands.find(["ledger", "verify", "--quick"]) == ("ledger verify", ["--quick"])
    assert commands.find(["draw", "verify"]) == ("draw", ["verify"])
    assert commands.find([]) == ("", [])
    assert commands.find(["ledger"]) == ("ledger", [])
    with pytest.raises(InputError) as caught:
        commands.find(["darw"])
    assert caught.value.facts["near"] == "draw"


@pytest.mark.parametrize(
    ("text", "size"),
    [("512", (512, 512)), ("512x768", (512, 768)), ("64×2048", (64, 2048)), ("５１２", (512, 512))],
)
def test_sizes(text: str, size: tuple[int, int]) -> None:
    assert values.size(text) == size


def test_a_style_in_any_language() -> None:
    assert values.style(None) is None
    assert values.style("flat") == values.style("扁平")


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("一只熊猫，在吃竹子！", "一只熊猫-在吃竹子"),
        ("../../etc/passwd", "etc-passwd"),
        ("a  red\ncat", "a-red-cat"),
        ("🐼", "danqing"),
        ("猫" * 200, "猫" * 24),
    ],
)
def test_file_names_from_sentences(prompt: str, name: str) -> None:
    assert slug(prompt) == name


def test_where_files_go(tmp_path: Path) -> None:
    here = plan_outputs(None, "a cat", "png", 1)
    assert here.picture(0, ARTWORK_ID) == Path("a-cat-01K1J0VQ6Z.png")
    assert plan_outputs(f"{tmp_path}", "a cat", "png", 1).folder == tmp_path
    assert plan_outputs("new", "a cat", "png", 1).folder == Path("new")
    assert plan_outputs("x/c.JPG", "a cat", "jpeg", 1).picture(0, ARTWORK_ID) == Path("x/c.JPG")
    many = Outputs(Path("x"), "c", ".png", count=12, exact=True)
    assert many.picture(2, ARTWORK_ID) == Path("x/c-03.png")
    assert many.sheet(ARTWORK_ID) == Path("x/c-sheet.png")
    with pytest.raises(InputError):
        plan_outputs("c.png", "a cat", "png", 1, folder=True)
