"""A judge of four shapes, made in seconds: whole, resumable, and right more often than by chance."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from danqing.training.art import ArtSet, Row

torch = pytest.importorskip("torch")

from danqing.evaluation.build_judge import JudgeArt, build_judge  # noqa: E402
from danqing.evaluation.finder_scenes import scatter  # noqa: E402
from danqing.evaluation.judge import Judge  # noqa: E402
from danqing.evaluation.train_judge import FINDER_RECIPE  # noqa: E402

# What torch and its exporter warn of is theirs.
pytestmark = [pytest.mark.train, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
SHAPES = ("cat", "dog", "house", "cook")
TONES = ((250, 220, 200), (240, 195, 155), (215, 155, 105), (160, 100, 60), (90, 58, 40))


def _draw(shape: str, colour: tuple[int, int, int], side: int) -> np.ndarray:
    y, x = (np.mgrid[:side, :side] + 0.5) / side * 2 - 1
    inside = {
        "cat": np.hypot(x, y) < 0.8,
        "dog": (abs(x) < 0.75) & (abs(y) < 0.4),
        "house": (abs(x) < (y + 0.9) / 2) & (y < 0.8),
        "cook": (abs(x) < 0.25) | (np.hypot(x, y + 0.5) < 0.4),
    }[shape] & (abs(y) < 0.9)
    picture = np.zeros((side, side, 4), np.uint8)
    picture[inside] = (*colour, 255)
    return picture


def _art(styles: tuple[str, ...], side: int) -> ArtSet:
    pictures, rows = [], []
    for n, style in enumerate(styles):
        for shape in SHAPES:
            tones = range(1, 6) if shape == "cook" else (0,)
            for tone in tones:
                colour = TONES[tone - 1] if tone else (60 + 60 * n, 200 - 40 * n, 90)
                pictures.append(_draw(shape, colour, side))
                rows.append(Row(style, shape, "", tone, "Apache-2.0", ""))
    return ArtSet(np.stack(pictures), tuple(rows))


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    folder: Path = tmp_path_factory.mktemp("judge")
    kinds = {"cat": "nature", "dog": "nature", "house": "place", "cook": "person"}
    art = JudgeArt(
        _art(("one", "two", "three"), 64), _art(("noto", "flat", "blob"), 128), kinds, {}
    )
    recipe = replace(FINDER_RECIPE, steps=6, batch=8)
    parts = [stage.part for stage in build_judge(art, folder, {"noto": 0.01}, recipe)]
    assert list(dict.fromkeys(parts)) == ["features judge-only", "features real", "finder"]
    again = list(build_judge(art, folder, {"noto": 0.01}, recipe))
    assert again == []  # a finished judge is not made again
    return Judge(folder)


def test_it_knows_four_shapes(judge: Judge) -> None:
    assert judge.classes == ("cat", "cook", "dog", "house")
    assert judge.own["concept"]["all"]["top1"] > 0.6
    assert judge.own["skin tone, exact"]["top1"] > 0.4


def test_onnx_says_what_torch_said(judge: Judge) -> None:
    verdicts = [judge.verdict(_draw(shape, (60, 200, 90), 128), shape) for shape in SHAPES]
    assert sum(v.rank == 0 for v in verdicts) >= 3


def test_bodies_come_from_the_catalogue(judge: Judge) -> None:
    assert judge.body_of("cat") == ""
    assert judge.catalogue.entries["cook"].tones == (1, 2, 3, 4, 5)


def test_scattered_things_hardly_overlap() -> None:
    rng = np.random.default_rng(0)
    for count in range(1, 7):
        boxes = scatter(count, rng)
        assert boxes.shape == (count, 4)
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, :2] <= 1).all()
