"""A deterministic card of what was asked: for tests, demonstrations and plugin authors, never the
default.

Everything on it comes from the Spec and the seed: things as coloured shapes where the Brief puts
them, the facts in ASCII, the sentence as a row of bars, one a character, so that no character is
ever missing from a font.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

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
from danqing.request.types import Thing

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

INK, PAPER, RULE = (38, 38, 42, 255), (250, 248, 240, 255), (200, 196, 184, 255)
COLOURS: dict[str, tuple[int, int, int, int]] = {
    "red": (214, 48, 49, 255),
    "orange": (240, 140, 40, 255),
    "yellow": (245, 205, 60, 255),
    "green": (60, 160, 80, 255),
    "cyan": (50, 170, 180, 255),
    "blue": (50, 100, 210, 255),
    "purple": (130, 80, 180, 255),
    "pink": (240, 130, 170, 255),
    "brown": (140, 90, 60, 255),
    "black": (30, 30, 30, 255),
    "white": (255, 255, 255, 255),
    "grey": (150, 150, 155, 255),
}
PLACES = {
    "centre": (0.5, 0.5),
    "left": (0.2, 0.5),
    "right": (0.8, 0.5),
    "top": (0.5, 0.2),
    "bottom": (0.5, 0.8),
    "top-left": (0.2, 0.2),
    "top-right": (0.8, 0.2),
    "bottom-left": (0.2, 0.8),
    "bottom-right": (0.8, 0.8),
}
MAX_SHAPES_PER_THING = 20
MAX_BARS = 128
STEPS = 4
"""It is drawn at once, and says that it takes so many steps: who watches it then sees how others are
watched."""


class TestCardEngine:
    """Draws cards in about 10 ms each."""

    __test__ = False  # pytest collects classes by this kind of name

    name = "test-card"
    capabilities = Capabilities(
        modes=("text-to-image", "image-to-image", "inpaint", "variation"),
        sizes=((512, 512),),
        transparent=True,
    )

    @property
    def version(self) -> str:
        """The card's layout, and Pillow's version, whose built-in font letters it."""
        import PIL

        return f"test-card-1/pillow-{PIL.__version__}"

    def generate(
        self, specs: Sequence[Spec], rngs: Sequence[Rng], on_progress: OnProgress | None = None
    ) -> Iterator[Result]:
        for n, (spec, rng) in enumerate(zip(specs, rngs, strict=True)):
            for step in range(1, STEPS if on_progress is not None else 1):
                assert on_progress is not None
                share = step / STEPS
                shown = Preview(n, share, partial(_so_far, spec, rng, share))
                on_progress((n + share) / len(specs), (shown,))
            began_s = time.process_time()
            result = _card(spec, rng)
            if on_progress is not None:
                on_progress((n + 1) / len(specs))
            yield Result(result.pixels, result.ignored, time.process_time() - began_s)


def _so_far(spec: Spec, rng: Rng, share: float) -> Pixels:
    """The card with the first of its things."""
    things = spec.brief.things[: round(share * len(spec.brief.things))]
    return _card(replace(spec, brief=replace(spec.brief, things=things)), rng).pixels


def _card(spec: Spec, rng: Rng) -> Result:
    import numpy as np
    from PIL import Image, ImageDraw

    ground = (0, 0, 0, 0) if spec.transparent else PAPER
    if spec.brief.background is not None:
        ground = COLOURS[spec.brief.background]
    card = Image.new("RGBA", (spec.width_px, spec.height_px), ground)
    pen = ImageDraw.Draw(card)
    _frame(pen, spec, rng)
    for index, thing in enumerate(spec.brief.things):
        _shapes(pen, spec, thing, index, rng)
    _facts(pen, spec, rng)
    pixels = np.array(card) if spec.picture is None else _faded(np.array(card), spec.picture, spec)
    unread = tuple(Ignored(word) for word in spec.brief.unknown)
    return Result(pixels, unread)


def _faded(card: Pixels, picture: Pixels, spec: Spec) -> Pixels:
    """The card over the picture it starts from, as much of it as the strength says; with a mask, only
    where that is white. All channels alike, so that a test can work out each pixel."""
    import numpy as np

    share = np.full(picture.shape[:2], spec.strength)
    if spec.mask is not None:
        share *= spec.mask / 255
    mixed = picture + (card.astype(np.float64) - picture) * share[..., None]
    result: Pixels = mixed.round().astype(np.uint8)
    return result


def _frame(pen: ImageDraw, spec: Spec, rng: Rng) -> None:
    """Bars along the top whose colours are the seed's, and below them the sentence, one bar a
    character."""
    colours = rng.generator("card").integers(40, 230, (8, 3))
    height = max(3, spec.height_px // 24)
    for i, (red, green, blue) in enumerate(colours):
        left, right = i * spec.width_px // 8, (i + 1) * spec.width_px // 8
        pen.rectangle((left, 0, right, height), fill=(int(red), int(green), int(blue), 255))
    text = spec.text[:MAX_BARS]
    for i, character in enumerate(text):
        left, right = i * spec.width_px // len(text), (i + 1) * spec.width_px // len(text)
        shade = 40 + ord(character) * 2_654_435_761 % 2**32 * 190 // 2**32
        pen.rectangle((left, height, right, 2 * height), fill=(shade, shade, shade, 255))
    pen.rectangle((0, 0, spec.width_px - 1, spec.height_px - 1), outline=RULE)


def _shapes(pen: ImageDraw, spec: Spec, thing: Thing, index: int, rng: Rng) -> None:
    """One shape for each one counted: circle, square, triangle or diamond by the Brief's order."""
    across, down = PLACES[thing.place or "centre"]
    scale = {"small": 0.6, "large": 1.5}.get(thing.size or "", 1.0)
    radius = max(2.0, scale * min(spec.width_px, spec.height_px) / 14)
    colour = COLOURS[thing.colour or "grey"]
    jitter = rng.generator(f"thing {index}").uniform(-0.12, 0.12, (MAX_SHAPES_PER_THING, 2))
    for k in range(min(thing.count, MAX_SHAPES_PER_THING)):
        x = (across + float(jitter[k, 0])) * spec.width_px
        y = (down + float(jitter[k, 1])) * spec.height_px
        corners = [
            [(x - radius, y - radius), (x + radius, y + radius)],
            [(x, y - radius), (x + radius, y + radius), (x - radius, y + radius)],
            [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)],
        ]
        kind = index % 4
        if kind == 0:
            pen.ellipse(corners[0], fill=colour, outline=INK)
        elif kind == 1:
            pen.rectangle(corners[0], fill=colour, outline=INK)
        else:
            pen.polygon(corners[kind - 1], fill=colour, outline=INK)


def _facts(pen: ImageDraw, spec: Spec, rng: Rng) -> None:
    from PIL import ImageFont

    side = min(spec.width_px, spec.height_px)
    font = ImageFont.load_default(max(8, side // 26))
    lines = [
        f"{spec.width_px}x{spec.height_px} {spec.language} style={spec.style or '-'}",
        f"seed={rng.seed}",
        *(_fact(thing) for thing in spec.brief.things),
        *(f"{r.subject} {r.kind} {r.object}" for r in spec.brief.relations),
    ]
    if spec.brief.setting is not None:
        lines.append(f"in {spec.brief.setting}")
    pen.multiline_text(
        (side // 32, spec.height_px // 10), "\n".join(lines), fill=INK, font=font, stroke_width=1,
        stroke_fill=PAPER,
    )  # fmt: skip


def _fact(thing: Thing) -> str:
    said = (thing.colour, thing.size, thing.place, thing.gender, thing.body)
    skin = f"skin-{thing.skin}" if thing.skin else None
    return " ".join([f"{thing.count}x {thing.concept}", *(s for s in (*said, skin) if s)])
