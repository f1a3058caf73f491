"""Option values from text. Numbers are read here rather than by Typer, whose complaints are
English."""

from __future__ import annotations

import re
from pathlib import Path

from danqing.errors import InputError
from danqing.lexicon import lexicon
from danqing.request.types import PictureFormat

_SIZE = re.compile(r"(\d{1,9})(?:[xX×*](\d{1,9}))?")
_MAX_DIGITS = 20
FORMATS: dict[str, PictureFormat] = {
    "png": "png", "webp": "webp", "jpeg": "jpeg", "jpg": "jpeg", "svg": "svg",
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
        raise InputError("input.format", format=text, formats="png, webp, jpeg, svg")
    return FORMATS[name]


def read_file(file: Path, limit_bytes: int, *, too_large: str = "cli.file_too_large") -> bytes:
    """A whole file the user named. Raises InputError when it can't be read or is over the limit.

    too_large: the message id for that, with the facts file and limit_mib."""
    try:
        with file.open("rb") as opened:
            data = opened.read(limit_bytes + 1)
    except FileNotFoundError as problem:
        raise InputError("cli.file_missing", file=file) from problem
    except IsADirectoryError as problem:
        raise InputError("cli.file_is_folder", file=file) from problem
    except PermissionError as problem:
        raise InputError("cli.file_denied", file=file) from problem
    except (OSError, ValueError) as problem:  # ValueError: a name with a zero byte in it
        reason = getattr(problem, "strerror", None) or str(problem)
        raise InputError("cli.file_unreadable", file=file, reason=reason) from problem
    if len(data) > limit_bytes:
        raise InputError(too_large, file=file, limit_mib=limit_bytes // 2**20)
    return data


def style(text: str | None) -> str | None:
    """A style by its id, or by a word the lexicon knows for it: 扁平, flat."""
    for match in lexicon().match(text or ""):
        for meaning in match.meanings:
            if meaning.startswith("style:"):
                return meaning.removeprefix("style:")
    return text
