"""What `--from` and `--mask` point at: a file, or an artwork of ours."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from danqing.cli.desk import Desk
from danqing.errors import InputError
from danqing.inputs import read_file
from danqing.sources import MAX_FILE_BYTES, size_for

if TYPE_CHECKING:
    from danqing.editing import Chosen

_BEGINNING_OF_AN_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{1,26}", re.ASCII | re.IGNORECASE)


def choose(given: str, mask: str | None, declared: bool, desk: Desk) -> tuple[Chosen, str | None]:
    """The source, and the hash of its mask; both are sealed when this returns.

    given: a file, if there is one of that name, else an artwork's id. declared: by the option;
    without it a person at a terminal is asked. Raises NotDeclared, InputError, NotFound, StoreError.
    """
    from danqing.editing import choose_artwork, choose_file, keep_mask

    file = Path(given)
    with desk.services() as services:
        store = services.store
        if file.exists() or not _BEGINNING_OF_AN_ID.fullmatch(given):
            chosen = choose_file(
                store,
                services.person,
                read_file(file, MAX_FILE_BYTES, too_large="source.too_large"),
                declared=lambda: declared or desk.agrees("source.declaration"),
                anchors=services.labeller.keys.anchors,
            )
            if chosen.artwork is not None:
                desk.note("cli.source_is_ours", id=chosen.source.id)
        else:
            chosen = choose_artwork(store, given)
        if mask is None:
            return chosen, None
        data = read_file(Path(mask), MAX_FILE_BYTES, too_large="source.too_large")
        return chosen, keep_mask(store, services.person, data, chosen)


def size_like(chosen: Chosen) -> tuple[int, int]:
    """(width, height) in pixels to draw at where no size is asked for."""
    return size_for(chosen.width_px, chosen.height_px)


def strength(text: str | None) -> float | None:
    """A share from 0 to 1. Raises InputError."""
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise InputError("input.strength", value=text)
    return value
