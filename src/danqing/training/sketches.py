"""What of the training art the memory keeps."""

from __future__ import annotations

from collections.abc import Iterator

from danqing.engines.mini.memory import Sketch
from danqing.engines.mini.palette import MIDDLE_TONE
from danqing.training.scenes import GUMDROPS, Library

PLAIN_FACES = ("noto", "blob")


def sketches_of(library: Library, each: int = 2) -> Iterator[Sketch]:
    """Up to `each` sketches per concept and gender, of different styles; of people in the middle tone.

    The styles are taken in turn from concept to concept, so that none dominates the memory. People come from
    the sets that make faces of dots and strokes, where there are any: an eye with its white is too much for
    64 pixels, and what is drawn after one squints.
    """
    for turn, concept in enumerate(library.concepts):
        rows = [(i, library.art.rows[i]) for i in library.by_concept[concept]]
        for gender in sorted({row.gender for _, row in rows}):
            alike = [(i, row) for i, row in rows if row.gender == gender]
            toned = [(i, row) for i, row in alike if row.skin == MIDDLE_TONE]
            by_style = {row.style: i for i, row in reversed(toned or alike)}
            styles = sorted(by_style, key=library.styles.index)
            if toned:
                styles.sort(key=lambda style: style not in PLAIN_FACES)
            else:
                styles = styles[turn % len(styles) :] + styles[: turn % len(styles)]
                styles = [style for style in styles if style != GUMDROPS] or styles
            for style in styles[:each]:
                at = by_style[style]
                skin = library.art.rows[at].skin
                yield Sketch(concept, gender, skin, style, library.sprites[at])
