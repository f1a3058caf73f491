"""The lexicon that ships."""

from __future__ import annotations

import importlib
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

import danqing.lexicon
from danqing.evaluation.classes import class_of
from danqing.lexicon import lexicon
from danqing.lexicon.text import key_of
from danqing.request import make_prompt, read
from danqing.request.types import (
    Body,
    Colour,
    Gender,
    Place,
    RelationKind,
    Size,
)

WORDS = lexicon()


def test_the_door_is_what_it_says() -> None:
    module = importlib.import_module("danqing.lexicon")
    assert sorted(danqing.lexicon.__all__) == [
        "Concept",
        "Lexicon",
        "Match",
        "TAUGHT_PREFIX",
        "detect_language",
        "lexicon",
    ]
    assert all(hasattr(module, name) for name in danqing.lexicon.__all__)


def test_size_bytes() -> None:
    data = files("danqing.lexicon") / "data" / "concepts.json"
    assert len(data.read_bytes()) < 1_500_000


def test_every_concept_has_names_in_all_three_languages() -> None:
    for concept in WORDS.concepts():
        assert set(concept.names) == {"zh-Hans", "zh-Hant", "en"}, concept.id
        assert all(concept.names.values()), concept.id


def test_names() -> None:
    assert WORDS.name("panda", "zh-Hans") == "熊猫"
    assert WORDS.name("panda", "en") == "panda"
    assert WORDS.name("chinatown-gate", "zh-Hant") == "唐人街牌坊"
    assert WORDS.name("panda", "fr") == "panda"
    with pytest.raises(KeyError):
        WORDS.concept("no-such-thing")


def test_our_own_drawings_are_there() -> None:
    for concept_id in ("shumai-cantonese", "shumai-jiangnan", "woman-hanfu", "qilin"):
        assert WORDS.concept(concept_id).ours
    assert not WORDS.concept("cat").ours
    assert WORDS.concept("girl").has_skin
    assert set(WORDS.concept("health-worker").genders) == {"female", "male"}


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("猫", "cat"),
        ("cat", "cat"),
        ("猫脸", "cat-face"),
        ("小孩", "child"),
        ("children", "child"),
        ("苹果", "red-apple"),
        ("計程車", "taxi"),
        ("腳踏車", "bicycle"),
        ("帥哥", "man"),
        ("唐人街", "setting:chinatown-gate"),
        ("纽约", "city:statue-of-liberty"),
        ("藏蓝", "colour:blue"),
        ("绯", "colour:red"),
        ("果冻风格", "style:blob"),
        ("ink wash painting", "mood:fine"),
        ("国风", "style:danqing"),
        ("深色皮肤", "skin:5"),
        ("大码", "body:plus"),
        ("🐼", "panda"),
    ],
)
def test_words(word: str, meaning: str) -> None:
    (match,) = WORDS.match(word)
    assert match.meanings == (meaning,)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_a_name_alone_is_read_as_what_it_names(language: str) -> None:
    """What we call a thing when we speak of it must lead back to it. Unicode's lists of who is in a
    family or a couple, and which way somebody faces, are no names anybody types."""
    elsewhere = {"person-walking", "woman-with-headscarf"}  # another concept shows the same
    wrong = []
    for concept in WORDS.concepts():
        name = WORDS.name(concept.id, language)
        if concept.kind == "symbol" or concept.id in elsewhere or set(":：") & set(name):
            continue
        brief = read(make_prompt(name)).brief
        if [class_of(t.concept) for t in brief.things] != [class_of(concept.id)] or brief.unknown:
            wrong.append((concept.id, name, brief))
    assert wrong == []


def test_a_character_that_is_a_thing_is_none_inside_a_longer_word() -> None:
    """花 is a flower, but there is none in 葱花, and 马 is no horse in 马克."""
    assert [m.meanings for m in WORDS.match("葱花")] == [()]
    assert [m.meanings for m in WORDS.match("马克")] == [()]
    assert WORDS.match("花汪汪")[0].meanings == ("blossom",)


