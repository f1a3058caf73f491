"""Cleared pictures through the real stage types, for tests of what comes after policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from danqing.engines.protocol import Pixels, Rendered, Result, Spec
from danqing.identity.types import Identified, Person
from danqing.policy.types import Cleared, Permit
from danqing.provenance import WatermarkKey
from danqing.request.types import Brief, Prompt, Reading, Request, Source, Thing

PROMPT = "一只熊猫 a secret sentence"
ENGINE, ENGINE_VERSION = "mini", "mini-3f2a91c0/onnxruntime-cpu-fp32"
WHEN = datetime(2026, 8, 1, 12, 30, 5, tzinfo=UTC)
WATERMARK = WatermarkKey(bytes(range(32)))
BATCH_ID = "01K1J0VQ6Z3V8Q9W2X4Y5Z6A7B"
ARTWORK_ID = "01K1J0VQ6Z3V8Q9W2X4Y5Z6A7C"


def cleared(pixels: Pixels, *, engine: str = ENGINE) -> Cleared:
    """These pixels, as if drawn and looked at."""
    height, width = pixels.shape[:2]
    prompt = Prompt(PROMPT, "zh-Hans")
    brief = Brief((Thing("panda"),))
    request = Request(Reading(prompt, brief), (7,), width, height)
    identified = Identified(Person("01K1J0VQ6Z3V8Q9W2X4Y5Z6A7D", WHEN), request, BATCH_ID, WHEN)
    spec = Spec(prompt.text, prompt.language, brief, width, height)
    rendered = Rendered(spec, 7, engine, ENGINE_VERSION, Result(pixels))
    return Cleared(Permit(identified, (), WHEN), rendered, (("nsfw", 0.01),))


def edited(pixels: Pixels, source: Source) -> Cleared:
    """These pixels, as if drawn over a source of the same size."""
    plain = cleared(pixels)
    identified = replace(
        plain.permit.identified,
        request=replace(plain.permit.identified.request, sources=(source,), strength=0.5),
    )
    spec = replace(plain.rendered.spec, picture=pixels, strength=0.5)
    rendered = replace(plain.rendered, spec=spec)
    return replace(plain, permit=replace(plain.permit, identified=identified), rendered=rendered)


def gradient(width: int, height: int) -> Pixels:
    """(height, width, 4) opaque, no two neighbouring rows or columns alike."""
    y, x = np.mgrid[:height, :width]
    rgb = np.stack((x * 255 // width, y * 255 // height, (x + 2 * y) % 256), axis=2)
    return np.concatenate((rgb, np.full((height, width, 1), 255)), axis=2).astype(np.uint8)


def sticker(width: int, height: int) -> Pixels:
    """A red disc on a clear ground."""
    y, x = np.mgrid[:height, :width]
    pixels = np.zeros((height, width, 4), np.uint8)
    inside = np.hypot(x - width / 2, y - height / 2) < min(width, height) / 3
    pixels[inside] = (200, 30, 30, 255)
    return pixels
