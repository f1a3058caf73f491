"""Reading the words in a picture, so that the rules for words apply to them too: RapidOCR (extra `ocr`).

What is read is a guess: small, curved or faint writing is missed, and drawings can be read as letters.
"""

from __future__ import annotations

import threading
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.policy.pictures import flatten

MIN_CONFIDENCE = 0.6
MAX_SIDE_PX = 2048


class TextReader(Protocol):
    """read: the lines of text in a picture, from top to bottom."""

    def read(self, pixels: Pixels) -> tuple[str, ...]:
        """pixels: (H, W, 4) uint8 straight RGBA."""
        ...


class RapidReader:
    """RapidOCR's Chinese and English models on ONNX Runtime, loaded with the first picture."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: Any = None

    def read(self, pixels: Pixels) -> tuple[str, ...]:
        """Lines read with a confidence of at least 0.6, on white, at most 2,048 pixels a side."""
        picture = flatten(pixels, 255)
        picture.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX))
        bgr = np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])
        with self._lock:
            if self._engine is None:
                from rapidocr import RapidOCR

                self._engine = RapidOCR(params={"Global.log_level": "critical"})
            found = self._engine(bgr)
        lines = zip(found.txts or (), found.scores or (), strict=True)
        return tuple(text for text, score in lines if score >= MIN_CONFIDENCE)


def installed_reader() -> TextReader | None:
    """The reader, where the extra `ocr` is installed."""
    return RapidReader() if find_spec("rapidocr") is not None else None
