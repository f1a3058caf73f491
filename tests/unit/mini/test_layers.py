"""Several things are drawn each on its own sheet and put together, on a paper that shows them."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from danqing.engines.mini.conditions import Recalled
from danqing.engines.mini.layers import FULL, Layer, in_layers, put_together
from danqing.engines.mini.layout import Box, Placed
from danqing.engines.mini.paper import paper_for

LEFT, RIGHT = Box(0.25, 0.5, 0.4, 0.4), Box(0.75, 0.5, 0.4, 0.4)
RED, BLUE = (200, 30, 30), (30, 30, 200)


def thing(concept: str, box: Box, *, backdrop: bool = False) -> Recalled:
    return Recalled(Placed(concept, box, -1 if backdrop else 0, backdrop=backdrop), "flat")


def sheet(colour: tuple[int, int, int], side_px: int = 64) -> np.ndarray:
    return np.full((side_px, side_px, 4), (*colour, 255), np.uint8)


def drawing(colour: tuple[int, int, int]) -> Image.Image:
    canvas = Image.new("RGBA", (256, 256))
    canvas.paste((*colour, 255), (60, 60, 200, 200))
    return canvas


def test_one_thing_is_drawn_where_it_stands() -> None:
    only = (thing("cat", FULL),)
    assert in_layers(only) == (Layer(only, "flat"),)


def test_of_two_things_each_has_the_whole_of_its_sheet() -> None:
    layers = in_layers((thing("gate", RIGHT, backdrop=True), thing("cat", LEFT)))
    assert [layer.objects[0].placed.concept for layer in layers] == ["gate", "cat"]
    for layer, box in zip(layers, (RIGHT, LEFT), strict=True):
        (recalled,) = layer.objects
        assert (recalled.placed.box, recalled.placed.backdrop) == (FULL, False)
        assert layer.box is not None
        assert (layer.box.x, layer.box.y) == (box.x, box.y)
        assert layer.box.w * FULL.w == pytest.approx(box.w)  # what fills its sheet fills its box


def test_sheets_lie_in_their_boxes_the_later_ones_on_top() -> None:
    whole = Box(0.5, 0.5, 1, 1)
    canvas = np.asarray(put_together([(sheet(RED), whole), (sheet(BLUE), RIGHT)], 128))
    assert canvas.shape == (128, 128, 4)
    assert tuple(canvas[64, 32, :3]) == RED
    assert tuple(canvas[64, 96, :3]) == BLUE


def test_a_sheet_that_is_the_canvas_is_brought_to_its_size() -> None:
    assert put_together([(sheet(RED), None)], 96).size == (96, 96)


def test_paper_is_white_unless_the_drawing_would_be_lost_on_it() -> None:
    assert paper_for(drawing(RED)) == (255, 255, 255)
    assert paper_for(Image.new("RGBA", (64, 64))) == (255, 255, 255)
    found = paper_for(drawing((250, 250, 248)))
    assert found != (255, 255, 255)
    assert np.linalg.norm(np.subtract(found, (250, 250, 248))) > 30
