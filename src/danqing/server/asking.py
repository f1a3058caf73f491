"""From what a route was asked to a job in the queue, and from the job to what came of it.

The three APIs differ in how they put a question and show an answer; what lies between is here, once.
Nothing is decided: reading, policy, drawing and labels are the road's (`jobs`, `flow`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from danqing.editing import choose_artwork, choose_file, keep_mask, variation_of
from danqing.errors import InputError, NotFound
from danqing.flow import seeds_for
from danqing.identity import identify
from danqing.request import make_prompt, make_request, read
from danqing.request.types import PictureFormat, Request
from danqing.server.declaring import keep_consent
from danqing.server.reaching import own_artwork
from danqing.server.sizes import Size, nearest
from danqing.sources import size_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from danqing.editing import Chosen
    from danqing.engines.protocol import Capabilities
    from danqing.jobs import Job
    from danqing.server.caller import Caller
    from danqing.server.declaring import Declared
    from danqing.server.house import House
    from danqing.store import Stored

MOST_PICTURES = 50
"""Of one request over HTTP; more are more requests."""


@dataclass(frozen=True, slots=True)
class Start:
    """A picture to start from, already sealed. chosen: what it is; mask: the hash of its mask."""

    chosen: Chosen
    mask: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants drawn, whichever API they said it in. prompt: as typed. size: (width,
    height) in pixels as asked, or None. engine: one there is. seeds: given, else random ones.
    previews: how many of each picture are to be shown while it is drawn. grant: the id of one."""

    prompt: str
    n: int = 1
    size: tuple[int, int] | None = None
    engine: str | None = None
    style: str | None = None
    transparent: bool = False
    format: PictureFormat = "png"
    seed: int | None = None
    seeds: Sequence[int] | None = None
    strength: float | None = None
    start: Start | None = None
    previews: int = 0
    grant: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A job and the size it is drawn at, which may not be the one that was wished for."""

    job: Job
    size: Size
    request: Request


def ask(
    house: House,
    caller: Caller,
    wish: Wish,
    *,
    idempotency_key: str | None = None,
    priority: int = 0,
) -> Asked:
    """Puts a wish in line. Raises InputError, EngineUnavailable, StoreFull, TryLater,
    PaymentNeeded."""
    house.room.require()
    engine = wish.engine or house.settings.engine
    size = nearest(wish.size or _size_of(wish.start), capabilities_of(house, engine))
    reading = read(make_prompt(wish.prompt), house.services.shelf.words())
    start = wish.start
    request = make_request(
        reading,
        seeds=wish.seeds or seeds_for(_count(wish.n), wish.seed),
        width_px=size.width_px,
        height_px=size.height_px,
        engine=engine,
        style=wish.style,
        transparent=wish.transparent,
        format=wish.format,
        sources=() if start is None else (start.chosen.source,),
        mask=None if start is None else start.mask,
        strength=None if start is None else wish.strength,
    )
    return submit(
        house, caller, request, size,
        idempotency_key=idempotency_key, priority=priority, previews=wish.previews,
        grant_id=wish.grant,
    )  # fmt: skip


def vary(
    house: House,
    caller: Caller,
    artwork: Stored,
    *,
    n: int,
    size: tuple[int, int] | None = None,
    strength: float | None = None,
    seed: int | None = None,
    engine: str | None = None,
    format: PictureFormat | None = None,
    idempotency_key: str | None = None,
) -> Asked:
    """Puts further pictures near an artwork in line, in its own sentence's words."""
    house.room.require()
    met = nearest(
        size or (artwork.width_px, artwork.height_px),
        capabilities_of(house, engine or artwork.engine),
    )
    request = variation_of(
        artwork,
        seeds=seeds_for(_count(n), seed),
        strength=strength,
        size=(met.width_px, met.height_px),
        engine=engine,
        format=format,
    )
    return submit(house, caller, request, met, idempotency_key=idempotency_key)


def submit(
    house: House,
    caller: Caller,
    request: Request,
    size: Size,
    *,
    idempotency_key: str | None = None,
    priority: int = 0,
    previews: int = 0,
    grant_id: str | None = None,
) -> Asked:
    services = house.services
    identified = identify(request, caller.person, batch_id=services.new_id(), clock=services.clock)
    job = house.queue.submit(
        identified, caller.origin, priority=priority, idempotency_key=idempotency_key,
        previews=previews, grant_id=grant_id,
    )  # fmt: skip
    return Asked(job, size, request)


def bring(
    house: House,
    caller: Caller,
    data: bytes,
    *,
    declared: Declared,
    mask: bytes | None = None,
) -> Start:
    """Takes a picture in to start from, and its mask: looked at in a process of its own, then
    sealed. Raises InputError, NotDeclared, StoreFull."""
    house.room.require(len(data))
    house.decoder.look(data)
    services = house.services
    chosen = choose_file(
        services.store,
        caller.person,
        data,
        declared=lambda: declared.may_use,
        anchors=services.signing_keys.anchors,
    )
    if chosen.source.kind == "upload":
        keep_consent(house, caller, chosen.source.id, declared)
    if mask is None:
        return Start(chosen)
    house.decoder.look(mask)
    return Start(chosen, keep_mask(services.store, caller.person, mask, chosen))


def start_from(house: House, caller: Caller, artwork_id: str) -> Start:
    """One's own artwork to start from. Raises NotFound."""
    artwork = own_artwork(house, caller, artwork_id)
    return Start(choose_artwork(house.services.store, artwork.id))


def capabilities_of(house: House, engine: str) -> Capabilities:
    """Raises EngineUnavailable."""
    return house.services.load_engine(engine).capabilities


def known_engine(name: str | None, aliases: frozenset[str] = frozenset()) -> str | None:
    """The engine of this name; None, which is the default, for no name or one of the aliases.

    Raises NotFound for any other: to come again later would be no use.
    """
    from danqing.engines.registry import list_engines

    if name is None or name.strip() == "" or name in aliases:
        return None
    names = [entry.name for entry in list_engines()]
    if name not in names:
        raise NotFound("server.no_such_engine", name=name[:64])
    return name


def _count(n: int) -> int:
    if not 1 <= n <= MOST_PICTURES:
        raise InputError("input.count", count=n, limit=MOST_PICTURES)
    return n


def _size_of(start: Start | None) -> tuple[int, int] | None:
    if start is None:
        return None
    return size_for(start.chosen.width_px, start.chosen.height_px)
