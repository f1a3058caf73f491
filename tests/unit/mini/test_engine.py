"""The embedded engine on the weights in the package: what it can't draw it says, and where it draws."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from danqing.engines.mini.engine import MiniEngine, shipped_weights
from danqing.engines.mini.palette import Palettes
from danqing.engines.protocol import Preview, Rng, Spec
from danqing.errors import EngineUnavailable, Unsupported
from danqing.request import make_prompt, read
from danqing.request.types import Brief, Thing


@pytest.fixture(scope="module")
def engine() -> MiniEngine:
    return MiniEngine()


def spec(sentence: str, width: int = 128, height: int = 128, **more: object) -> Spec:
    prompt = make_prompt(sentence)
    brief = read(prompt).brief
    return Spec(sentence, prompt.language, brief, width, height, **more)  # type: ignore[arg-type]


def draw(engine: MiniEngine, one: Spec, seed: int = 1) -> np.ndarray:
    (result,) = engine.generate([one], [Rng(seed)])
    return result.pixels


def test_the_founding_sentence_is_drawn_whole(engine: MiniEngine) -> None:
    drawable = engine.understand(spec("纽约唐人街小孩吃烧卖"))
    assert {t.concept for t in drawable.brief.things} == {"child", "shumai-cantonese"}
    assert drawable.brief.setting == "chinatown-gate"
    assert drawable.ignored == ()


def test_what_it_cannot_draw_it_says(engine: MiniEngine) -> None:
    drawable = engine.understand(spec("一只猫和一个格鲁特"))
    assert [i.what for i in drawable.ignored] == ["格鲁特"]
    with pytest.raises(Unsupported):
        engine.understand(spec("格鲁特"))


def test_who_wears_glasses_is_drawn_as_a_face(engine: MiniEngine) -> None:
    def worn_by(sentence: str) -> str:
        return engine.understand(spec(sentence)).brief.things[0].concept

    assert worn_by("戴眼镜的猫") == "cat-face"
    assert worn_by("猫和眼镜") == "cat"


@pytest.mark.parametrize(("sentence", "brought"), [("一只猫", True), ("一只绿色的猫", False)])
def test_a_drawing_is_in_its_styles_colours(sentence: str, brought: bool) -> None:
    """But for what was asked in a colour of its own."""
    engine = MiniEngine()
    blue = np.array([(40, 160, 200)], np.uint8)
    palettes = Palettes({engine.model.card.default_style: blue}, {})
    engine.model.card = replace(engine.model.card, palettes=palettes)
    picture = draw(engine, spec(sentence, transparent=True))
    solid = picture[picture[..., 3] > 250][:, :3].astype(int)
    assert np.allclose(np.median(solid, axis=0), blue, atol=3) == brought


def test_batch_mates_change_nothing(engine: MiniEngine) -> None:
    specs = [spec("一只猫"), spec("三只红色的狗"), spec("a rocket")]
    together = list(engine.generate(specs, [Rng(1), Rng(2), Rng(3)]))
    np.testing.assert_array_equal(together[2].pixels, draw(engine, specs[2], 3))


def test_pictures_come_in_order(engine: MiniEngine) -> None:
    """One is developed while the next is drawn: neither may overtake."""
    asked = [spec(s) for s in ("三只猫", "一只猫", "纽约唐人街小孩吃烧卖", "一只狗")]
    seen: list[float] = []

    def note(share: float, _: Sequence[Preview] = (), /) -> None:
        seen.append(share)

    results = engine.generate(asked, [Rng(3)] * len(asked), note)
    for result, one in zip(results, asked, strict=True):
        np.testing.assert_array_equal(result.pixels, draw(engine, one, 3))
    assert seen == sorted(seen)


def test_what_is_done_between_two_pictures_is_neithers(
    engine: MiniEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("danqing.engines.mini.meter.time.process_time", lambda: now[0])
    told = 0.0
    for result in engine.generate([spec("一只猫")] * 3, [Rng(n) for n in range(3)]):
        told += result.core_s
        now[0] += 100
    assert told == 0


def test_whoever_leaves_early_leaves_nothing_running(engine: MiniEngine) -> None:
    before = threading.active_count()
    drawing = engine.generate([spec("五只猫")] * 4, [Rng(n) for n in range(4)])
    next(drawing)
    del drawing
    assert threading.active_count() == before


def test_a_clear_ground_is_clear_and_an_asked_one_is_there(engine: MiniEngine) -> None:
    assert draw(engine, spec("一只猫", transparent=True))[0, 0, 3] < 30
    corner = draw(engine, spec("蓝色背景上的一只猫"))[2, 2]
    assert corner[2] > corner[0] + 60
    assert corner[3] == 255


def test_a_wide_picture_is_changed_in_its_middle_alone(engine: MiniEngine) -> None:
    picture = np.full((128, 256, 4), (20, 200, 60, 255), np.uint8)
    drawn = draw(engine, spec("一只猫", 256, 128, picture=picture, strength=0.8))
    np.testing.assert_array_equal(drawn[:, :60], picture[:, :60])
    assert (drawn[:, 64:192] != picture[:, 64:192]).any()


def test_a_picture_may_come_without_a_thing(engine: MiniEngine) -> None:
    picture = np.full((128, 128, 4), (20, 200, 60, 255), np.uint8)
    assert draw(engine, spec("格鲁特", picture=picture, strength=0.3)).shape == (128, 128, 4)


def test_the_model_card_knows_our_own_drawings(engine: MiniEngine) -> None:
    assert {"shumai-cantonese", "shumai-jiangnan", "woman-afro"} <= set(
        engine.model.card.words.concepts
    )
    assert sum(f.stat().st_size for f in shipped_weights().iterdir()) <= 12_000_000


def test_missing_and_damaged_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable) as missing:
        MiniEngine(tmp_path)
    assert missing.value.code == "engine.weights_missing"
    for file in shipped_weights().iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "denoiser.onnx").write_bytes(b"not a network")
    broken = MiniEngine(tmp_path)
    with pytest.raises(EngineUnavailable) as damaged:
        draw(broken, Spec("", "en", Brief((Thing("cat"),)), 128, 128))
    assert damaged.value.facts["file"] == "denoiser.onnx"
