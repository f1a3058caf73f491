"""A finished file read again: the pixels, the mark and the parents must be those that were meant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.provenance.encode import on_white
from danqing.provenance.findings import Ingredient
from danqing.provenance.mark import MINIMUM_CONTRAST, Mark, contrast_in
from danqing.provenance.signing import read_credential
from danqing.provenance.types import Parent

JPEG_TOLERANCE = 8.0
"""Mean absolute difference, in levels of 255: at JPEG_QUALITY pure noise costs 5.0, pictures less."""


def are_carried(found: Sequence[Ingredient], parents: Sequence[Parent], anchors: bytes) -> bool:
    """Whether each parent is there as such, with its manifest if it has one that can be read."""
    kept = ("trusted", "valid", "invalid")
    expected = [
        (
            "parentOf",
            parent.media_type,
            read_credential(parent.data, parent.media_type, anchors).state in kept,
        )
        for parent in parents
    ]
    told = [(i.relationship, i.media_type, i.has_manifest) for i in found]
    return sorted(told) == sorted(expected)


def check_pixels_back(decoded: Pixels, marked: Pixels, mark: Mark, *, lossless: bool) -> None:
    """What decodes must be the marked picture, with a mark that can be read."""
    check_same_pixels(decoded, marked, lossless=lossless)
    check_mark_back(decoded, mark)


def check_same_pixels(decoded: Pixels, meant: Pixels, *, lossless: bool) -> None:
    """What decodes must be the picture that was meant. Raises ProvenanceError."""
    if decoded.shape != meant.shape:
        raise ProvenanceError("provenance.read_back", what="size")
    if lossless:
        same = bool(np.array_equal(decoded, meant))
    else:
        difference = decoded[..., :3].astype(np.int16) - on_white(meant)
        same = float(np.abs(difference).mean()) <= JPEG_TOLERANCE
    if not same:
        raise ProvenanceError("provenance.read_back", what="pixels")


def check_mark_back(decoded: Pixels, mark: Mark) -> None:
    """Whether the mark can be read in what decodes."""
    if contrast_in(decoded, mark) < MINIMUM_CONTRAST:
        raise ProvenanceError("provenance.read_back", what="mark")
