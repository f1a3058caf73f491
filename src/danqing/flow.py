"""The one place that joins the stages: sentence → request → identity → policy → engine → policy
(the result) → provenance → store.

Each step takes what the step before it made, so that none can be left out. Doors (cli, studio)
build the services once, call `draw`, and show what comes back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from danqing.editing import Start, check_sources, open_sources
from danqing.engines.protocol import Engine, OnProgress, Rendered, Result, Rng, Spec, Taught
from danqing.errors import DanqingError, EngineError, StoreError, Unsupported
from danqing.identity import Identified, Person, identify, local_person
from danqing.lexicon import TAUGHT_PREFIX
from danqing.outputs import Outputs
from danqing.policy import Held, Permit, Policy, Refusal, Withheld
from danqing.provenance import Labeller, pixels_sha256
from danqing.request.types import Brief, PictureFormat, Request
from danqing.settings import Settings
from danqing.sources import keep_outside

if TYPE_CHECKING:
    from danqing.policy import Cleared
    from danqing.store import Store, Stored, StoredSheet
    from danqing.teaching import Shelf, Teacher

Clock = Callable[[], datetime]
SEEDS = 2**63
SHEET_BUDGET_PX = 64 * 2**20
"""How many pixels one contact sheet holds in memory (4 bytes each); beyond, another sheet begins.
"""


def utc_now() -> datetime:
    return datetime.now(UTC)


class Services:
    """What the stages are made of, built once at the edge. Use it in a `with`, or close it.

    `policy` and `labeller` are made when first used: looking things up needs neither.
    """

    def __init__(
        self, settings: Settings, store: Store, load_engine: Callable[[str], Engine], clock: Clock
    ) -> None:
        self.settings = settings
        self.store = store
        self.load_engine = load_engine
        self.clock = clock

    @cached_property
    def person(self) -> Person:
        """Whoever sits at this machine."""
        return local_person(self.store.database, self.clock)

    @cached_property
    def shelf(self) -> Shelf:
        """What was taught in this home (`danqing teach`)."""
        from danqing.teaching import Shelf

        return Shelf(self.settings.home)

    @property
    def teacher(self) -> Teacher:
        """Whoever teaches here, under the rules in force."""
        from danqing.teaching import Teacher

        return Teacher(self.person, self.policy, self.store.database, self.clock)

    @cached_property
    def policy(self) -> Policy:
        """Raises PolicyError when an operator's pack can't be read: then nothing is decided."""
        from danqing.policy import OpenNsfw, load_pack, shipped_packs

        packs = (*shipped_packs(), *map(load_pack, self.settings.policy_packs))
        return Policy(packs, OpenNsfw(), self.clock)

    @cached_property
    def labeller(self) -> Labeller:
        from danqing.provenance import SigningKeys

        keys = SigningKeys.load_or_create(self.settings.home / "keys" / "signing", self.clock)
        return Labeller(keys, self.settings.content_producer, self.clock)

    def new_id(self) -> str:
        from ulid import ULID

        return str(ULID.from_datetime(self.clock()))

    def close(self) -> None:
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def build(settings: Settings, *, clock: Clock = utc_now) -> Services:
    """Opens the home folder, making it on first use, and puts in order what a kill left there.

    Raises StoreError, StoreDamaged, StoreFull.
    """
    from danqing.engines import load_engine
    from danqing.store import open_store

    return Services(settings, open_store(settings.home, clock), load_engine, clock)


def draw(
    services: Services,
    request: Request,
    *,
    outputs: Outputs | None = None,
    on_progress: OnProgress | None = None,
) -> Iterator[Stored | StoredSheet | Refusal | Held | Withheld]:
    """Draws a request: one outcome per picture, or the one verdict that stops it; then its sheets.

    outputs: where the user's files go; None keeps the pictures in the store alone, without a sheet.
    Raises EngineError, ProvenanceError, StoreError, PolicyError; what was yielded before stays.
    """
    store = services.store
    identified = identify(
        request, services.person, batch_id=services.new_id(), clock=services.clock
    )
    store.begin(identified)
    with _failure_recorded(services, identified):
        check_sources(store, identified)
        start = open_sources(store, request)
        verdict = services.policy.decide(identified, start.pixels)
        if isinstance(verdict, Refusal):
            store.record_refusal(verdict)
        elif isinstance(verdict, Held):
            store.record_hold(verdict)
    if not isinstance(verdict, Permit):
        yield verdict
        return
    with _failure_recorded(services, identified):
        yield from _pictures(services, verdict, start, outputs, on_progress)
    store.finish(identified.batch_id)


def _pictures(
    services: Services,
    permit: Permit,
    start: Start,
    outputs: Outputs | None,
    on_progress: OnProgress | None,
) -> Iterator[Stored | StoredSheet | Withheld]:
    request, labeller = permit.identified.request, services.labeller
    on_sheet: list[Cleared] = []
    for position, rendered in enumerate(_render(services, request, start, on_progress)):
        looked_at = services.policy.clear(permit, rendered)
        if isinstance(looked_at, Withheld):
            services.store.record_withheld(looked_at)
            yield looked_at
            continue
        artwork_id = services.new_id()
        labelled = labeller.label(
            looked_at,
            artwork_id=artwork_id,
            media_format=request.format,
            parents=start.parents,
        )
        out = None if outputs is None else outputs.picture(position, artwork_id)
        yield services.store.release(labelled, out)
        if outputs is not None and outputs.count > 1:
            on_sheet.append(looked_at)
            if sum(c.rendered.result.pixels[..., 0].size for c in on_sheet) >= SHEET_BUDGET_PX:
                yield _sheet(services, on_sheet, outputs)
                on_sheet = []
    if on_sheet and outputs is not None:
        yield _sheet(services, on_sheet, outputs)


def _render(
    services: Services, request: Request, start: Start, on_progress: OnProgress | None
) -> Iterator[Rendered]:
    """The request's pictures, one per seed. What an engine gets wrong becomes an EngineError."""
    engine = services.load_engine(request.engine)
    _check_mode(engine, start)
    spec = replace(_spec(request, start), taught=_taught(services, request.reading.brief))
    rngs = [Rng(seed) for seed in request.seeds]
    if start.picture is not None and spec.strength == 0:
        # That is the source itself, to the last bit; no engine is that exact.
        untouched = Result(start.picture)
        yield from (
            Rendered(spec, s, engine.name, engine.version, untouched) for s in request.seeds
        )
        return
    with _engine_faults(engine.name):
        drawn = engine.generate([spec] * len(rngs), rngs, on_progress)
    for seed in request.seeds:
        with _engine_faults(engine.name):
            result = next(drawn, None)
        if result is None:
            raise EngineError("engine.too_few", name=engine.name)
        _check_size(engine.name, spec, result)
        if start.picture is not None and start.mask is not None:
            # An engine may well touch what a mask protects; none of that is let through.
            kept = keep_outside(result.pixels, start.picture, start.mask)
            result = replace(result, pixels=kept)
        yield Rendered(spec, seed, engine.name, engine.version, result)


