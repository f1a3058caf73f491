"""The embedded engine: a Brief in, a picture out, in about a fifth of a second on two cores."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from danqing.diffusion.sampler import sample
from danqing.engines.mini.conditions import SKETCH_PIXELS, Conditions, lay_out, tell
from danqing.engines.mini.layout import MAX_OBJECTS
from danqing.engines.mini.model import MiniModel
from danqing.engines.mini.pixels import latent_patches, to_network, to_straight
from danqing.engines.mini.tint import NAMED_COLOURS
from danqing.engines.mini.vocabulary import index_of
from danqing.engines.protocol import (
    GUESSED,
    Capabilities,
    Ignored,
    OnProgress,
    Pixels,
    Preview,
    Result,
    Rng,
    Spec,
)
from danqing.errors import Unsupported
from danqing.lexicon import lexicon
from danqing.request.types import Brief, Relation, Thing

NATIVE_SIDE, LATENT_SHAPE = 128, (1, 8, 16, 16)
UPSCALED_SIDE = 512
_WHITE = (255, 255, 255)
Array = npt.NDArray[np.float32]
Feeds = dict[str, npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Drawable:
    """A Brief cut down to what this model can draw, and what was ignored or replaced on the way.

    words: for each thing the word that its concept isn't, quite, or else empty. A thing told by its word
    alone has no concept: its id is empty.
    """

    brief: Brief
    style: str
    ignored: tuple[Ignored, ...]
    words: tuple[str, ...] = ()


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
            for share, patches, outlook in self._draw(spec, drawable, rng):  # noqa: B007 - the last is used
                if on_progress is not None:
                    shown = partial(self._finish, outlook, spec, drawable, quick=True)
                    paused = time.process_time()
                    on_progress((n + share) / len(specs), (Preview(n, share, shown),))
                    began += time.process_time() - paused  # what watching costs isn't the picture's
            pixels = self._finish(patches, spec, drawable)
            ignored = drawable.ignored + self._left_out(drawable)
            yield Result(pixels, ignored, time.process_time() - began)

    def understand(self, spec: Spec) -> Drawable:
        """What of a spec can be drawn. Raises Unsupported when nothing of it can."""
        known = {*self.model.card.words.concepts, *(taught.concept for taught in spec.taught)}
        stand_ins = {stand_in.concept: stand_in.word for stand_in in spec.stand_ins}
        ignored: list[Ignored] = []
        things: list[Thing] = []
        words: list[str] = []
        kept: dict[int, int] = {}
        for i, thing in enumerate(spec.brief.things):
            concept, word = self._nearest(thing.concept, known), stand_ins.get(thing.concept, "")
            if concept != thing.concept:
                word = word or _name(thing.concept)
                concept = self._guess(concept, word, thing.concept, ignored)
            if concept is not None:
                kept[i] = len(things)
                things.append(replace(thing, concept=concept))
                words.append(word)
        for word in spec.brief.unknown:
            near = lexicon().nearest(word, spec.language)
            concept = self._guess(near if near in known else None, word, word, ignored)
            if concept is not None:
                things.append(Thing(concept))
                words.append(word)
        setting = spec.brief.setting
        if setting is not None:
            concept = self._nearest(setting, known)
            if concept != setting:
                ignored.append(Ignored(setting, concept))
            setting = concept
        if not things and setting is not None:
            things, words, setting = [Thing(setting)], [""], None
        if not things and spec.picture is None:
            raise Unsupported("engine.nothing_to_draw")
        if len(things) > MAX_OBJECTS:
            rest = zip(things[MAX_OBJECTS:], words[MAX_OBJECTS:], strict=True)
            ignored += [Ignored(thing.concept or word) for thing, word in rest]
            things, words = things[:MAX_OBJECTS], words[:MAX_OBJECTS]
        relations = tuple(
            Relation(r.kind, kept[r.subject], kept[r.object])
            for r in spec.brief.relations
            if kept.get(r.subject, MAX_OBJECTS) < MAX_OBJECTS
            and kept.get(r.object, MAX_OBJECTS) < MAX_OBJECTS
        )
        style, unhonoured = self._style(spec)
        brief = replace(
            spec.brief, things=tuple(things), relations=relations, setting=setting, unknown=()
        )
        told = tuple(words) if self.model.card.subwords else ()
        return Drawable(brief, style, tuple(ignored) + unhonoured, told)

    def _guess(self, near: str | None, word: str, what: str, ignored: list[Ignored]) -> str | None:
        """What stands in for a word: the concept near it; else nothing but the word (an empty id), where
        this model is good at that and the word made of pieces it knows; else None. It is said anyway."""
        able = self._guesses and self.model.card.subwords > 0
        guessed = near is None and able and lexicon().is_familiar(word)
        ignored.append(Ignored(what, GUESSED if guessed else near))
        return "" if guessed else near

    def _nearest(self, concept: str, known: set[str]) -> str | None:
        """The concept itself, or the nearest by name that the model has."""
        if concept in known:
            return concept
        if concept not in lexicon():
            return None
        near = lexicon().nearest(lexicon().name(concept, "en"), "en")
        return near if near in known else None

    def _style(self, spec: Spec) -> tuple[str, tuple[Ignored, ...]]:
        card = self.model.card
        asked = spec.style or spec.brief.style
        if asked is None:
            return card.default_style, ()
        if asked in card.words.styles:
            return asked, ()
        return card.default_style, (Ignored(f"style:{asked}", f"style:{card.default_style}"),)

    def _left_out(self, drawable: Drawable) -> tuple[Ignored, ...]:
        return lay_out(drawable.brief, np.random.default_rng(0))[1]

    def _draw(
        self, spec: Spec, drawable: Drawable, rng: Rng
    ) -> Iterator[tuple[float, Array, Array]]:
        """Yield (share done, latent patches so far, what the network expects of them in the end); the
        first of the last step are finished. Patches: (1, 64, 32)."""
        card = self.model.card
        layout_rng = rng.generator("layout")
        layout, _ = lay_out(drawable.brief, layout_rng)
        memory = self.model.memory.with_taught(spec.taught) if self._use_memory else None
        conditions = tell(
            layout,
            card=card,
            memory=memory,
            encode=self._encode,
            style=drawable.style,
            ground=drawable.brief.background,
            rng=layout_rng,
            words=drawable.words,
        )
        noise = rng.generator("noise").standard_normal((1, 64, 32), dtype=np.float32)
        outlook = noise
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
        steps = self._steps
        for n, z in enumerate(
            sample(
                denoise,
                noise,
                steps=steps,
                guidance=self._guidance,
                picture=picture,
                start=start,
                redraw=None if spec.mask is None else _mask_patches(spec.mask),
            ),
            start=1,
        ):
            yield n / (steps + 1), z, outlook

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
        return decoded

    def _statistics(self) -> tuple[Array, Array]:
        card = self.model.card
        mean = np.repeat(np.array(card.latent_mean, np.float32), 4)
        return mean, np.repeat(np.array(card.latent_std, np.float32), 4)

    def _finish(
        self, patches: Array, spec: Spec, drawable: Drawable, *, quick: bool = False
    ) -> Pixels:
        """Decode, enlarge and put on the ground that was asked: (height, width, 4) uint8.

        quick: enlarged without the network for it."""
        # A picture that is changed keeps its own style unless another was asked.
        kept = spec.picture is not None and not (spec.style or spec.brief.style)
        decoded = self._decode(patches, None if kept else drawable.style)
        side = min(spec.width_px, spec.height_px)
        if side > NATIVE_SIDE and not quick:
            decoded = self.model.upscaler.run(None, {"x": np.clip(decoded, -1, 1)})[0]
        drawn = Image.fromarray(to_straight(decoded)[0])
        if drawn.width != side:
            drawn = drawn.convert("RGBa").resize((side, side), Image.Resampling.LANCZOS)
            drawn = drawn.convert("RGBA")
        ground: tuple[int, ...] = (0, 0, 0, 0)
        if drawable.brief.background is not None:
            ground = (*NAMED_COLOURS[drawable.brief.background], 255)
        elif not spec.transparent:
            ground = (*_WHITE, 255)
        page = Image.new("RGBA", drawn.size, ground)
        page.alpha_composite(drawn)
        # What lies beside the square that is drawn: the picture it was made from, or more ground.
        canvas = Image.new("RGBA", (spec.width_px, spec.height_px), ground)
        if spec.picture is not None:
            canvas = Image.fromarray(spec.picture)
        canvas.paste(page, ((spec.width_px - side) // 2, (spec.height_px - side) // 2))
        return np.asarray(canvas)


def _name(concept: str) -> str:
    """What the lexicon calls a concept; empty where it has none such."""
    return lexicon().name(concept, "en") if concept in lexicon() else ""


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
