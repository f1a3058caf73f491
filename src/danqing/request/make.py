"""From a Reading to a Request, with every number in bounds."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import get_args

from danqing.errors import InputError
from danqing.request.types import (
    MAX_PICTURES,
    MAX_SIDE_PX,
    MAX_SOURCES,
    MIN_SIDE_PX,
    PictureFormat,
    Reading,
    Request,
    Source,
)

FORMATS: tuple[str, ...] = get_args(PictureFormat)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
PICTURE_STRENGTH, MASK_STRENGTH = 0.6, 1.0
"""Where no strength is said: a picture stays recognisable, what a mask shows is drawn afresh."""
STRENGTH_DECIMALS = 2
"""So that an engine meets 0.01 at the least: 0 needs no engine, and less is lost in float32."""


def make_request(
    reading: Reading,
    *,
    seeds: Sequence[int],
    width_px: int = 512,
    height_px: int = 512,
    engine: str = "mini",
    style: str | None = None,
    transparent: bool = False,
    format: PictureFormat = "png",
    sources: Sequence[Source] = (),
    mask: str | None = None,
    strength: float | None = None,
) -> Request:
    """A Request in bounds. style: as asked for apart from the sentence; without it the sentence's
    own holds. strength: PICTURE_STRENGTH or, with a mask, MASK_STRENGTH unless
    given; kept to two decimals.

    Raises InputError: input.count (1 to 200 seeds), input.seed (0 ≤ seed < 2⁶³), input.size (64 to
    2048 px a side), input.format, input.transparent_jpeg, input.engine_name, input.style_name,
    input.sources (at most MAX_SOURCES), input.source_id, input.mask_alone, input.strength_alone,
    input.strength."""
    if not 1 <= len(seeds) <= MAX_PICTURES:
        raise InputError("input.count", count=len(seeds), limit=MAX_PICTURES)
    for seed in seeds:
        if not 0 <= seed < 2**63:
            raise InputError("input.seed", seed=seed)
    for side in (width_px, height_px):
        if not MIN_SIDE_PX <= side <= MAX_SIDE_PX:
            raise InputError("input.size", size=side, smallest=MIN_SIDE_PX, largest=MAX_SIDE_PX)
    if format not in FORMATS:
        raise InputError("input.format", format=format, formats=", ".join(FORMATS))
    if transparent and format == "jpeg":
        raise InputError("input.transparent_jpeg")
    if not _NAME.fullmatch(engine):
        raise InputError("input.engine_name", name=engine)
    if style is not None and not _NAME.fullmatch(style):
        raise InputError("input.style_name", name=style)
    strength = _check_sources(sources, mask, strength)
    return Request(
        reading,
        tuple(seeds),
        width_px,
        height_px,
        engine,
        style or reading.brief.style,
        transparent,
        format,
        tuple(sources),
        mask,
        strength,
    )


def _check_sources(
    sources: Sequence[Source], mask: str | None, strength: float | None
) -> float | None:
    """The strength that holds, once all three are found in bounds."""
    if len(sources) > MAX_SOURCES:
        raise InputError("input.sources", count=len(sources), limit=MAX_SOURCES)
    for source in sources:
        if not (_ULID if source.kind == "artwork" else _SHA256).fullmatch(source.id):
            raise InputError("input.source_id", id=source.id)
    if not sources and mask is not None:
        raise InputError("input.mask_alone")
    if not sources and strength is not None:
        raise InputError("input.strength_alone")
    if mask is not None and not _SHA256.fullmatch(mask):
        raise InputError("input.source_id", id=mask)
    if not sources:
        return None
    if strength is None:
        return PICTURE_STRENGTH if mask is None else MASK_STRENGTH
    if not (math.isfinite(strength) and 0 <= strength <= 1):
        raise InputError("input.strength", value=strength)
    return round(float(strength), STRENGTH_DECIMALS)