def _sheet(services: Services, pictures: list[Cleared], outputs: Outputs) -> StoredSheet:
    sheet_id = services.new_id()
    asked = pictures[0].permit.identified.request.format
    media_format: PictureFormat = "png" if asked == "svg" else asked  # it has no vectors to show
    sheet = services.labeller.label_sheet(pictures, artwork_id=sheet_id, media_format=media_format)
    return services.store.release_sheet(sheet, outputs.sheet(sheet_id))


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


@contextmanager
def _failure_recorded(services: Services, identified: Identified) -> Iterator[None]:
    """Whatever ends the batch early is its outcome in the ledger, a Ctrl-C included."""
    try:
        yield
    except BaseException as problem:
        stopped = isinstance(problem, KeyboardInterrupt | GeneratorExit)
        code = "errors.stopped" if stopped else getattr(problem, "code", "errors.unexpected")
        with suppress(StoreError):  # what went wrong first is what the person should read
            services.store.record_failure(identified, code)
        raise


@dataclass(frozen=True, slots=True)
class Redone:
    """What drawing an artwork again gave, compared with its sealed master.

    same: every pixel equal. engine_version: of the engine now; differs from the artwork's when its
    weights, runtime or machine have changed since. largest_difference: in levels of 255, over all
    pixels and channels; None where the sizes differ.
    """

    artwork: Stored
    same: bool
    engine_version: str
    largest_difference: int | None

    @property
    def engine_changed(self) -> bool:
        return self.engine_version != self.artwork.engine_version


def redo(services: Services, artwork_id: str, on_progress: OnProgress | None = None) -> Redone:
    """Draws an artwork again from its stored request, to see whether the same pixels come out.

    Nothing leaves: the pixels are compared and dropped. Raises NotFound, StoreDamaged when the
    sealed master isn't what was sealed, EngineError.
    """
    artwork = services.store.show(artwork_id)
    master = services.store.master_pixels(artwork.id)
    request = replace(artwork.request, seeds=(artwork.seed,), engine=artwork.engine)
    start = open_sources(services.store, request)
    (drawn,) = _render(services, request, start, on_progress)
    pixels = drawn.result.pixels
    difference = None
    if pixels.shape == master.shape:
        difference = int(np.abs(pixels.astype(np.int16) - master).max())
    return Redone(
        artwork=artwork,
        same=pixels_sha256(pixels) == artwork.master_pixels_sha256 and difference == 0,
        engine_version=drawn.engine_version,
        largest_difference=difference,
    )


def seeds_for(
    count: int, first: int | None, entropy: Callable[[int], bytes] = os.urandom
) -> tuple[int, ...]:
    """One seed per picture: picture i gets first + i. Without a first, one of 32 random bits, short
    enough to be typed again."""
    start = int.from_bytes(entropy(4), "big") if first is None else first
    return tuple((start + i) % SEEDS for i in range(count))
