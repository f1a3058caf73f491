"""The embedded engine: a Brief in, a picture out, in about a fifth of a second on two cores."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.diffusion.sampler import sample
from danqing.engines.mini.conditions import SKETCH_PIXELS, Conditions, lay_out, recall, tell
from danqing.engines.mini.enlarging import enlarged
from danqing.engines.mini.evenness import evened
from danqing.engines.mini.layers import Layer, in_layers, put_together
from danqing.engines.mini.layout import Box
from danqing.engines.mini.model import MiniModel
from danqing.engines.mini.paper import paper_for
from danqing.engines.mini.pixels import latent_patches, to_network, to_straight
from danqing.engines.mini.tint import NAMED_COLOURS
from danqing.engines.mini.understanding import Drawable, understand
from danqing.engines.mini.vocabulary import index_of
from danqing.engines.protocol import (
    Capabilities,
    Ignored,
    OnProgress,
    Pixels,
    Preview,
    Result,
    Rng,
    Spec,
)

NATIVE_SIDE, LATENT_SHAPE = 128, (1, 8, 16, 16)
UPSCALED_SIDE = 512
_AT_ONCE = 2  # sheets decoded and enlarged side by side
MUCH_LARGER = 320  # from here on a sheet is worth the learned upscaler
Array = npt.NDArray[np.float32]
Feeds = dict[str, npt.NDArray[Any]]
# What is drawn: normalised latent patches (1, 64, 32), each with what it shows and where it goes.
Sheets = tuple[tuple[Array, Layer], ...]


def shipped_weights() -> Path:
    """The weights folder in the package."""
    return Path(str(files("danqing.engines.mini") / "weights"))


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
        """Draw each spec by itself: batch-mates never change a picture."""
        drawables = [self.understand(spec) for spec in specs]
        for n, (spec, drawable, rng) in enumerate(zip(specs, drawables, rngs, strict=True)):
            began = time.process_time()
            for share, sheets, outlook in self._draw(spec, drawable, rng):  # noqa: B007 - the last is used
                if on_progress is not None:
                    shown = partial(self._finish, outlook, spec, drawable, quick=True)
                    paused = time.process_time()
                    on_progress((n + share) / len(specs), (Preview(n, share, shown),))
                    began += time.process_time() - paused  # what watching costs isn't the picture's
            pixels = self._finish(sheets, spec, drawable)
            ignored = drawable.ignored + self._left_out(drawable)
            yield Result(pixels, ignored, time.process_time() - began)

    def understand(self, spec: Spec) -> Drawable:
        """What of a spec can be drawn. Raises Unsupported when nothing of it can."""
        return understand(spec, self.model.card, guesses=self._guesses)

    def _left_out(self, drawable: Drawable) -> tuple[Ignored, ...]:
        return lay_out(drawable.brief, np.random.default_rng(0))[1]

    def _draw(
        self, spec: Spec, drawable: Drawable, rng: Rng
    ) -> Iterator[tuple[float, Sheets, Sheets]]:
        """Yield (share done, sheets so far, what the network expects of them in the end); the first of the
        last step are finished."""
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
            toned_later=not changed,
        )
        told = partial(
            tell, card=card, sketched=self._use_memory, encode=self._encode, style=drawable.style,
            words=drawable.words,
        )  # fmt: skip
        layers = (Layer(objects),) if changed else in_layers(objects)
        noise = rng.generator("noise")
        done: Sheets = ()
        for k, layer in enumerate(layers):
            ground = drawable.brief.background if changed else None
            conditions = told(layer.objects, ground=ground)
            for n, (z, outlook) in enumerate(self._steps_of(spec, conditions, noise), start=1):
                share = (k + n / (self._steps + 1)) / len(layers)
                sheet = (*done, (z, layer))
                yield share, sheet, (*done, (outlook, layer))
            done = sheet

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
            picture = self._encode(to_network(np.asarray(square)[None]))
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

    def _encode(self, picture: Array) -> Array:
        """(1, 4, 128, 128) premultiplied in [-1, 1] → normalised latent patches (1, 64, 32)."""
        latent: Array = self.model.encoder.run(None, {"x": picture})[0]
        mean, std = self._statistics()
        normalised: Array = (latent_patches(latent) - mean) / std
        return normalised

    def _decode(self, patches: Array, style: str | None) -> Array:
        """Normalised latent patches (1, 64, 32) → (1, 4, 128, 128) premultiplied in [-1, 1]."""
        mean, std = self._statistics()
        latent = (patches * std + mean).reshape(1, 8, 8, 8, 2, 2).transpose(0, 3, 1, 4, 2, 5)
        feeds = {
            "z": latent.reshape(LATENT_SHAPE),
            "style": np.array([index_of(self.model.card.words.styles, style)], np.int64),
        }
        decoded: Array = self.model.decoder.run(None, feeds)[0]
        return decoded.clip(-1, 1)

    def _statistics(self) -> tuple[Array, Array]:
        card = self.model.card
        mean = np.repeat(np.array(card.latent_mean, np.float32), 4)
        return mean, np.repeat(np.array(card.latent_std, np.float32), 4)

    def _finish(
        self, sheets: Sheets, spec: Spec, drawable: Drawable, *, quick: bool = False
    ) -> Pixels:
        """Decode, enlarge and put on the ground that was asked: (height, width, 4) uint8.

        quick: enlarged without the network for it."""
        # A picture that is changed keeps its own style unless another was asked.
        kept = spec.picture is not None and not (spec.style or spec.brief.style)
        style = None if kept else drawable.style
        side = min(spec.width_px, spec.height_px)

        def see(sheet: tuple[Array, Layer]) -> tuple[Pixels, Box | None]:
            patches, layer = sheet
            drawn = self._decode(patches, style)
            if not quick and style in self.model.card.flat_styles:
                drawn = evened(drawn)
            if spec.picture is None:
                drawn = self._coloured(drawn, style, layer)
            return self._enlarged(drawn, _needed(layer.box, side), quick), layer.box

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            drawn = put_together(list(pool.map(see, sheets)), side)
        ground: tuple[int, ...] = (0, 0, 0, 0)
        if drawable.brief.background is not None:
            ground = (*NAMED_COLOURS[drawable.brief.background], 255)
        elif not spec.transparent:
            ground = (*paper_for(drawn), 255)
        page = Image.new("RGBA", drawn.size, ground)
        page.alpha_composite(drawn)
        # What lies beside the square that is drawn: the picture it was made from, or more ground.
        canvas = Image.new("RGBA", (spec.width_px, spec.height_px), ground)
        if spec.picture is not None:
            canvas = Image.fromarray(spec.picture)
        canvas.paste(page, ((spec.width_px - side) // 2, (spec.height_px - side) // 2))
        return np.asarray(canvas)

    def _coloured(self, drawn: Array, style: str | None, layer: Layer) -> Array:
        """A decoded sheet, (1, 4, 128, 128), in its style's colours and its skin tone, unless the thing on
        it was asked in a colour of its own."""
        (shown,) = layer.objects
        if shown.placed.colour:
            return drawn
        palettes = self.model.card.palettes
        straight = palettes.bring(to_straight(drawn)[0], style, shown.placed.skin)
        return to_network(palettes.tone(straight, style, shown.skin)[None])

    def _enlarged(self, drawn: Array, needed_px: int, quick: bool) -> Pixels:
        """One sheet as (side, side, 4) straight RGBA, as large as it is needed unless it has to be quick."""
        if not quick and needed_px > MUCH_LARGER:
            drawn = self.model.upscaler.run(None, {"x": drawn})[0]
        elif not quick and needed_px > NATIVE_SIDE:
            drawn = enlarged(drawn, needed_px)
        seen: Pixels = to_straight(drawn)[0]
        return seen


def _needed(box: Box | None, side_px: int) -> int:
    """How many pixels of the canvas a sheet takes up."""
    return side_px if box is None else round(min(box.w, box.h) * side_px)


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
