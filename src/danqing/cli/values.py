"""Option values from text. Numbers are read here rather than by Typer, whose complaints are
English."""

from __future__ import annotations

import re

from danqing.errors import InputError
from danqing.lexicon import lexicon
from danqing.request.types import PictureFormat

_SIZE = re.compile(r"(\d{1,9})(?:[xX×*](\d{1,9}))?")
_MAX_DIGITS = 20
FORMATS: dict[str, PictureFormat] = {
    "png": "png", "webp": "webp", "jpeg": "jpeg", "jpg": "jpeg", "svg": "svg",
    "gif": "gif", "pdf": "pdf",
}  # fmt: skip


def whole_number(text: str, option: str) -> int:
    """A whole number; its bounds are checked where it is used. Raises InputError."""
    try:
        if len(text) <= _MAX_DIGITS:
            return int(text)
    except ValueError:
        pass
    raise InputError("cli.not_a_number", option=option, value=text)


def size(text: str) -> tuple[int, int]:
    """(width, height) in pixels from `512` or `512x768`. Raises InputError."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise InputError("cli.size", value=text)
    return int(found[1]), int(found[2] or found[1])


def picture_format(text: str) -> PictureFormat:
    """Raises InputError for a format there isn't."""
    name = text.lower().removeprefix(".")
    if name not in FORMATS:
        raise InputError(
            "input.format", format=text, formats=", ".join(dict.fromkeys(FORMATS.values()))
        )
    return FORMATS[name]


def style(text: str | None) -> str | None:
    """A style by its id, or by a word the lexicon knows for it: 扁平, flat."""
    for match in lexicon().match(text or ""):
        for meaning in match.meanings:
            if meaning.startswith("style:"):
                return meaning.removeprefix("style:")
    return text
