"""A judge of four shapes, made in seconds: whole, resumable, and right more often than by chance."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from danqing.training.art import ArtSet, Row

pytest.importorskip("torch")
pytest.importorskip("onnx")

from danqing.evaluation.build_judge import JudgeArt, build_judge
from danqing.evaluation.build_style import STYLE_RECIPE
from danqing.evaluation.finder_scenes import scatter
from danqing.evaluation.judge import Judge
from danqing.evaluation.train_judge import FINDER_RECIPE

pytestmark = [
    pytest.mark.train,
    pytest.mark.slow,
    # torch.onnx uses a name torch itself calls old.
    pytest.mark.filterwarnings("ignore:.*LeafSpec.*:FutureWarning"),
]
SHAPES = ("cat", "dog", "house", "cook")
TONES = ((247, 222, 206), (243, 210, 162), (213, 171, 136), (175, 126, 87), (124, 83, 62))


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
            for tone in range(1, 6) if shape == "cook" else (0,):
                colour = TONES[tone - 1] if tone else (60 + 60 * n, 200 - 40 * n, 90)
                pictures.append(_draw(shape, colour, side))
                rows.append(Row(style, shape, "", tone, "Apache-2.0", ""))
    return ArtSet(np.stack(pictures), tuple(rows))


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    folder: Path = tmp_path_factory.mktemp("judge")
    kinds = {"cat": "nature", "dog": "nature", "house": "place", "cook": "person"}
    bodies = {"cook": "plus", "dog": "slim"}  # a dog of a known build: here only shapes count
    art = JudgeArt(
        _art(("one", "two", "three"), 64), _art(("noto", "flat", "blob"), 128), kinds, bodies
    )
    finder = replace(FINDER_RECIPE, steps=4, batch=4)
    style = replace(STYLE_RECIPE, steps=4, batch=4)
    parts = [stage.part for stage in build_judge(art, folder, {"noto": 0.01}, finder, style)]
    assert {"finder", "style"} <= set(parts)
    again = list(build_judge(art, folder, {"noto": 0.01}, finder, style))
    assert again == []  # what is there is not made again
    return Judge(folder)


def test_it_knows_four_shapes(judge: Judge) -> None:
    assert judge.classes == ("cat", "cook", "dog", "house")
    assert judge.own["concept"]["all"]["top1"] > 0.8
    assert judge.own["skin tone, exact"]["top1"] > 0.8


def test_a_drawing_it_never_saw(judge: Judge) -> None:
    verdicts = [judge.verdict(_draw(shape, (60, 90, 200), 128), shape) for shape in SHAPES]
    assert sum(v.rank == 0 for v in verdicts) >= 3
    assert judge.tone(_draw("cook", TONES[4], 128)) == 5


def test_shares_add_up(judge: Judge) -> None:
    shares = judge.log_shares([_draw("cat", (60, 90, 200), 128)], list(SHAPES))
    assert np.exp(shares).sum() == pytest.approx(1, abs=1e-4)


def test_a_body_is_that_of_the_likest_person(judge: Judge) -> None:
    assert judge.body(_draw("cook", TONES[1], 128)) == "plus"
    assert judge.body(_draw("dog", TONES[1], 128)) == "slim"


def test_a_style_is_told_of_a_picture_of_any_size(judge: Judge) -> None:
    assert {judge.style(_draw("cat", TONES[1], side)) for side in (64, 128, 512)} <= set(
        judge.styles
    )


def test_tones_come_from_the_catalogue(judge: Judge) -> None:
    assert judge.catalogue.entries["cook"].tones == (1, 2, 3, 4, 5)


def test_scattered_things_hardly_overlap() -> None:
    rng = np.random.default_rng(0)
    for count in range(1, 7):
        boxes = scatter(count, rng)
        assert boxes.shape == (count, 4)
        assert (boxes[:, :2] >= 0).all()
        assert (boxes[:, :2] <= 1).all()
