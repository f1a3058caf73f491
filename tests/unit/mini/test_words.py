"""Words the lexicon lacks, for a model that can read them by their pieces and for one that can't."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from danqing.engines.mini.conditions import Conditions, lay_out, recall, tell
from danqing.engines.mini.engine import MiniEngine, shipped_weights
from danqing.engines.mini.memory import KEPT_SIDE, Memory, Sketch, write_memory
from danqing.engines.mini.understanding import Drawable
from danqing.engines.protocol import GUESSED, Ignored, Spec, StandIn
from danqing.errors import Unsupported
from danqing.lexicon import lexicon
from danqing.lexicon.subwords import subword_ids
from danqing.rendering import stand_ins
from danqing.request import make_prompt, read
from danqing.request.types import Brief, Thing
from danqing.wording import ignored_document, left_out


def engine_with(folder: Path, rows: int, *, guess: bool = True) -> MiniEngine:
    """The shipped weights with another model card: enough to be told things, not to draw them."""
    for file in shipped_weights().iterdir():
        (folder / file.name).symlink_to(file)
    card = json.loads((shipped_weights() / "mini.json").read_text("utf-8"))
    (folder / "mini.json").unlink()
    card |= {"subwords": rows, "guess": guess}
    (folder / "mini.json").write_text(json.dumps(card), "utf-8")
    return MiniEngine(folder)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> MiniEngine:
    return engine_with(tmp_path_factory.mktemp("words"), 4096)


@pytest.fixture(scope="module")
def wordless(tmp_path_factory: pytest.TempPathFactory) -> MiniEngine:
    return engine_with(tmp_path_factory.mktemp("none"), 0)


def spec(sentence: str) -> Spec:
    prompt = make_prompt(sentence)
    reading = read(prompt)
    return Spec(sentence, prompt.language, reading.brief, 128, 128, stand_ins=stand_ins(reading))


def told(engine: MiniEngine, drawable: Drawable) -> Conditions:
    rng = np.random.default_rng(0)
    card = engine.model.card
    return tell(
        recall(
            lay_out(drawable.brief, rng)[0],
            card=card,
            memory=engine.model.memory,
            style="noto",
            rng=rng,
        ),
        card=card,
        sketched=True,
        encode=lambda picture: np.zeros((len(picture), 64, 32), np.float32),
        style="noto",
        words=drawable.words,
    )


def test_what_was_read_as_its_nearest_is_told_by_its_word_too(reader: MiniEngine) -> None:
    asked = spec("一只缅因猫和一只狗")
    assert asked.stand_ins == (StandIn("cat", "缅因猫"),)
    drawable = reader.understand(asked)
    assert drawable.words == ("缅因猫", "")
    conditions = told(reader, drawable)
    assert (conditions.objects[0, 1:3, 0] > 0).all()
    np.testing.assert_array_equal(conditions.words[0, 1], subword_ids("缅因猫"))
    assert not conditions.words[0, [0, 2, 3, 4, 5]].any()
    assert conditions.has_sketch[0] == 1


def test_a_word_near_nothing_is_guessed_by_its_pieces_and_that_is_said(reader: MiniEngine) -> None:
    sentence = "一只猫和一个格鲁特"
    drawable = reader.understand(spec(sentence))
    assert drawable.ignored == (Ignored("格鲁特", GUESSED),)
    conditions = told(reader, drawable)
    assert conditions.objects[0, 2, 0] == 0
    np.testing.assert_array_equal(conditions.words[0, 2], subword_ids("格鲁特"))
    assert conditions.has_sketch[0] == 1  # of the cat
    reading = read(make_prompt(sentence))
    phrases = {
        language: left_out(drawable.ignored, reading, language)
        for language in ("zh-Hans", "zh-Hant", "en")
    }
    assert phrases["zh-Hans"] == ("格鲁特（没学过这个词，照字面猜着画的）",)
    assert phrases["en"] == ("格鲁特 (a guess from how the word is written)",)
    (document,) = ignored_document(drawable.ignored, reading, "en")
    assert (document["instead"], document["instead_name"]) == (GUESSED, None)


def test_a_word_alone_is_told_without_a_sketch(reader: MiniEngine) -> None:
    drawable = reader.understand(spec("格鲁特"))
    assert [thing.concept for thing in drawable.brief.things] == [""]
    conditions = told(reader, drawable)
    assert conditions.has_sketch[0] == 0
    assert not conditions.sketch.any()
    assert conditions.words[0, 1].any()


def test_a_word_made_of_nothing_known_is_left_out(reader: MiniEngine) -> None:
    drawable = reader.understand(spec("a cat looking wistfully"))
    assert [thing.concept for thing in drawable.brief.things] == ["cat"]
    assert Ignored("wistfully") in drawable.ignored
    with pytest.raises(Unsupported):
        reader.understand(spec("ephemeral"))


def test_a_concept_the_model_has_not_learned_is_told_by_its_name(
    reader: MiniEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Weights older than the lexicon."""
    words = reader.model.card.words
    card = reader.model.card
    fewer = replace(words, concepts=tuple(c for c in words.concepts if not c.startswith("koi")))
    monkeypatch.setattr(reader.model, "card", replace(card, words=fewer))
    drawable = reader.understand(Spec("", "en", Brief((Thing("koi"), Thing("dog"))), 128, 128))
    (left_out_one,) = drawable.ignored
    assert left_out_one.what == "koi"
    assert drawable.words == (lexicon().name("koi", "en"), "")


def test_at_most_five_things_are_told(reader: MiniEngine) -> None:
    many = Brief(
        tuple(Thing(c) for c in ("cat", "dog", "koi", "panda", "rocket")), unknown=("格鲁特",)
    )
    drawable = reader.understand(Spec("", "zh-Hans", many, 128, 128))
    assert len(drawable.words) == len(drawable.brief.things) == 5
    assert drawable.ignored[-1] == Ignored("格鲁特")


def test_a_model_that_does_not_guess_leaves_out_what_nothing_is_near_to(tmp_path: Path) -> None:
    """A wrong guess is worse than an honest blank; only a measurement says which one it would be."""
    engine = engine_with(tmp_path, 4096, guess=False)
    drawable = engine.understand(spec("一只缅因猫和一个格鲁特"))
    assert drawable.words == ("缅因猫",)
    assert drawable.ignored == (Ignored("格鲁特"),)


def test_a_model_without_words_does_as_ever(wordless: MiniEngine) -> None:
    drawable = wordless.understand(spec("一只缅因猫和一个格鲁特"))
    assert drawable.words == ()
    assert drawable.ignored == (Ignored("格鲁特"),)
    assert not told(wordless, drawable).words.any()
    with pytest.raises(Unsupported):
        wordless.understand(spec("格鲁特"))


def test_a_memory_is_read_as_it_was_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sketches = []
    for n in range(40):  # more than one sheet of a style
        sprite = np.zeros((KEPT_SIDE, KEPT_SIDE, 4), np.uint8)
        sprite[8:24, 8 : 12 + n] = (*rng.integers(0, 255, 3), 255)
        style, skin = ("noto", 0) if n < 36 else ("flat", 3)
        sketches.append(Sketch(f"thing-{n}", "", skin, style, sprite))
    count, size = write_memory(tmp_path, reversed(sketches))
    assert count == 40
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == size
    memory = Memory.load(tmp_path)
    for written in sketches:
        (read,) = memory.choices(written.concept, None, "paper")
        assert (read.style, read.skin) == (written.style, written.skin)
        np.testing.assert_array_equal(memory.sprite(read), written.pixels)
