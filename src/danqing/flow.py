"""The one place that joins the stages: sentence → request → identity → policy → engine → policy
(the result) → provenance → store.

Each step takes what the step before it made, so that none can be left out. Doors (cli, studio)
build the services once, call `draw`, and show what comes back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from danqing.editing import Start, check_sources, open_sources
from danqing.engines.protocol import Rendered
from danqing.errors import InputError, StoreError
from danqing.identity import Grant, Identified, Person, identify, require_real_name
from danqing.outputs import Outputs
from danqing.policy import Held, Permit, Refusal, Withheld
from danqing.provenance import UNMARKED, pixels_sha256
from danqing.rendering import Glimpse, OnStep, Part, render
from danqing.request.types import PictureFormat, Request

if TYPE_CHECKING:
    from danqing.policy import Cleared
    from danqing.provenance import Labelled
    from danqing.services import Services
    from danqing.store import Stored, StoredSheet

SEEDS = 2**63
SHEET_BUDGET_PX = 64 * 2**20
"""How many pixels one contact sheet holds in memory (4 bytes each); beyond, another sheet begins.
"""


def draw(
    services: Services,
    request: Request,
    *,
    person: Person | None = None,
    grant: Grant | None = None,
    outputs: Outputs | None = None,
    on_progress: OnShare | None = None,
) -> Iterator[Stored | StoredSheet | Refusal | Held | Withheld]:
    """Draws a request: one outcome per picture, or the one verdict that stops it; then its sheets.

    person: who asks; whoever sits at this machine unless given. grant: theirs, by which the
    pictures leave without their visible mark (a sheet never does). outputs: where the user's files
    go; None keeps the pictures in the store alone, without a sheet.
    Raises Forbidden for somebody unverified where real names are asked for; EngineError,
    ProvenanceError, StoreError, PolicyError; what was yielded before stays.
    """
    store, person = services.store, person or services.person
    require_real_name(person, services.settings)
    identified = identify(request, person, batch_id=services.new_id(), clock=services.clock)
    store.begin(identified)
    with _failure_recorded(services, identified):
        ready = decide(services, identified, grant=grant)
    if not isinstance(ready, Ready):
        yield ready
        return
    with _failure_recorded(services, identified):
        yield from _pictures(services, ready, outputs, on_progress)
    store.finish(identified.batch_id)


def grant_for(
    services: Services, person: Person, grant_id: str, requests: Sequence[Request]
) -> Grant:
    """A person's grant, when it serves all these pictures.

    Raises Forbidden, NotFound; InputError for a format that can't leave without the mark.
    """
    for request in requests:
        if request.format not in UNMARKED:
            raise InputError("provenance.unmarked_format", format=request.format)
    pictures = sum(len(request.seeds) for request in requests)
    return services.register.grants.open(grant_id, by=person, pictures=pictures)


@dataclass(frozen=True, slots=True)
class Ready:
    """A permitted request with what it starts from. seeds: those of its own still to be drawn.
    grant: by which its pictures leave without their visible mark."""

    permit: Permit
    start: Start
    seeds: tuple[int, ...]
    grant: Grant | None = None


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """A picture being drawn. number: of its request; share: how much of it is done, in [0, 1].

    show: looks at it, labels it as what it will be, and lays it out for whoever watches; False where
    it may not be seen. Only while the step lasts. Raises EngineError, ProvenanceError, StoreError.
    """

    number: int
    seed: int
    share: float
    show: Callable[[], bool]


OnDrawing = Callable[[float, Sequence[OnItsWay]], None]
"""Called with the share of all pictures that is done, and those on their way. It may raise to cancel."""
OnShare = Callable[[float], None]
"""Called with the share of all pictures that is done, in [0, 1]."""


def decide(
    services: Services,
    identified: Identified,
    seeds: tuple[int, ...] | None = None,
    grant: Grant | None = None,
) -> Ready | Refusal | Held:
    """Looks at a request whose batch has begun; a refusal or a hold closes it.

    seeds: those still to be drawn; all of the request's unless given. Raises NotDeclared, NotFound,
    PolicyError, StoreError.
    """
    store = services.store
    check_sources(store, identified)
    start = open_sources(store, identified.request)
    verdict = services.policy.decide(identified, start.pixels)
    if isinstance(verdict, Permit):
        left = identified.request.seeds if seeds is None else seeds
        return Ready(verdict, start, left, grant)
    if isinstance(verdict, Refusal):
        store.record_refusal(verdict)
    else:
        store.record_hold(verdict)
    return verdict


def draw_together(
    services: Services, ready: Sequence[Ready], on_drawing: OnDrawing | None = None
) -> Iterator[tuple[int, Rendered, Stored | Withheld]]:
    """Draws requests that share an engine in one call of it, for the queue: the number of the
    request each picture is for, the picture, and what became of it. Closes no batch.

    Raises as `draw`; what was yielded before stays.
    """
    parts = [Part(each.permit.identified.request, each.start, each.seeds) for each in ready]
    ids: dict[tuple[int, int], str] = {}

    def show(glimpse: Glimpse) -> bool:
        """A preview is looked at and labelled as what it will be. False: it may not be seen."""
        each = ready[glimpse.number]
        looked_at = _clear(services, each.permit, glimpse.render())
        if isinstance(looked_at, Withheld):
            return False
        preview = services.labeller.label_preview(
            looked_at,
            artwork_id=ids.setdefault((glimpse.number, glimpse.seed), services.new_id()),
            media_format=each.permit.identified.request.format,
            parents=each.start.parents,
        )
        services.store.show_preview(preview)
        return True

    def on_step(share: float, glimpses: Sequence[Glimpse]) -> None:
        if on_drawing is not None:
            on_drawing(
                share, [OnItsWay(g.number, g.seed, g.share, partial(show, g)) for g in glimpses]
            )

    for number, rendered in render(services, parts, on_step):
        looked_at = _clear(services, ready[number].permit, rendered)
        if isinstance(looked_at, Withheld):
            services.store.record_withheld(looked_at)
            yield number, rendered, looked_at
            continue
        label = _label_of(services, ready[number].grant)
        labelled = label(
            looked_at,
            artwork_id=ids.pop((number, rendered.seed), None) or services.new_id(),
            media_format=parts[number].request.format,
            parents=parts[number].start.parents,
        )
        yield number, rendered, services.store.release(labelled)


def _label_of(services: Services, grant: Grant | None) -> Callable[..., Labelled]:
    labeller = services.labeller
    return labeller.label if grant is None else partial(labeller.label_under_grant, grant=grant)


def _clear(services: Services, permit: Permit, rendered: Rendered) -> Cleared | Withheld:
    writes_text = services.load_engine(permit.identified.request.engine).capabilities.writes_text
    return services.policy.clear(permit, rendered, writes_text=writes_text)


def _pictures(
    services: Services,
    ready: Ready,
    outputs: Outputs | None,
    on_progress: OnShare | None,
) -> Iterator[Stored | StoredSheet | Withheld]:
    permit, start = ready.permit, ready.start
    request = permit.identified.request
    label = _label_of(services, ready.grant)
    on_sheet: list[Cleared] = []
    part = Part(request, start, ready.seeds)
    for position, (_, rendered) in enumerate(render(services, [part], _shares(on_progress))):
        looked_at = _clear(services, permit, rendered)
        if isinstance(looked_at, Withheld):
            services.store.record_withheld(looked_at)
            yield looked_at
            continue
        artwork_id = services.new_id()
        labelled = label(
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


def _shares(on_progress: OnShare | None) -> OnStep | None:
    return None if on_progress is None else lambda share, _: on_progress(share)


def _sheet(services: Services, pictures: list[Cleared], outputs: Outputs) -> StoredSheet:
    sheet_id = services.new_id()
    asked = pictures[0].permit.identified.request.format
    # A sheet has no vectors to show, and more colours than a GIF.
    media_format: PictureFormat = "png" if asked in ("svg", "gif") else asked
    sheet = services.labeller.label_sheet(pictures, artwork_id=sheet_id, media_format=media_format)
    return services.store.release_sheet(sheet, outputs.sheet(sheet_id))


@contextmanager
def _failure_recorded(services: Services, identified: Identified) -> Iterator[None]:
    """Whatever ends the batch early is its outcome in the ledger, a Ctrl-C included."""
    try:
        yield
    except BaseException as problem:
        stopped = isinstance(problem, KeyboardInterrupt | GeneratorExit)
        code = "errors.stopped" if stopped else getattr(problem, "code", "errors.unexpected")
        with suppress(StoreError):  # what went wrong first is what the person should read
            services.store.record_failure(identified.batch_id, code)
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


def redo(services: Services, artwork_id: str, on_progress: OnShare | None = None) -> Redone:
    """Draws an artwork again from its stored request, to see whether the same pixels come out.

    Nothing leaves: the pixels are compared and dropped. Raises NotFound, StoreDamaged when the
    sealed master isn't what was sealed, EngineError.
    """
    artwork = services.store.show(artwork_id)
    master = services.store.master_pixels(artwork.id)
    request = replace(artwork.request, seeds=(artwork.seed,), engine=artwork.engine)
    start = open_sources(services.store, request)
    part = Part(request, start, request.seeds)
    ((_, drawn),) = render(services, [part], _shares(on_progress))
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
