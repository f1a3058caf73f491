"""Names: in both scripts, plural, free, and refused where they aren't."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from danqing.errors import InputError
from danqing.lexicon import Lexicon, lexicon
from danqing.request import make_prompt, read
from danqing.teaching.names import make_names, meaning_of, slug
from danqing.teaching.shelf import TaughtConcept

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


def taught(chinese: str, english: str) -> TaughtConcept:
    return TaughtConcept(make_names(chinese, english), (b"sketch",), NOON)


@pytest.fixture(scope="module")
def dragon() -> TaughtConcept:
    return taught("小龙团", "Dumpling Pigman")


@pytest.fixture(scope="module")
def words(dragon: TaughtConcept) -> Lexicon:
    return lexicon().with_taught([dragon.concept])


@pytest.mark.parametrize("typed", ["小龙团", "小龍團"])
def test_both_scripts_are_made_from_either(typed: str) -> None:
    assert make_names(typed, "Foo Bar") == {
        "zh-Hans": "小龙团", "zh-Hant": "小龍團", "en": "Foo Bar",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("prompt", "count", "colour"),
    [
        ("三只红色的小龙团", 3, "red"),
        ("三隻紅色的小龍團", 3, "red"),
        ("three red dumpling pigman", 3, "red"),
        ("three red Dumpling Pigmen", 3, "red"),
        ("a DUMPLING-PIGMAN", 1, None),
    ],
)
def test_it_is_read_in_every_way_it_may_be_written(
    words: Lexicon, dragon: TaughtConcept, prompt: str, count: int, colour: str | None
) -> None:
    (thing,) = read(make_prompt(prompt), words).brief.things
    assert (thing.concept, thing.count, thing.colour) == (dragon.id, count, colour)


def test_regular_plurals() -> None:
    names = ("Glorp", "Zibox", "Wumbaby")
    larger = lexicon().with_taught(taught("某某物", name).concept for name in names)
    for plural in ("glorps", "ziboxes", "wumbabies"):
        (thing,) = read(make_prompt(f"two {plural}"), larger).brief.things
        assert thing.count == 2


def test_it_takes_part_in_relations(words: Lexicon, dragon: TaughtConcept) -> None:
    brief = read(make_prompt("小孩抱着小龙团在树左边"), words).brief
    held = [i for i, thing in enumerate(brief.things) if thing.concept == dragon.id]
    assert [r.kind for r in brief.relations if r.object in held] == ["holding"]


def test_the_lexicon_of_the_package_stays_as_it_is(words: Lexicon, dragon: TaughtConcept) -> None:
    assert dragon.id in words
    assert dragon.id not in lexicon()
    assert meaning_of("小龙团", lexicon()) is None
    assert words.name(dragon.id, "zh-Hant") == "小龍團"
    assert words.match("熊猫")[0].meanings == ("panda",)


@pytest.mark.parametrize("name", ["熊猫", "貓", "红色", "三只", "的", "pandas", "left of", "Red"])
def test_words_that_mean_something_are_not_free(name: str) -> None:
    assert meaning_of(name, lexicon()) is not None


@pytest.mark.parametrize("name", ["红猫果", "我家熊猫", "Panda Zog", "glorp"])
def test_other_names_are_free(name: str) -> None:
    assert meaning_of(name, lexicon()) is None


@pytest.mark.parametrize(
    ("chinese", "english", "code"),
    [
        ("团", "Foo", "teaching.chinese_name"),
        ("foo", "Foo", "teaching.chinese_name"),
        ("团" * 13, "Foo", "teaching.chinese_name"),
        ("小团", "F", "teaching.english_name"),
        ("小团", "小团", "teaching.english_name"),
        ("小团", "12", "teaching.english_name"),
        ("小团", "x" * 41, "teaching.english_name"),
        ("小，团", "Foo", "teaching.symbols"),
        ("小团", "Foo, Bar", "teaching.symbols"),
        ("小 团", "Foo", "teaching.symbols"),
        ("", "Foo", "input.empty"),
        ("小团", "Foo\x00", "input.control"),
    ],
)
def test_names_that_will_not_do(chinese: str, english: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        make_names(chinese, english)
    assert caught.value.code == code


def test_ids_tell_the_name_and_what_is_in_it(dragon: TaughtConcept) -> None:
    assert dragon.id.startswith("taught-dumpling-pigman-")
    other = TaughtConcept(dragon.names, (b"another",), NOON)
    assert other.id != dragon.id
    assert slug("Île d'Or") == "ile-d-or"