def test_every_name_of_a_thing_is_understood() -> None:
    lost = [
        name
        for concept in WORDS.concepts()
        if concept.kind in ("nature", "food", "object", "animal", "plant", "craft")
        for name in (concept.names["zh-Hans"][0], concept.names["en"][0])
        if not any(m.meanings for m in WORDS.match(name))
    ]
    assert lost == []


def test_meanings_are_ones_the_request_can_hold() -> None:
    allowed = {
        "colour": set(get_args(Colour)),
        "size": set(get_args(Size)),
        "place": set(get_args(Place)),
        "gender": set(get_args(Gender)),
        "body": set(get_args(Body)),
        "skin": set("12345"),
        "style": {"noto", "blob", "flat", "glossy", "paper", "danqing"},
        "relation": set(get_args(RelationKind)),
        "preposition": {*get_args(RelationKind), "in", "on", "at", "with"},
        "background": set(get_args(Colour)),
    }
    for meanings in set(WORDS._words.values()):
        for meaning in meanings.split():
            kind, _, value = meaning.partition(":")
            if not value:
                assert kind in WORDS
            elif kind in ("setting", "city", "part", "look"):
                assert value in WORDS
            elif kind in allowed:
                assert value in allowed[kind], meaning
            else:
                assert kind in ("mood", "action", "known", "count", "spatial", "word"), meaning


def test_all_twelve_colours_have_names_in_both_languages() -> None:
    for colour in get_args(Colour):
        words = [w for w, meaning in WORDS._words.items() if meaning == f"colour:{colour}"]
        assert any(w.isascii() for w in words), colour
        assert any(not w.isascii() for w in words), colour


@pytest.mark.parametrize(
    ("word", "language", "concept"),
    [
        ("缅因猫", "zh-Hans", "cat"),
        ("布偶貓", "zh-Hant", "cat"),
        ("三角钢琴", "zh-Hans", "musical-keyboard"),
        ("麒麟兽", "zh-Hans", "qilin"),
        ("燒麥", "zh-Hant", "shumai-cantonese"),
        ("糖胡芦", "zh-Hans", "tanghulu"),
        ("红烧肉", "zh-Hans", "cut-of-meat"),
        ("孙悟空", "zh-Hans", "monkey"),
        ("埃菲尔铁塔", "zh-Hans", "tokyo-tower"),
        ("吹风罐子", "zh-Hans", "jar"),
        ("小提琴手", "zh-Hans", "violin"),
        ("skateboarding", "en", "skateboard"),
        ("elefant", "en", "elephant"),
        ("maine coon cats", "en", "cat"),
        ("sumai", "en", "shumai-cantonese"),
    ],
)
def test_nearest(word: str, language: str, concept: str) -> None:
    assert WORDS.nearest(word, language) == concept


@pytest.mark.parametrize(
    "word",
    [
        "格鲁特",
        "股票",
        "红利",
        "罗马",
        "一心一意",
        "自由",
        "黑板",
        "奥特曼",
        "，",
        "守株待兔",
        "柱子",
        "democracy",
        "going",
        "justices",
        "justice",
        "quantum",
        "xyzzy",
        "a",
    ],
)
def test_no_nearest_rather_than_a_wrong_one(word: str) -> None:
    assert WORDS.nearest(word, "zh-Hans" if not word.isascii() else "en") is None


def test_compiled_after_the_last_change() -> None:
    """Red means: build the lexicon again (`training.lexicon_build`)."""
    folder = files("danqing.lexicon") / "data"
    everyday = tomllib.loads((folder / "everyday.toml").read_text("utf-8"))
    tables = ("concepts", "settings", "cities", "compounds", "moods", "actions", "parts", "undrawn")
    words = [w for t in tables for group in everyday[t].values() for w in group]
    assert [w for w in words if key_of(w) not in WORDS._words] == []
    cards = Path(__file__).parents[3].glob("culture/*/cards.toml")
    drawn = {i for card in cards for i in tomllib.loads(card.read_text("utf-8"))}
    assert sorted(i for i in drawn if i not in WORDS) == []


def test_keys_are_folded() -> None:
    assert all(key_of(word) == word for word in list(WORDS._words)[::37])
