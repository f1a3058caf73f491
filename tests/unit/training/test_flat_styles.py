"""Which styles are flat is measured on their drawings when weights are exported."""

from __future__ import annotations

import numpy as np
import pytest

pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("ignore")]
pytest.importorskip("torch", reason="training needs the [train] extra")
pytest.importorskip("onnx", reason="training needs the [train] extra")

from danqing.training.art import ArtSet, Row
from danqing.training.export import flat_styles
from danqing.training.scenes import Library


def square(shaded: bool) -> np.ndarray:
    """(128, 128, 4) straight RGBA: a grey square, even or with soft lights and shadows."""
    down, across = np.mgrid[:96, :96] / 30
    grey = 135 + shaded * 90 * np.sin(across) * np.cos(down)
    picture = np.zeros((128, 128, 4), np.uint8)
    picture[16:112, 16:112, :3] = grey[..., None]
    picture[16:112, 16:112, 3] = 255
    return picture


def test_shading_is_not_flat() -> None:
    rows = [Row(style, "box", "", 0, "Apache-2.0", style) for style in ("even", "shaded")]
    art = ArtSet(np.stack([square(False), square(True)]), tuple(rows))
    assert flat_styles(Library(art, {"box": "object"}, {})) == ("even",)
