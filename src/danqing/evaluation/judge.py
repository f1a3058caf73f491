"""The judge: says what a picture shows, without knowing who drew it or what was asked
(ONNX Runtime).

A judge folder holds classifiers on frozen features (what a picture shows, in which skin tone), two small
networks (one finds things, one tells styles), and what real pictures are like (edges, descriptors for near
copies). `danqing.evaluation.build_judge` makes it from the pinned art; it is kept in the user's home and not
shipped, since two of its sources are share-alike.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.errors import DataError
from danqing.evaluation.catalogue import Catalogue
from danqing.evaluation.classes import class_of
from danqing.evaluation.features import COLOURS, DEEP, EDGES, Features
from danqing.evaluation.linear import Blend
from danqing.evaluation.tone import skin_lightness, tone_of

if TYPE_CHECKING:
    import onnxruntime

Pixels = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float32]
SIDE = 64
STYLE_SIDE = 128
_CROP_MARGIN = 1.12
_REMEMBERED = 32


@dataclass(frozen=True, slots=True)
class Found:
    """Something found in a picture: centre and size as shares of its side, and how sure the
    finder is."""

    x: float
    y: float
    w: float
    h: float
    score: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well a picture shows a concept. rank: 0 = the judge's first choice. seen: its
    first choice."""

    rank: int
    seen: str


class Judge:
    """The classifiers and the finder of one judge folder, loaded on first use. Raises DataError
    when a file is missing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        names = ["features.onnx", "finder.onnx", "style.onnx", "classifiers.npz", "judge.json",
                 "references.npz"]  # fmt: skip
        missing = [name for name in names if not (folder / name).is_file()]
        if missing:
            raise DataError("evaluation.judge_missing", folder=str(folder), file=missing[0])
        card: dict[str, Any] = json.loads((folder / "judge.json").read_text("utf-8"))
        self.classes: tuple[str, ...] = tuple(card["classes"])
        self.styles: tuple[str, ...] = tuple(card["styles"])
        self.own: dict[str, Any] = card["own"]
        self.finder_threshold: float = card["finder_threshold"]
        self._tone_thresholds: tuple[float, ...] = tuple(card["tone_thresholds"])
        self.catalogue = Catalogue.read(card["catalogue"])
        self._bodies = {class_of(c): e.body for c, e in self.catalogue.entries.items() if e.body}
        self._remembered: dict[bytes, Array] = {}
        self._number = {name: i for i, name in enumerate(self.classes)}

    @cached_property
    def _finder(self) -> onnxruntime.InferenceSession:
        return self._network("finder")

    @cached_property
    def _styles(self) -> onnxruntime.InferenceSession:
        return self._network("style")

    def _network(self, name: str) -> onnxruntime.InferenceSession:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        return ort.InferenceSession(
            str(self.folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _concepts(self) -> Blend:
        with np.load(self.folder / "classifiers.npz") as stored:
            return Blend.read(stored, (DEEP, EDGES, COLOURS))

    @cached_property
    def _features(self) -> Features:
        return Features(self.folder / "features.onnx")

    def _concept_scores(self, pictures: list[Pixels]) -> Array:
        """(N, classes): log-odds up to a constant per picture."""
        return self._concepts.scores(np.stack([self._seen(p) for p in pictures]))

    def _seen(self, picture: Pixels) -> Array:
        """Features of one picture, (1728,). One measure asks for the same picture several
        times."""
        key = picture.tobytes()
        if key not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = self._features([picture])[0]
        return self._remembered[key]

    def body(self, picture: Pixels) -> str:
        """slim, average or plus: the build of the person most like the one in the picture, among the people
        whose build is known."""
        known = [name for name in self._bodies if name in self._number]
        scores = self._concept_scores([picture])[0]
        return self._bodies[max(known, key=lambda name: scores[self._number[name]])]

    def knows(self, concept: str) -> bool:
        return class_of(concept) in self._number

    def verdict(self, picture: Pixels, concept: str) -> Verdict:
        """How well a picture (H, W, 4) shows one concept."""
        scores = self._concept_scores([picture])[0]
        own = scores[self._number[class_of(concept)]]
        return Verdict(int((scores > own).sum()), self.classes[int(scores.argmax())])

    def log_shares(self, pictures: list[Pixels], concepts: list[str]) -> Array:
        """log P(concept | picture), (pictures, concepts)."""
        scores = self._concept_scores(pictures)
        scores = scores - scores.max(1, keepdims=True)
        shares = scores - np.log(np.exp(scores).sum(1, keepdims=True))
        chosen: Array = shares[:, [self._number[class_of(c)] for c in concepts]]
        return chosen

    def style(self, picture: Pixels) -> str:
        """Which of `styles` a picture (H, W, 4) of one thing is drawn in."""
        seen = Image.fromarray(picture).convert("RGBa")
        if seen.size != (STYLE_SIDE, STYLE_SIDE):
            seen = seen.resize((STYLE_SIDE, STYLE_SIDE), Image.Resampling.BILINEAR)
        x = np.moveaxis(np.asarray(seen, np.float32) / 255, -1, 0)[None]
        logits: Array = self._styles.run(None, {"x": x})[0]
        return self.styles[int(logits[0].argmax())]

    def tone(self, picture: Pixels) -> int | None:
        """A person's skin tone, 1 (light) to 5 (dark); None where no skin is seen."""
        return tone_of(skin_lightness(picture), self._tone_thresholds)

    def find(self, picture: Pixels) -> tuple[Found, ...]:
        """The things in a picture, surest first."""
        out = self._finder.run(None, {"x": prepare(picture)[None]})[0][0]
        return peaks(out, self.finder_threshold)


