"""What a reading reports: spans as typed, unknown words, and the phrases people are shown."""

from __future__ import annotations

import pytest

from danqing.request import all_asked, describe, make_prompt, read
from danqing.wording import left_out


def meanings(text: str) -> list[tuple[str, str]]:
    return [(u.text, u.meaning) for u in read(make_prompt(text)).understood]


def test_spans_are_of_the_text_as_typed() -> None:
    assert meanings("請畫３隻紅色的貓") == [
        ("３隻", "count:3"),
        ("紅色", "colour:red"),
        ("貓", "cat"),
    ]


def test_the_founding_sentence() -> None:
    assert meanings("纽约唐人街小孩吃烧卖") == [
        ("纽约", "known:statue-of-liberty"),
        ("唐人街", "setting:chinatown-gate"),
        ("小孩", "child"),
        ("吃", "relation:eating"),
        ("烧卖", "shumai-cantonese"),
    ]


def test_unknown_words_are_kept_in_order() -> None:
    reading = read(make_prompt("一只格鲁特和一个blorptastic的猫，还有Quux"))
    assert reading.unknown == reading.brief.unknown == ("格鲁特", "blorptastic", "quux")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("可爱的猫", ("可爱", "mood:cute")),
        ("小孩游泳", ("游泳", "action:person-swimming")),
        ("蓝眼睛的猫", ("眼睛", "part:eyes")),
        ("画五张猫", ("五张", "pictures:5")),
        ("没有帽子的狗", ("帽子", "known:womans-hat")),
        ("桌子上的猫", ("桌子", "undrawable:桌子")),
        ("会跳舞的小熊猫", ("小熊猫", "nearest:raccoon")),
        ("红头发的猫", ("红头发", "known:person-red-hair")),
        ("白底的猫", ("白底", "background:white")),
    ],
)
def test_understood_without_effect_is_still_reported(text: str, expected: tuple[str, str]) -> None:
    assert expected in meanings(text)


def test_only_so_many_things_are_drawn_and_the_rest_is_told() -> None:
    reading = read(make_prompt("猫、狗、马、鸟、鱼、兔子"))
    assert len(reading.brief.things) == 5
    assert ("兔子", "known:rabbit") in [(u.text, u.meaning) for u in reading.understood]


def test_phrases_in_the_language_of_the_prompt() -> None:
    assert describe(read(make_prompt("纽约唐人街小孩吃烧卖"))) == (
        "纽约（看懂了，这次没画）",
        "唐人街（唐人街牌坊，作场景）",
        "小孩（儿童）",
        "吃",
        "烧卖（广式烧卖）",
    )
    assert describe(read(make_prompt("三隻可愛的貓"))) == (
        "三隻",
        "可愛（看懂了，畫面上不一定看得出）",
        "貓",
    )
    assert describe(read(make_prompt("draw a cat without a hat"))) == (
        "cat",
        "hat (understood, left out)",
    )
    assert describe(read(make_prompt("一只猫")), "en") == ("猫 (cat)",)


def test_a_stand_in_is_said_to_be_one() -> None:
    """Read as a raccoon, and reported so, in the reader's language, never passed off as drawn."""
    reading = read(make_prompt("小熊猫抱着爱心"))
    assert left_out((), reading, "zh-Hans") == ("小熊猫（画了浣熊）",)
    assert any("浣熊" in phrase for phrase in describe(reading))
    assert reading.unknown == ()


def test_what_is_remarked_on_is_not_called_whole() -> None:
    """纽约 is understood and not drawn, so it mustn't be said that nothing was left out."""
    assert not all_asked(read(make_prompt("纽约唐人街小孩吃烧卖")))
    assert all_asked(read(make_prompt("唐人街小孩吃烧卖")))
