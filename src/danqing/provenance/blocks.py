"""A piece of metadata inside a file, whatever the container."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MAX_BLOCK_BYTES = 1 << 20
MAX_BLOCKS = 1_000
MAX_PARTS = 100_000
"""How many chunks, segments or boxes are walked over in search of metadata."""


@dataclass(frozen=True, slots=True)
class Block:
    """kind: how to read the payload. place: container and slot, for people. keyword: of a text
    block. proper: this is where the TC260 guides want a label in such a file.

    payload: an XMP packet; a TIFF structure; or text in UTF-8.
    """

    kind: Literal["xmp", "exif", "text"]
    place: str
    payload: bytes
    keyword: str = ""
    proper: bool = False
