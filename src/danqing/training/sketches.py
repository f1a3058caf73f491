"""What of the training art the memory keeps."""

from __future__ import annotations

from collections.abc import Iterator

from danqing.engines.mini.memory import KEPT_SIDE, Sketch
from danqing.engines.mini.palette import MIDDLE_TONE
from danqing.training.scenes import GUMDROPS, Library, shrink

# Shaded sets serve a style best, also a flat one; what is drawn after flat ones keeps neither shading nor
# stripes. These two are of different hands, so that there is one for every style.
SERVING = ("noto", "glossy")


def sketches_of(library: Library, each: int = 2) -> Iterator[Sketch]:
    """Up to `each` sketches per concept and gender, of different styles; of people in the middle tone."""
    for concept in library.concepts:
        rows = [(i, library.art.rows[i]) for i in library.by_concept[concept]]
        for gender in sorted({row.gender for _, row in rows}):
            alike = [(i, row) for i, row in rows if row.gender == gender]
            toned = [(i, row) for i, row in alike if row.skin == MIDDLE_TONE]
            by_style = {row.style: i for i, row in reversed(toned or alike)}
            styles = sorted(by_style, key=library.styles.index)
            if not toned:
                styles = [style for style in styles if style != GUMDROPS] or styles
            styles.sort(key=lambda style: style not in SERVING)
            for style in styles[:each]:
                at = by_style[style]
                skin = library.art.rows[at].skin
                kept = shrink(library.art.pictures[at : at + 1], KEPT_SIDE)[0]
                yield Sketch(concept, gender, skin, style, kept)
