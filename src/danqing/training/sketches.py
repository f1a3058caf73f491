"""What of the training art the memory keeps."""

from __future__ import annotations

from collections.abc import Iterator

from danqing.engines.mini.memory import KEPT_SIDE, Sketch
from danqing.training.scenes import Library, shrink


def sketches_of(library: Library) -> Iterator[Sketch]:
    """The sketches of each concept and gender, see `Library.kept`."""
    for concept in library.concepts:
        for gender in sorted({library.art.rows[i].gender for i in library.by_concept[concept]}):
            for at in library.kept(concept, gender):
                row = library.art.rows[at]
                kept = shrink(library.art.pictures[at : at + 1], KEPT_SIDE)[0]
                yield Sketch(concept, gender, row.skin, row.style, kept)
