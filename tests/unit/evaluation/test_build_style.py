"""The network that tells styles, on two hands that differ in nothing but their rims."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from danqing.training.art import ArtSet, Row

pytest.importorskip("torch")
pytest.importorskip("onnx")

from danqing.evaluation.build_style import STYLE_RECIPE, learns_style, make_style

pytestmark = [
    pytest.mark.train,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.*LeafSpec.*:FutureWarning"),
]
STYLES = ("plain", "inked")


def _drawing(style: str, rng: np.random.Generator) -> np.ndarray:
    """A disc of any colour, size and place; one of the hands draws a dark rim around it."""
    y, x = (np.mgrid[:128, :128] + 0.5) / 64 - 1
    far = np.hypot(x - rng.uniform(-0.3, 0.3), y - rng.uniform(-0.3, 0.3))
    radius = rng.uniform(0.4, 0.65)
    picture = np.zeros((128, 128, 4), np.uint8)
    picture[far < radius] = (*rng.integers(100, 256, 3), 255)
    if style == "inked":
        picture[(far < radius) & (far > radius - 0.08)] = (20, 20, 20, 255)
    return picture


def _art(concepts: int) -> ArtSet:
    rng = np.random.default_rng(1)
    rows = [Row(s, f"thing-{i}", "", 0, "Apache-2.0", "") for i in range(concepts) for s in STYLES]
    return ArtSet(np.stack([_drawing(row.style, rng) for row in rows]), tuple(rows))


def test_a_hand_is_known_again_by_things_it_never_drew_before(tmp_path: Path) -> None:
    recipe = replace(STYLE_RECIPE, steps=40, batch=16, warmup=4)
    learning = make_style(_art(24), STYLES, tmp_path, recipe)
    steps = []
    while True:
        try:
            steps.append(next(learning))
        except StopIteration as end:
            own = end.value
            break
    assert (steps[-1].done, steps[-1].of) == (40, 40)
    assert own["top1"] > 0.9
    assert own["softened"] > 0.9
    unseen = {row.concept for row in _art(24).rows if not learns_style(row.concept)}
    assert own["count"] == len(unseen) * len(STYLES)


def test_half_of_the_concepts_are_kept_for_measuring() -> None:
    learned = [learns_style(f"concept-{i}") for i in range(2000)]
    assert 900 < sum(learned) < 1100
