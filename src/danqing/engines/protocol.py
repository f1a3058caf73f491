"""What an engine is. Plugin authors import `danqing.engines` and `danqing.request`, nothing else.

An engine sees a Spec (what to draw) and an Rng (one per picture), never who asked or what was
permitted. Engines register under the entry-point group `danqing.engines`; built-in ones use the same
door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from danqing.request.types import Brief, Language

Mode = Literal["text-to-image", "image-to-image", "inpaint", "variation"]
Pixels = npt.NDArray[np.uint8]
GUESSED = "word:guessed"


@dataclass(frozen=True, slots=True)
class Preview:
    """One picture of a batch as far as it is. number: which spec's, from 0. share: how much of it is
    done, in [0, 1].

    draw: makes its pixels, shaped as a Result's. It costs something, so it is called only where
    somebody watches, and only until the on_progress it was given to returns.
    """

    number: int
    share: float
    draw: Callable[[], Pixels]


class OnProgress(Protocol):
    """Called with the share of the whole batch that is done, in [0, 1], and the pictures this step
    changed, where an engine can show them. It may raise to cancel."""

    def __call__(self, share: float, previews: Sequence[Preview] = (), /) -> None: ...


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do. sizes: (width, height) in pixels it draws natively; others are resampled.

    languages: BCP 47 tags of prompts it was made for. honours_seed: same spec, seed, weights and
    compute path give the same pixels. transparent: can leave the ground clear. writes_text: can put
    legible words into a picture, so that policy reads them.
    """

    modes: tuple[Mode, ...] = ("text-to-image",)
    sizes: tuple[tuple[int, int], ...] = ((512, 512),)
    languages: tuple[Language, ...] = ("zh-Hans", "zh-Hant", "en")
    styles: tuple[str, ...] = ()
    honours_seed: bool = True
    transparent: bool = False
    writes_text: bool = False


@dataclass(frozen=True, slots=True)
class Taught:
    """A concept the user taught, which the Brief names: all there is to know of how it looks.

    concept: its id in the Brief. sketches: one or more, each a square of 64 or 32 px, uint8 straight RGBA.
    """

    concept: str
    sketches: tuple[Pixels, ...]


@dataclass(frozen=True, slots=True)
class StandIn:
    """A word the lexicon lacks, and the concept nearest to it: what the Brief has in its place.

    word: as it was typed, for engines that can make something of it.
    """

    concept: str
    word: str


@dataclass(frozen=True, slots=True)
class Spec:
    """One picture to draw. text: the prompt, for engines that read it themselves.

    picture: (height_px, width_px, 4) uint8 straight RGBA to start from, opaque unless transparent, and
    mask: (height_px, width_px) uint8, 255 = redraw, 0 = keep; both None for text to image. What a mask
    keeps is put back after the engine, to the last bit, so an engine need not be exact there. strength:
    from 0.01, which all but keeps the picture, to 1, which ignores it.
    taught: the Brief's concepts that were taught here; an engine that can't draw them ignores them.
    stand_ins: the Brief's concepts that only stand in for a word.
    """

    text: str
    language: Language
    brief: Brief
    width_px: int
    height_px: int
    style: str | None = None
    transparent: bool = False
    picture: Pixels | None = None
    mask: npt.NDArray[np.uint8] | None = None
    strength: float = 1.0
    taught: tuple[Taught, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()


@dataclass(frozen=True, slots=True)
class Rng:
    """The one source of randomness of one picture. seed: 0 ≤ seed < 2⁶³."""

    seed: int

    def generator(self, purpose: str = "") -> np.random.Generator:
        """A numpy generator for this seed; another stream for each purpose (Philox, counter-based)."""
        salt = int.from_bytes(purpose.encode("utf-8"), "big")
        return np.random.Generator(np.random.Philox(np.random.SeedSequence([self.seed, salt])))


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something asked that the engine can't honour. what: as in `Understood.meaning`, e.g. `colour:red`.

    instead: what was drawn in its place (a concept id), `GUESSED` where it was guessed from how the word
    is written, or None when it was left out.
    """

    what: str
    instead: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """pixels: (height_px, width_px, 4) uint8 straight RGBA. core_s: processor seconds this picture took."""

    pixels: Pixels
    ignored: tuple[Ignored, ...] = ()
    core_s: float = 0.0


@runtime_checkable
class Engine(Protocol):
    """name: as registered."""

    name: str
    capabilities: Capabilities

    @property
    def version(self) -> str:
        """Changes whenever the same seed may give other pixels: weights hash and compute path, e.g.
        `mini-3f2a91c0/onnxruntime-cpu-fp32`. Reading it may load the weights."""
        ...

    def generate(
        self, specs: Sequence[Spec], rngs: Sequence[Rng], on_progress: OnProgress | None = None
    ) -> Iterator[Result]:
        """Yield one Result per spec, in order. Raises EngineUnavailable or Unsupported before the first."""
        ...


@dataclass(frozen=True, slots=True)
class Rendered:
    """One picture as an engine made it, with what made it. Not yet looked at, not yet labelled."""

    spec: Spec
    seed: int
    engine: str
    engine_version: str
    result: Result
