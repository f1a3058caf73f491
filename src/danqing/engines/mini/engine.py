"""The embedded engine: a Brief in, a picture out, in about a fifth of a second on two cores."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.diffusion.sampler import sample
from danqing.engines.mini.conditions import SKETCH_PIXELS, Conditions, lay_out, recall, tell
from danqing.engines.mini.developing import Darkroom, Developed, Sheet
from danqing.engines.mini.layers import Layer, in_layers
from danqing.engines.mini.meter import Meter
from danqing.engines.mini.model import MiniModel
from danqing.engines.mini.pixels import to_network
from danqing.engines.mini.understanding import Drawable, understand
from danqing.engines.protocol import (
    Capabilities,
    Ignored,
    OnProgress,
    Preview,
    Result,
    Rng,
    Spec,
)

NATIVE_SIDE = 128
UPSCALED_SIDE = 512
_AT_ONCE = 2  # sheets developed side by side, and pictures drawn before the first is handed over
Array = npt.NDArray[np.float32]
Feeds = dict[str, npt.NDArray[Any]]


def shipped_weights() -> Path:
    """The weights folder in the package."""
    return Path(str(files("danqing.engines.mini") / "weights"))


@dataclass
class _Picture:
    """Drawn, or being drawn. sheets: those that are finished, being developed."""

    number: int
    darkroom: Darkroom
    sheets: list[Future[Developed]] = field(default_factory=list)

    @property
    def is_developed(self) -> bool:
        """Of one that is drawn."""
        return all(sheet.done() for sheet in self.sheets)


@dataclass(frozen=True, slots=True)
class _Step:
    """share: of the picture that is done. outlook: its sheets as the network expects them in the end."""

    share: float
    outlook: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class _Finished:
    """One sheet is drawn."""

    sheet: Sheet


class MiniEngine:
    """Danqing's own model. folder: another weights folder than the one in the package.

    steps, guidance, guess, use_memory: for measuring; None means as the model card says.
    """

    name = "mini"

    def __init__(
        self,
        folder: Path | None = None,
        *,
        steps: int | None = None,
        guidance: float | None = None,
        guess: bool | None = None,
        use_memory: bool = True,
    ) -> None:
        self.model = MiniModel(folder or shipped_weights())
        self._steps = steps or self.model.card.steps
        self._guidance = self.model.card.guidance if guidance is None else guidance
        self._guesses = self.model.card.guess if guess is None else guess
        self._use_memory = use_memory
        self.capabilities = Capabilities(
            modes=("text-to-image", "image-to-image", "inpaint", "variation"),
            sizes=((NATIVE_SIDE, NATIVE_SIDE), (UPSCALED_SIDE, UPSCALED_SIDE)),
            styles=self.model.card.words.styles,
            transparent=True,
        )

    @property
    def version(self) -> str:
        return self.model.version

    def generate(
        self, specs: Sequence[Spec], rngs: Sequence[Rng], on_progress: OnProgress | None = None
    ) -> Iterator[Result]:
        """Draw each spec by itself: batch-mates never change a picture.

        A sheet is developed while the next one is drawn, be it of the same picture or of the next.
        """
        drawables = [self.understand(spec) for spec in specs]
        in_work: deque[_Picture] = deque()
        meter = Meter()
        threads = ThreadPoolExecutor(_AT_ONCE)
        try:
            for n, (spec, drawable, rng) in enumerate(zip(specs, drawables, rngs, strict=True)):
                picture = _Picture(n, Darkroom(self.model, spec, drawable))
                in_work.append(picture)
                meter.begin(n)
                for made in self._draw(spec, drawable, rng):
                    if isinstance(made, _Finished):
                        picture.sheets.append(threads.submit(picture.darkroom.develop, made.sheet))
                    elif on_progress is not None:
                        shown = partial(picture.darkroom.glimpse, made.outlook)
                        with meter.stopped():
                            share = (n + made.share) / len(specs)
                            on_progress(share, (Preview(n, made.share, shown),))
                    if in_work[0] is not picture and in_work[0].is_developed:
                        yield from self._hand_over(in_work.popleft(), meter)
                while len(in_work) > _AT_ONCE:
                    yield from self._hand_over(in_work.popleft(), meter)
            while in_work:
                yield from self._hand_over(in_work.popleft(), meter)
        finally:
            threads.shutdown(cancel_futures=True)

    def _hand_over(self, picture: _Picture, meter: Meter) -> Iterator[Result]:
        sheets = [sheet.result() for sheet in picture.sheets]
        pixels = picture.darkroom.put_together(sheets)
        drawable = picture.darkroom.drawable
        ignored = drawable.ignored + self._left_out(drawable)
        result = Result(pixels, ignored, meter.end(picture.number))
        with meter.stopped():
            yield result

    def understand(self, spec: Spec) -> Drawable:
        """What of a spec can be drawn. Raises Unsupported when nothing of it can."""
        return understand(spec, self.model.card, guesses=self._guesses)

    def _left_out(self, drawable: Drawable) -> tuple[Ignored, ...]:
        return lay_out(drawable.brief, np.random.default_rng(0))[1]

    def _draw(self, spec: Spec, drawable: Drawable, rng: Rng) -> Iterator[_Step | _Finished]:
        card, chance = self.model.card, rng.generator("layout")
        layout, _ = lay_out(drawable.brief, chance)
        memory = self.model.memory.with_taught(spec.taught) if self._use_memory else None
        # A picture that is changed is one sheet: what is in it can't be taken apart.
        changed = spec.picture is not None
        objects = recall(
            layout,
            card=card,
            memory=memory,
            style=drawable.style,
            rng=chance,
            style_open=not changed and not drawable.style_asked,
            toned_later=not changed,
        )
        told = partial(
            tell, card=card, sketched=self._use_memory, encode=self.model.encode,
            words=drawable.words,
        )  # fmt: skip
        layers = (Layer(objects, drawable.style),) if changed else in_layers(objects)
        noise = rng.generator("noise")
        done: tuple[Sheet, ...] = ()
        for k, layer in enumerate(layers):
            ground = drawable.brief.background if changed else None
            steps = self._steps_of(
                spec, told(layer.objects, style=layer.style, ground=ground), noise
            )
            for n, (z, outlook) in enumerate(steps, start=1):  # noqa: B007 - the last is used
                share = (k + n / (self._steps + 1)) / len(layers)
                yield _Step(share, (*done, (outlook, layer)))
            done = (*done, (z, layer))
            yield _Finished(done[-1])

    def _steps_of(
        self, spec: Spec, conditions: Conditions, chance: np.random.Generator
    ) -> Iterator[tuple[Array, Array]]:
        """Draw one sheet: yield its patches, (1, 64, 32), after each step and what is expected of them."""
        card = self.model.card
        noise = outlook = chance.standard_normal((1, 64, 32), dtype=np.float32)
        told = _feeds(conditions)
        if card.subwords:
            told["words"] = conditions.words
        nothing = {name: np.zeros_like(value) for name, value in told.items()}

        def denoise(z: Array, t: float) -> tuple[Array, Array | None]:
            def predict(conditions: Feeds) -> Array:
                at = np.full(1, t, np.float32)
                x_hat: Array = self.model.denoiser.run(None, {"z": z, "t": at, **conditions})[0]
                return x_hat

            nonlocal outlook
            outlook = predict(told)
            # Weights with guidance trained into them need no second prediction.
            return outlook, predict(nothing) if self._guidance != 1 else None

        # The sketch's own latents are where a drawing sets out from, unless it has a picture to change.
        picture, start = conditions.sketch[..., SKETCH_PIXELS:], card.start
        if spec.picture is not None:
            square = _central_square(Image.fromarray(spec.picture), NATIVE_SIDE)
            picture = self.model.encode(to_network(np.asarray(square)[None]))
            start = 1 - spec.strength
        elif not conditions.has_sketch.any():
            start = 0.0
        for z in sample(
            denoise,
            noise,
            steps=self._steps,
            guidance=self._guidance,
            picture=picture,
            start=start,
            redraw=None if spec.mask is None else _mask_patches(spec.mask),
        ):
            yield z, outlook


def _feeds(conditions: Conditions) -> Feeds:
    """The denoiser's inputs beside z, t and words."""
    return {
        "objects": conditions.objects,
        "boxes": conditions.boxes,
        "style": conditions.style,
        "ground": conditions.ground,
        "sketch": conditions.sketch,
        "has_sketch": conditions.has_sketch,
    }


def _central_square(image: Image.Image, side_px: int) -> Image.Image:
    """The largest square in the middle of an RGBA or grey picture, brought to this side."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    if square.mode == "RGBA":
        square = square.convert("RGBa")
    square = square.resize((side_px, side_px), Image.Resampling.LANCZOS)
    return square.convert("RGBA") if square.mode == "RGBa" else square


def _mask_patches(mask: npt.NDArray[np.uint8]) -> Array:
    """(H, W) uint8, 255 = redraw → (1, 64, 1): a patch is redrawn if any of it is masked."""
    small = np.asarray(_central_square(Image.fromarray(mask), NATIVE_SIDE))
    squares: npt.NDArray[np.uint8] = small.reshape(8, 16, 8, 16).max(axis=(1, 3))
    redrawn: Array = (squares.reshape(1, 64, 1) > 127).astype(np.float32)
    return redrawn