def prepare(picture: Pixels) -> Array:
    """(H, W, 4) uint8 straight RGBA → (3, 64, 64) float32 in [-1, 1], over white."""
    image = Image.fromarray(picture).convert("RGBa")
    if image.size != (SIDE, SIDE):
        image = image.resize((SIDE, SIDE), Image.Resampling.BOX)
    unit = np.asarray(image).astype(np.float32) / 255
    rgb = unit[..., :3] + 1 - unit[..., 3:]
    return np.ascontiguousarray(np.clip(rgb, 0, 1).transpose(2, 0, 1) * 2 - 1)


def peaks(found: Array, threshold: float) -> tuple[Found, ...]:
    """Local maxima of the centre logits (channel 0 of (3, 16, 16)) above a probability.

    Two peaks within a cell of each other, or one inside the other's middle, are one
    thing.
    """
    heat = 1 / (1 + np.exp(-found[0]))
    cells = heat.shape[0]
    padded = np.pad(heat, 1)
    around = np.stack(
        [padded[dy : dy + cells, dx : dx + cells] for dy in range(3) for dx in range(3)]
    )
    rows, columns = np.nonzero((heat >= around.max(0)) & (heat > threshold))
    candidates = sorted(
        (
            Found(
                (c + 0.5) / cells,
                (r + 0.5) / cells,
                float(np.clip(found[1, r, c], 0.05, 1)),
                float(np.clip(found[2, r, c], 0.05, 1)),
                float(heat[r, c]),
            )
            for r, c in zip(rows, columns, strict=True)
        ),
        key=lambda f: -f.score,
    )
    kept: list[Found] = []
    for f in candidates:
        if all(
            abs(f.x - k.x) > max(1.2 / cells, 0.25 * min(f.w, k.w))
            or abs(f.y - k.y) > max(1.2 / cells, 0.25 * min(f.h, k.h))
            for k in kept
        ):
            kept.append(f)
    return tuple(kept)


def crop(picture: Pixels, found: Found) -> Pixels:
    """The square around something found, with a little margin; what lies outside is
    clear."""
    height, width = picture.shape[:2]
    side = round(max(found.w * width, found.h * height) * _CROP_MARGIN)
    left, top = round(found.x * width - side / 2), round(found.y * height - side / 2)
    box = (left, top, left + side, top + side)
    return np.asarray(Image.fromarray(picture).crop(box))
