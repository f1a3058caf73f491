"""What the judge sees with, without its network: bringing pictures to one size, edges, colours."""

import numpy as np

from danqing.evaluation.features import bend, centred, edge_histogram


def _bar(angle: str, side: int = 128) -> np.ndarray:
    picture = np.zeros((side, side, 4), np.uint8)
    third = side // 3
    if angle == "upright":
        picture[:, third : 2 * third] = (200, 30, 30, 255)
    else:
        picture[third : 2 * third] = (200, 30, 30, 255)
    return picture


def test_size_and_place_say_nothing() -> None:
    large = np.zeros((128, 128, 4), np.uint8)
    large[20:100, 20:100] = (10, 120, 200, 255)
    small = np.zeros((128, 128, 4), np.uint8)
    small[70:110, 5:45] = (10, 120, 200, 255)
    difference = centred(large).astype(int) - centred(small)
    assert np.abs(difference).mean() < 3


def test_an_opaque_picture_is_taken_whole() -> None:
    picture = np.full((128, 128, 4), 255, np.uint8)
    picture[:, :64, :3] = 0
    small = centred(picture)
    assert small[32, 10].tolist() == [0, 0, 0]
    assert small[32, 55].tolist() == [255, 255, 255]


def test_nothing_is_white() -> None:
    assert (centred(np.zeros((128, 128, 4), np.uint8)) == 255).all()


def test_edges_know_their_direction() -> None:
    upright = edge_histogram(centred(_bar("upright"))).reshape(64, 8)
    lying = edge_histogram(centred(_bar("lying"))).reshape(64, 8)
    assert upright.sum(0).argmax() != lying.sum(0).argmax()


def test_edges_of_nothing_are_none() -> None:
    assert not edge_histogram(np.full((64, 64, 3), 255, np.uint8)).any()


def test_bending_keeps_the_drawing_and_its_frame() -> None:
    rng = np.random.default_rng(0)
    bent = [bend(_bar("upright"), rng) for _ in range(10)]
    assert {b.shape for b in bent} == {(128, 128, 4)}
    assert all((b[..., 0] > 150).any() for b in bent)
