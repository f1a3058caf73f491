"""Pictures to mark, and what happens to pictures: photograph-like ones made by rule, flat stickers,
clear ones; JPEG, resizing, cropping. For tests and benchmarks of what leads back from pixels alone.

No photograph is in the repository. What is here shares with photographs what a watermark meets in
them: a spectrum that falls as 1/f, edges of all sizes that occlude each other (the dead-leaves model
of Matheron; Lee, Mumford and Huang 2001), shading, grain.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from PIL.Image import Resampling

from danqing.engines.protocol import Pixels

CULTURE = Path(__file__).resolve().parents[2] / "culture"


def photograph(seed: int, width: int = 512, height: int = 512) -> Pixels:
    """(height, width, 4) opaque: leaves over 1/f shading, with grain, some soft and some sharp."""
    rng = np.random.default_rng(seed)
    shade = _one_over_f(rng, width, height, rng.uniform(0.8, 1.6))
    picture = Image.fromarray(np.clip(128 + 45 * shade, 0, 255).astype(np.uint8)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    smallest, largest = rng.uniform(3, 12), rng.uniform(60, 250)
    for _ in range(int(rng.integers(0, 600))):
        # Radii by r⁻³, which looks the same at every scale.
        radius = (smallest**-2 - rng.random() * (smallest**-2 - largest**-2)) ** -0.5
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        colour = tuple(int(v) for v in rng.integers(0, 256, 3))
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
    light = np.asarray(picture, np.float64)
    texture = _one_over_f(rng, width, height, rng.uniform(0.5, 1.2))[..., None]
    grain = rng.normal(0, 1, light.shape)
    light = light * rng.uniform(0.5, 1) + rng.uniform(0, 14) * texture + rng.uniform(0, 5) * grain
    rgb = np.clip(light + rng.uniform(0, 60), 0, 255).astype(np.uint8)
    return np.concatenate((rgb, np.full((height, width, 1), 255, np.uint8)), axis=2)


def _one_over_f(
    rng: np.random.Generator, width: int, height: int, power: float
) -> npt.NDArray[np.float64]:
    """(height, width) noise whose amplitude falls as f to the minus power; mean 0, variance 1."""
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :])
    frequency[0, 0] = np.inf
    spectrum = np.fft.rfft2(rng.normal(0, 1, (height, width))) / frequency**power
    noise = np.fft.irfft2(spectrum, (height, width))
    return np.asarray(noise / noise.std())


def sticker(seed: int, side: int = 512, *, clear: bool = False) -> Pixels:
    """(side, side, 4): some flat shapes with outlines, on white or on a clear ground."""
    rng = np.random.default_rng(seed)
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0) if clear else "white")
    draw = ImageDraw.Draw(picture)
    ink = tuple(int(v) for v in rng.integers(0, 90, 3))
    _shape(rng, draw, side, 0.62, ink)
    for _ in range(int(rng.integers(3, 12))):
        _shape(rng, draw, side, rng.uniform(0.05, 0.4), ink)
    return np.array(picture)


def _shape(
    rng: np.random.Generator,
    draw: ImageDraw.ImageDraw,
    side: int,
    size: float,
    ink: tuple[int, ...],
) -> None:
    colour = tuple(int(v) for v in rng.integers(0, 256, 3))
    width, height = size * side * rng.uniform(0.7, 1.2, 2)
    x, y = side / 2 + (1 - size) * side * rng.uniform(-0.3, 0.3, 2)
    box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    line = int(rng.integers(0, max(2, side // 60)))
    if rng.random() < 0.5:
        draw.ellipse(box, fill=colour, outline=ink, width=line)
    else:
        draw.rounded_rectangle(box, min(width, height) / 4, fill=colour, outline=ink, width=line)


def drawings(side: int = 512, *, every: int = 1, clear: bool = False) -> list[Pixels]:
    """The project's own drawings of Chinese things and people, on white or on a clear ground."""
    import resvg_py

    made = []
    for file in sorted(CULTURE.rglob("*.svg"))[::every]:
        svg = file.read_text("utf-8")
        data = bytes(resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side))
        picture = Image.open(BytesIO(data)).convert("RGBA").resize((side, side))
        made.append(np.array(picture) if clear else on_white(np.array(picture)))
    return made


def photographs_in(folder: Path, side: int = 512) -> list[Pixels]:
    """The middle square of every picture in a folder that has one of `side` pixels, at that size."""
    made = []
    for file in sorted(folder.iterdir()):
        with Image.open(file) as opened:
            picture = opened.convert("RGB")
        if min(picture.size) < side * 0.55:
            continue
        scale = side / min(picture.size)
        size = (round(picture.width * scale), round(picture.height * scale))
        picture = picture.resize(size, Resampling.LANCZOS)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        made.append(np.array(picture.crop((left, top, left + side, top + side)).convert("RGBA")))
    return made


def on_white(pixels: Pixels) -> Pixels:
    """(H, W, 4) opaque."""
    ground = Image.new("RGBA", (pixels.shape[1], pixels.shape[0]), "white")
    return np.array(Image.alpha_composite(ground, Image.fromarray(pixels)))


def as_jpeg(pixels: Pixels, quality: int) -> Pixels:
    """Saved as most programs do (on white, chroma at half size) and opened again."""
    out = BytesIO()
    Image.fromarray(on_white(pixels)).convert("RGB").save(out, "JPEG", quality=quality)
    return np.array(Image.open(out).convert("RGBA"))


def resized(pixels: Pixels, factor: float) -> Pixels:
    height, width = pixels.shape[:2]
    size = (round(width * factor), round(height * factor))
    return np.array(Image.fromarray(pixels).resize(size, Resampling.BICUBIC))


def cropped(pixels: Pixels, share: float, corner: tuple[float, float] = (0.5, 0.5)) -> Pixels:
    """A window with this share less of each side, put at `corner` (0, 0: upper left) of the room."""
    height, width = pixels.shape[:2]
    rows, columns = round(height * (1 - share)), round(width * (1 - share))
    top, left = round((height - rows) * corner[0]), round((width - columns) * corner[1])
    return np.ascontiguousarray(pixels[top : top + rows, left : left + columns])


def psnr_db(one: Pixels, other: Pixels) -> float:
    """Of two pictures as they look on white."""
    difference = on_white(one)[..., :3].astype(np.float64) - on_white(other)[..., :3]
    return float(10 * np.log10(255**2 / max((difference**2).mean(), 1e-12)))
