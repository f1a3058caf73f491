"""From permitted requests to an engine's pictures: what it is asked, and what of its answer is believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from danqing.editing import Start, off_its_ground
from danqing.engines.protocol import Engine, OnProgress, Rendered, Result, Rng, Spec, Taught
from danqing.errors import DanqingError, EngineError, Unsupported
from danqing.lexicon import TAUGHT_PREFIX
from danqing.request.types import Brief, Request
from danqing.sources import Ground, keep_outside, put_on

if TYPE_CHECKING:
    from danqing.services import Services


@dataclass(frozen=True, slots=True)
class Part:
    """What one request asks of the engine."""

    request: Request
    start: Start
    seeds: tuple[int, ...]


def render(
    services: Services, parts: Sequence[Part], on_progress: OnProgress | None
) -> Iterator[tuple[int, Rendered]]:
    """The pictures of requests that share an engine, one per seed, each with its request's number.

    What an engine gets wrong becomes an EngineError.
    """
    engine = services.load_engine(parts[0].request.engine)
    asked: list[tuple[int, Spec, int]] = []
    told: list[tuple[Spec, int]] = []  # what the engine is told: a thing without its ground
    grounds: list[Ground | None] = []
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
        grounds.append(None if spec.transparent else ground)
        asked += [(number, spec, seed) for seed in part.seeds]
        told += [(bare, seed) for seed in part.seeds if not _is_untouched(spec)]
    drawn = _drawn(engine, told, on_progress)
    for number, spec, seed in asked:
        if spec.picture is not None and _is_untouched(spec):
            result = Result(spec.picture)
        else:
            result = next(drawn)
            if spec.picture is not None and spec.mask is not None:
                # An engine may well touch what a mask protects; none of that is let through.
                kept = keep_outside(result.pixels, spec.picture, spec.mask)
                result = replace(result, pixels=kept)
            if (ground := grounds[number]) is not None:
                result = replace(result, pixels=put_on(result.pixels, ground))
        yield number, Rendered(spec, seed, engine.name, engine.version, result)


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
        _check_size(engine.name, spec, result)
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
    )


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


def _check_size(name: str, spec: Spec, result: Result) -> None:
    pixels = result.pixels
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
