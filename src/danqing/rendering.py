"""From permitted requests to an engine's pictures: what it is asked, and what of its answer is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from danqing.editing import Start, off_its_ground
from danqing.engines.protocol import (
    Engine,
    OnProgress,
    Pixels,
    Preview,
    Rendered,
    Result,
    Rng,
    Spec,
    StandIn,
    Taught,
)
from danqing.errors import DanqingError, EngineError, Unsupported
from danqing.lexicon import TAUGHT_PREFIX
from danqing.request.types import Brief, Reading, Request
from danqing.sources import Ground, keep_outside, put_on

if TYPE_CHECKING:
    from danqing.services import Services


@dataclass(frozen=True, slots=True)
class Part:
    """What one request asks of the engine."""

    request: Request
    start: Start
    seeds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A picture on its way. number: of its request; share: how much of it is done, in [0, 1].

    render: as it is at this step, and as `render` would give it when finished: nobody has looked at
    it yet. Call it before the step is over. Raises EngineError.
    """

    number: int
    seed: int
    share: float
    render: Callable[[], Rendered]


OnStep = Callable[[float, Sequence[Glimpse]], None]
"""Called with the share of all pictures that is done, and those this step changed. May raise to cancel."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One picture. ground: what a thing drawn without its own is put on."""

    number: int
    spec: Spec
    seed: int
    ground: Ground | None


def render(
    services: Services, parts: Sequence[Part], on_step: OnStep | None
) -> Iterator[tuple[int, Rendered]]:
    """The pictures of requests that share an engine, one per seed, each with its request's number.

    What an engine gets wrong becomes an EngineError.
    """
    engine = services.load_engine(parts[0].request.engine)
    asked: list[_Asked] = []
    told: list[tuple[Spec, int]] = []  # what the engine is told: a thing without its ground
    for number, part in enumerate(parts):
        _check_mode(engine, part.start)
        taught = _taught(services, part.request.reading.brief)
        spec = replace(_spec(part.request, part.start), taught=taught)
        start, ground = part.start, None
        if engine.capabilities.transparent:
            start, ground = off_its_ground(part.start, part.request)
        bare = replace(
            spec, picture=start.picture, transparent=spec.transparent or ground is not None
        )
        ground = None if spec.transparent else ground
        asked += [_Asked(number, spec, seed, ground) for seed in part.seeds]
        told += [(bare, seed) for seed in part.seeds if not _is_untouched(spec)]
    for_engine = [each for each in asked if not _is_untouched(each.spec)]
    on_progress = None if on_step is None else _glimpsed(engine, for_engine, on_step)
    drawn = _drawn(engine, told, on_progress)
    for each in asked:
        if each.spec.picture is not None and _is_untouched(each.spec):
            result = Result(each.spec.picture)
        else:
            result = next(drawn)
            result = replace(result, pixels=_completed(result.pixels, each))
        yield each.number, Rendered(each.spec, each.seed, engine.name, engine.version, result)


def _completed(pixels: Pixels, asked: _Asked) -> Pixels:
    """With what the engine wasn't to draw."""
    spec = asked.spec
    if spec.picture is not None and spec.mask is not None:
        # An engine may well touch what a mask protects; none of that is let through.
        pixels = keep_outside(pixels, spec.picture, spec.mask)
    return pixels if asked.ground is None else put_on(pixels, asked.ground)


def _glimpsed(engine: Engine, asked: Sequence[_Asked], on_step: OnStep) -> OnProgress:
    """What an engine reports, with its previews as whoever asked would see them."""

    def rendered(preview: Preview) -> Rendered:
        each = asked[preview.number]
        with _engine_faults(engine.name):
            pixels = preview.draw()
        _check_size(engine.name, each.spec, pixels)
        result = Result(_completed(pixels, each))
        return Rendered(each.spec, each.seed, engine.name, engine.version, result)

    def on_progress(share: float, previews: Sequence[Preview] = ()) -> None:
        glimpses = [
            Glimpse(asked[p.number].number, asked[p.number].seed, p.share, partial(rendered, p))
            for p in previews
        ]
        on_step(share, glimpses)

    return on_progress


def _is_untouched(spec: Spec) -> bool:
    """That is the source itself, to the last bit; no engine is that exact."""
    return spec.picture is not None and spec.strength == 0


def _drawn(
    engine: Engine, asked: Sequence[tuple[Spec, int]], on_progress: OnProgress | None
) -> Iterator[Result]:
    """One result for each spec and seed, of the size asked for."""
    if not asked:
        return
    with _engine_faults(engine.name):
        rngs = [Rng(seed) for _, seed in asked]
        results = engine.generate([spec for spec, _ in asked], rngs, on_progress)
    for spec, _ in asked:
        with _engine_faults(engine.name):
            result = next(results, None)
        if result is None:
            raise EngineError("engine.too_few", name=engine.name)
        _check_size(engine.name, spec, result.pixels)
        yield result


def _spec(request: Request, start: Start) -> Spec:
    prompt = request.reading.prompt
    return Spec(
        text=prompt.text,
        language=prompt.language,
        brief=request.reading.brief,
        width_px=request.width_px,
        height_px=request.height_px,
        style=request.style,
        transparent=request.transparent,
        picture=start.picture,
        mask=start.mask,
        strength=1.0 if request.strength is None else request.strength,
        stand_ins=stand_ins(request.reading),
    )


def stand_ins(reading: Reading) -> tuple[StandIn, ...]:
    """The words that were read as the concept nearest to them."""
    read_as = ((part.meaning.partition(":"), part.text) for part in reading.understood)
    return tuple(StandIn(near, text) for (kind, _, near), text in read_as if kind == "nearest")


def _check_mode(engine: Engine, start: Start) -> None:
    modes = engine.capabilities.modes
    if start.picture is not None and "image-to-image" not in modes:
        raise Unsupported("engine.mode", name=engine.name)
    if start.mask is not None and "inpaint" not in modes:
        raise Unsupported("engine.no_mask", name=engine.name)


def _taught(services: Services, brief: Brief) -> tuple[Taught, ...]:
    """Sketches of what the Brief names that was taught here. Raises NotFound when it is gone."""
    concepts = dict.fromkeys((*(thing.concept for thing in brief.things), brief.setting or ""))
    taught = (concept for concept in concepts if concept.startswith(TAUGHT_PREFIX))
    return tuple(services.shelf.for_engine(concept) for concept in taught)


def _check_size(name: str, spec: Spec, pixels: Pixels) -> None:
    if pixels.shape != (spec.height_px, spec.width_px, 4) or pixels.dtype != np.uint8:
        raise EngineError("engine.wrong_pixels", name=name, shape=pixels.shape, dtype=pixels.dtype)


@contextmanager
def _engine_faults(name: str) -> Iterator[None]:
    """An engine is anybody's code: whatever it raises, the person asking gets one sentence."""
    try:
        yield
    except (DanqingError, MemoryError):
        raise
    except Exception as problem:
        raise EngineError("engine.failed", name=name, problem=str(problem)) from problem
