"""Compiling a lexicon from a few words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from danqing.errors import DataError
from danqing.lexicon import Lexicon
from danqing.messages import say
from danqing.training.lexicon_build import build_lexicon, write_lexicon
from danqing.training.ordinary_words import choose_ordinary

EMOJI: list[tuple[str, int, dict[str, str]]] = [
    ("1F408", 3, {"en": "cat", "zh": "猫", "zh-hant": "貓"}),
    ("1F431", 3, {"en": "cat face", "zh": "猫脸", "zh-hant": "貓臉"}),
    ("1F622", 0, {"en": "crying face", "zh": "哭", "zh-hant": "哭"}),
    ("1F9D1-200D-1F373", 1, {"en": "cook", "zh": "厨师", "zh-hant": "廚師"}),
    ("1F469-200D-1F373", 1, {"en": "woman cook", "zh": "女厨师", "zh-hant": "女廚師"}),
]
EVERYDAY = """
[concepts]
cat = ["小猫", "kitten"]
[settings]
[cities]
[undrawn]
[moods]
[actions]
[parts]
[nearest]
cat = ["豹猫"]
[compounds]
"cook gender:female" = ["厨娘"]
[baked]
[looks]
[roles]
plant = ""
tree = ""
still = ""
[names.en]
cat = "house cat"
"""
GRAMMAR = """
[measure]
one = ["只"]
[colour]
red = ["红", "red"]
"""
CARD = """
[shumai-cantonese]
kind = "food"
zh-Hans = ["广式烧卖", "烧卖"]
zh-Hant = ["廣式燒賣"]
en = ["Cantonese shumai"]
"""


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Any]:
    emojibase, culture, words = (tmp_path / n for n in ("emojibase", "culture", "words"))
    for language in ("en", "zh", "zh-hant"):
        folder = emojibase / language
        (folder / "shortcodes").mkdir(parents=True)
        data = [
            {"hexcode": code, "group": group, "label": labels[language], "tags": ["小猫咪"]}
            for code, group, labels in EMOJI
        ]
        (folder / "data.json").write_text(json.dumps(data), "utf-8")
    (culture / "food").mkdir(parents=True)
    (culture / "food" / "cards.toml").write_text(CARD, "utf-8")
    words.mkdir()
    (words / "everyday.toml").write_text(EVERYDAY, "utf-8")
    (words / "grammar.toml").write_text(GRAMMAR, "utf-8")
    (words / "ordinary.txt").write_text("# whole\n红利 猫腻\n", "utf-8")
    return {"emojibase": emojibase, "cldr": None, "culture": culture, "hand_written": words}


def test_sources_come_together(sources: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "concepts.json"
    write_lexicon(build_lexicon(**sources), file)
    words = Lexicon(json.loads(file.read_text("utf-8")))
    meanings = {
        text: [m.meanings for m in words.match(text)]
        for text in ("貓", "小猫", "厨娘", "哭", "燒賣", "红猫", "猫腻", "👩‍🍳", "豹猫")
    }
    assert meanings == {
        "貓": [("cat",)],
        "小猫": [("cat",)],
        "厨娘": [("cook", "gender:female")],
        "哭": [()],  # one character, and a feeling: too little to be a thing
        "燒賣": [("shumai-cantonese",)],
        "红猫": [("colour:red",), ("cat",)],
        "猫腻": [()],
        "👩‍🍳": [("cook", "gender:female")],
        "豹猫": [()],
    }
    assert words.nearest("豹猫", "zh-Hans") == "cat"


def test_an_unknown_concept_is_named(sources: dict[str, Any]) -> None:
    file = sources["hand_written"] / "everyday.toml"
    file.write_text(EVERYDAY.replace("[concepts]", '[concepts]\nunicron = ["独角"]'), "utf-8")
    with pytest.raises(DataError) as caught:
        build_lexicon(**sources)
    assert caught.value.code == "lexicon.no_concept"
    assert "unicron" in say(caught.value.code, "zh-Hans", **caught.value.facts)


def test_a_word_with_two_meanings_is_refused(sources: dict[str, Any]) -> None:
    file = sources["hand_written"] / "everyday.toml"
    twice = EVERYDAY.replace("[concepts]", '[concepts]\ncat-face = ["小貓"]')
    file.write_text(twice, "utf-8")
    with pytest.raises(DataError, match=r"^lexicon\.twice"):
        build_lexicon(**sources)


def test_choosing_ordinary_words(sources: dict[str, Any], tmp_path: Path) -> None:
    dictionary = tmp_path / "dict.txt"
    dictionary.write_text("红利 900 n\n红猫 900 n\n小猫 900 n\n利率 900 n\n红牌 3 n\n", "utf-8")
    broken, doubtful = choose_ordinary(dictionary, build_lexicon(**sources))
    assert (broken, doubtful) == (["红利"], ["红猫"])
