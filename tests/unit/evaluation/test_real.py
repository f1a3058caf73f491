"""Pasted real drawings: the right rows, at the right places."""

import numpy as np
import pytest

from danqing.engines.protocol import Pixels, Rng, Spec
from danqing.evaluation.real import RealDrawings
from danqing.request.types import Brief, Relation, Thing
from danqing.training.art import ArtSet, Row


def _square(colour: tuple[int, int, int]) -> np.ndarray:
    picture = np.zeros((128, 128, 4), np.uint8)
    picture[16:112, 16:112] = (*colour, 255)
    return picture


@pytest.fixture
def engine() -> RealDrawings:
    rows = [
        (Row("noto", "cat", "", 0, "", ""), (200, 0, 0)),
        (Row("flat", "cat", "", 0, "", ""), (0, 200, 0)),
        (Row("noto", "dog", "", 0, "", ""), (0, 0, 200)),
        (Row("noto", "cook", "", 0, "", ""), (250, 250, 0)),
        (Row("noto", "cook", "", 5, "", ""), (60, 40, 30)),
    ]
    return RealDrawings(ArtSet(np.stack([_square(c) for _, c in rows]), tuple(r for r, _ in rows)))


def _draw(engine: RealDrawings, brief: Brief) -> Pixels:
    spec = Spec("", "en", brief, 128, 128, transparent=True)
    return next(iter(engine.generate([spec], [Rng(0)]))).pixels


def test_style_and_tone(engine: RealDrawings) -> None:
    assert tuple(_draw(engine, Brief((Thing("cat"),)))[64, 64, :3]) == (200, 0, 0)
    assert tuple(_draw(engine, Brief((Thing("cat"),), style="flat"))[64, 64, :3]) == (0, 200, 0)
    assert tuple(_draw(engine, Brief((Thing("cook"),)))[64, 64, :3]) == (250, 250, 0)
    assert tuple(_draw(engine, Brief((Thing("cook", skin=5),)))[64, 64, :3]) == (60, 40, 30)


def test_relation(engine: RealDrawings) -> None:
    brief = Brief((Thing("cat"), Thing("dog")), (Relation("right-of", 0, 1),))
    picture = _draw(engine, brief)
    assert tuple(picture[64, 33, :3]) == (0, 0, 200)
    assert tuple(picture[64, 95, :3]) == (200, 0, 0)


def test_ground(engine: RealDrawings) -> None:
    picture = _draw(engine, Brief((Thing("cat"),), background="blue"))
    assert (picture[..., 3] == 255).all()
