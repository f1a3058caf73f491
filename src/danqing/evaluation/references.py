"""What real pictures are like: how sharp they are, and which generated picture is nearly one of
them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

Pixels = npt.NDArray[np.uint8]
Array = npt.NDArray[np.float32]
DESCRIPTOR_SIDE = 20
NEAR_PERCENTILE = 5.0


def edge_energy(straight: Pixels) -> float:
    """Mean squared difference of neighbouring pixels over all four premultiplied channels in [0,
    1].

    A blurred edge of k pixels has 1/k of the energy of a crisp one, and everything flat has none.
    """
    unit = np.asarray(Image.fromarray(straight).convert("RGBa")).astype(np.float32) / 255
    dx, dy = np.diff(unit, axis=1), np.diff(unit, axis=0)
    return float(np.square(dx).mean() + np.square(dy).mean())


def descriptor(straight: Pixels) -> Pixels:
    """(20, 20, 4) uint8 premultiplied: the solid part of a picture, brought to one size and
    place."""
    image = Image.fromarray(straight)
    box = image.getchannel("A").point(lambda a: 255 * (a > 100)).getbbox()
    if box is not None:
        side = max(box[2] - box[0], box[3] - box[1])
        left, top = (box[0] + box[2] - side) // 2, (box[1] + box[3] - side) // 2
        image = image.crop((left, top, left + side, top + side))
    size = (DESCRIPTOR_SIDE, DESCRIPTOR_SIDE)
    return np.array(image.convert("RGBa").resize(size, Image.Resampling.BOX)).reshape(*size, 4)


def distances(one: Pixels, many: Pixels) -> Array:
    """Root mean square difference of descriptors, in [0, 1]. many: (N, 20, 20, 4) → (N,)."""
    difference = many.astype(np.float32) - one.astype(np.float32)
    apart: Array = np.sqrt(np.square(difference / 255).mean((1, 2, 3)))
    return apart


@dataclass(frozen=True, slots=True)
class References:
    """descriptors: (N, 20, 20, 4) of every training picture of a thing. energy: (N,) at 128 px.

    labels: "style concept" per picture. energy_512: mean per style, of a sample rendered at 512 px.
    near_distance: descriptors of one thing in two styles are nearer than this in 5 % of cases only.
    """

    descriptors: Pixels
    energy: Array
    labels: tuple[str, ...]
    energy_512: dict[str, float]
    near_distance: float

    def save(self, file: Path) -> None:
        np.savez_compressed(
            file,
            descriptors=self.descriptors,
            energy=self.energy,
            labels=np.array(self.labels),
            styles_512=np.array(list(self.energy_512)),
            energy_512=np.array(list(self.energy_512.values()), np.float32),
            near_distance=np.float32(self.near_distance),
        )

    @classmethod
    def load(cls, file: Path) -> References:
        with np.load(file) as data:
            return cls(
                data["descriptors"],
                data["energy"],
                tuple(str(label) for label in data["labels"]),
                {
                    str(style): float(value)
                    for style, value in zip(data["styles_512"], data["energy_512"], strict=True)
                },
                float(data["near_distance"]),
            )

    def energy_of(self, style: str, concept: str) -> float | None:
        """Mean edge energy of real drawings of one thing in one style at 128 px; None if there is
        none."""
        found = [i for i, label in enumerate(self.labels) if label == f"{style} {concept}"]
        return float(self.energy[found].mean()) if found else None

    def nearest(self, straight: Pixels) -> float:
        """Distance to the nearest training picture."""
        return float(distances(descriptor(straight), self.descriptors).min())


def calibrate_near(descriptors: Pixels, labels: tuple[str, ...], rng: np.random.Generator) -> float:
    """The distance below which only 5 % of pairs lie that show one thing in two styles."""
    by_concept: dict[str, dict[str, list[int]]] = {}
    for i, label in enumerate(labels):
        style, concept = label.split(" ", 1)
        by_concept.setdefault(concept, {}).setdefault(style, []).append(i)
    found = []
    for styles in by_concept.values():
        names = sorted(styles)
        for a in range(len(names)):
            for b in range(a + 1, len(names)):
                one = styles[names[a]][int(rng.integers(len(styles[names[a]])))]
                other = styles[names[b]][int(rng.integers(len(styles[names[b]])))]
                found.append(float(distances(descriptors[one], descriptors[other][None])[0]))
    return float(np.percentile(found, NEAR_PERCENTILE))
