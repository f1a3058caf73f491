"""An engine that cheats: it pastes real drawings where a Brief wants them.

Evaluated like any engine, it shows how far each measure can be trusted: its figures are what a
perfect generator of these styles would get from this judge.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from danqing.engines.mini.canvas import compose
from danqing.engines.mini.layout import Placed, plan
from danqing.engines.mini.tint import tint
from danqing.engines.mini.vocabulary import OWN_STYLE
from danqing.engines.protocol import Capabilities, OnProgress, Pixels, Result, Rng, Spec
from danqing.training.art import ArtSet

_MIDDLE_TONE = 3


class RealDrawings:
    """Engine over an art set (128 px). default_style: when a Brief asks none."""

    name = "real-drawings"

    def __init__(self, art: ArtSet, default_style: str = "noto") -> None:
        self.version = f"real-drawings-{len(art.rows)}"
        self.capabilities = Capabilities(sizes=((128, 128),), transparent=True)
        self._art = art
        self._default_style = default_style
        self._rows: dict[str, list[int]] = defaultdict(list)
        for i, row in enumerate(art.rows):
            self._rows[row.concept].append(i)

    def generate(
        self, specs: Sequence[Spec], rngs: Sequence[Rng], on_progress: OnProgress | None = None
    ) -> Iterator[Result]:
        for n, (spec, rng) in enumerate(zip(specs, rngs, strict=True)):
            if on_progress is not None:
                on_progress(n / len(specs))
            yield Result(self._paste(spec, rng.generator("real")))

    def _paste(self, spec: Spec, rng: np.random.Generator) -> Pixels:
        objects = plan(spec.brief).objects
        style = spec.brief.style or self._shared_style([o.concept for o in objects])
        chosen: dict[int, int] = {}
        sprites = []
        for placed in objects:
            row = chosen.setdefault(placed.thing, self._choose(placed, style, rng))
            picture = np.asarray(self._art.pictures[row])
            sprites.append((tint(picture, placed.colour) if placed.colour else picture, placed.box))
        return compose(sprites, min(spec.width_px, spec.height_px), spec.brief.background)

    def _shared_style(self, concepts: list[str]) -> str:
        """The default style if everything is drawn in it, else one that all share, else any."""
        shared: set[str] | None = None
        for concept in concepts:
            styles = {self._art.rows[i].style for i in self._rows[concept]}
            shared = styles if shared is None else shared & styles
        if not shared or self._default_style in shared:
            return self._default_style
        return sorted(shared)[0]

    def _choose(self, placed: Placed, style: str, rng: np.random.Generator) -> int:
        """A rendering of a placed thing: of the style, gender and tone asked, as far as there is
        one."""
        art, rows = self._art.rows, self._rows[placed.concept]
        tone = placed.skin or (_MIDDLE_TONE if self._ours(rows) else 0)
        rows = [i for i in rows if art[i].style == style] or rows
        rows = [i for i in rows if art[i].skin == tone] or rows
        if placed.gender is not None:
            rows = [i for i in rows if art[i].gender == placed.gender] or rows
        return rows[int(rng.integers(len(rows)))]

    def _ours(self, rows: list[int]) -> bool:
        return self._art.rows[rows[0]].style == OWN_STYLE
