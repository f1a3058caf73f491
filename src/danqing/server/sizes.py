"""The size a picture is drawn at, when the one asked for can't be had: the nearest, and it is said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from danqing.engines.protocol import Capabilities
from danqing.errors import InputError
from danqing.messages import say
from danqing.request.types import MAX_SIDE_PX, MIN_SIDE_PX

_SIZE = re.compile(r"(\d{1,9})\s*[xX×*]\s*(\d{1,9})", re.ASCII)
DEFAULT_SIDE_PX = 512


@dataclass(frozen=True, slots=True)
class Size:
    """asked: (width, height) in pixels. width_px, height_px: what is drawn. native: whether the
    engine draws that itself rather than scaling."""

    width_px: int
    height_px: int
    asked: tuple[int, int]
    native: bool = True

    @property
    def met(self) -> bool:
        return (self.width_px, self.height_px) == self.asked

    def __str__(self) -> str:
        return f"{self.width_px}x{self.height_px}"

    def notes(self, language: str) -> list[str]:
        """A sentence when it isn't what was asked."""
        if self.met:
            return []
        return [say("server.size_nearest", language, asked="×".join(map(str, self.asked)),
                    got=f"{self.width_px}×{self.height_px}")]  # fmt: skip


def read_size(text: str | None) -> tuple[int, int] | None:
    """(width, height) from `1024x768`; None for nothing or `auto`. Raises InputError."""
    if text is None or text.strip().lower() in ("", "auto"):
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise InputError("server.size", smallest=MIN_SIDE_PX, largest=MAX_SIDE_PX)
    return int(found[1]), int(found[2])


def nearest(asked: tuple[int, int] | None, capabilities: Capabilities) -> Size:
    """The nearest size to the one asked, of the same shape as far as the bounds allow."""
    if asked is None:
        asked = (DEFAULT_SIDE_PX, DEFAULT_SIDE_PX)
    width, height = (max(1, side) for side in asked)
    scale = 1.0
    if max(width, height) > MAX_SIDE_PX:
        scale = MAX_SIDE_PX / max(width, height)
    elif min(width, height) < MIN_SIDE_PX:
        scale = MIN_SIDE_PX / min(width, height)
    width, height = (
        min(max(round(side * scale), MIN_SIDE_PX), MAX_SIDE_PX) for side in (width, height)
    )
    native = (width, height) in capabilities.sizes
    return Size(width, height, asked, native)
