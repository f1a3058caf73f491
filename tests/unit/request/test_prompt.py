"""What may be asked at all, and in which language."""

from __future__ import annotations

import pytest

from danqing.errors import InputError
from danqing.messages import say
from danqing.request import MAX_PROMPT_CHARACTERS, detect_language, make_prompt


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "input.empty"),
        (" \n\t\u3000", "input.empty"),
        ("\u200b\ufe0f", "input.empty"),
        ("猫" * (MAX_PROMPT_CHARACTERS + 1), "input.too_long"),
        ("cat " * 25_000, "input.too_long"),
        ("猫\x00", "input.control"),
        ("猫\x1b[31m", "input.control"),
        ("猫\x85", "input.control"),
        ("猫\ufffe", "input.control"),
        ("猫\ud83d", "input.surrogate"),
    ],
)
def test_refused(text: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        make_prompt(text)
    assert caught.value.code == code
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert say(code, language, **caught.value.facts)


def test_accepted_as_typed_but_for_nfc() -> None:
    assert make_prompt("一只猫\n\tcafe\u0301").text == "一只猫\n\tcafé"
    assert len(make_prompt("猫" * MAX_PROMPT_CHARACTERS).text) == MAX_PROMPT_CHARACTERS


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("一只熊猫", "zh-Hans"),
        ("一隻熊貓", "zh-Hant"),
        ("小孩吃包子", "zh-Hans"),
        ("穿著裙子的女孩", "zh-Hans"),
        ("穿著裙子的貓", "zh-Hant"),
        ("a panda", "en"),
        ("画一只 robot", "zh-Hans"),
        ("the word 猫 in a picture", "en"),
        ("🐼", "zh-Hans"),
        ("12345", "zh-Hans"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect_language(text) == language
