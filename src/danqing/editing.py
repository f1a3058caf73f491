"""From what somebody points at (a file, an artwork) to a source of a request, and from a request's
sources to the pixels and parents the stages work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from danqing.engines.protocol import Pixels
from danqing.errors import InputError, NotFound
from danqing.identity.types import Identified, Person
from danqing.provenance.types import Parent
from danqing.request.make import make_request
from danqing.request.types import PictureFormat, Request, Source
from danqing.sources import (
    Ground,
    check_declared,
    cut_out,
    fit,
    fit_mask,
    ingest,
    open_picture,
    read_mask,
    same_picture,
    unseal_mask,
)
from danqing.sources.masks import MaskPixels
from danqing.sources.reading import FORMATS

if TYPE_CHECKING:
    from danqing.store import Store, Stored

VARIATION_STRENGTH = 0.5


@dataclass(frozen=True, slots=True)
class Chosen:
    """A source for a request. width_px, height_px: of the picture as it was brought; a mask for it
    has that size. artwork: when it is one of ours, even if it came as a file."""

    source: Source
    width_px: int
    height_px: int
    artwork: Stored | None = None


def choose_artwork(store: Store, artwork_id: str) -> Chosen:
    """An artwork of ours, by its id or the beginning of it. Raises NotFound, InputError."""
    artwork = store.show(artwork_id)
    return Chosen(Source("artwork", artwork.id), artwork.width_px, artwork.height_px, artwork)


def choose_file(
    store: Store,
    person: Person,
    data: bytes,
    *,
    declared: Callable[[], bool],
    anchors: bytes | None,
) -> Chosen:
    """A file: an artwork of theirs stands for itself, so that work starts from clean pixels; any other is
    taken in and sealed. declared: asked, only then, whether the person may use it. anchors: our own
    C2PA roots in PEM.

    Raises NotDeclared, InputError (unreadable, too large, a contact sheet of ours), StoreError.
    """
    ours = _ours(store, data, anchors)
    # Somebody else's is brought from outside like any other: their sealed master stays theirs.
    if ours is not None and store.show(ours).person_id == person.id:
        return choose_artwork(store, ours)
    open_picture(data)  # whoever brings something unreadable needn't declare anything first
    upload = ingest(data, declared=declared(), anchors=anchors)
    store.keep_upload(upload, person)
    return Chosen(Source("upload", upload.sha256), upload.width_px, upload.height_px)


def _ours(store: Store, data: bytes, anchors: bytes | None) -> str | None:
    """The artwork a file is: the released bytes themselves; or bytes with its number in their label
    that look like it, since a file can be packed again on its way and anyone can write a number."""
    from danqing.provenance import verify
    from danqing.store import Stored, StoredSheet

    findings = verify(data, anchors)
    release = store.find_by_sha256(findings.sha256)
    if isinstance(release, StoredSheet):
        raise InputError("source.is_a_sheet", id=release.id)
    if release is not None:
        return release.id
    for produce_id in findings.produce_ids:
        release = store.find_by_produce_id(produce_id)
        if isinstance(release, Stored) and release.media_type in FORMATS.values():
            released = open_picture(store.released_bytes(release.id)).pixels
            if same_picture(open_picture(data).pixels, released):
                return release.id
    return None


def variation_of(
    artwork: Stored,
    *,
    seeds: Sequence[int],
    strength: float | None = None,
    size: tuple[int, int] | None = None,
    engine: str | None = None,
    format: PictureFormat | None = None,
) -> Request:
    """A request for pictures near this one: its own sentence, as it was read then, drawn over it
    with other seeds. strength: VARIATION_STRENGTH unless given. size: (width, height), its own
    unless given; engine and format likewise. Raises InputError.
    """
    asked = artwork.request
    width_px, height_px = size or (artwork.width_px, artwork.height_px)
    return make_request(
        asked.reading,
        seeds=seeds,
        width_px=width_px,
        height_px=height_px,
        engine=engine or artwork.engine,
        style=asked.style,
        transparent=asked.transparent,
        format=format or asked.format,
        sources=(Source("artwork", artwork.id),),
        strength=VARIATION_STRENGTH if strength is None else strength,
    )


def keep_mask(store: Store, person: Person, data: bytes, chosen: Chosen) -> str:
    """Takes in a mask for a source, and returns its hash. Raises InputError, StoreError."""
    mask = read_mask(data, chosen.width_px, chosen.height_px)
    store.keep_mask(mask, person)
    return mask.sha256


@dataclass(frozen=True, slots=True)
class Start:
    """What a request starts from. picture: (height_px, width_px, 4) uint8, mask: (height_px,
    width_px) uint8, 255 = redraw, both of the size that is asked. pixels: of each source, as they
    are. All empty for text to picture."""

    pixels: tuple[Pixels, ...] = ()
    parents: tuple[Parent, ...] = ()
    picture: Pixels | None = None
    mask: MaskPixels | None = None


def open_sources(store: Store, request: Request) -> Start:
    """The sealed sources of a request. Raises NotFound, StoreDamaged."""
    if not request.sources:
        return Start()
    opened = [_open(store, source) for source in request.sources]
    size = (request.width_px, request.height_px)
    mask = None
    if request.mask is not None:
        mask = fit_mask(unseal_mask(store.source_bytes(request.mask)), *size)
    return Start(
        pixels=tuple(pixels for pixels, _ in opened),
        parents=tuple(parent for _, parent in opened),
        picture=fit(opened[0][0], *size, transparent=request.transparent),
        mask=mask,
    )


def off_its_ground(start: Start, request: Request) -> tuple[Start, Ground | None]:
    """A start whose picture stands on nothing, and the even ground it stood on.

    The start as it is and None for a picture that has no such ground, that a mask changes in part,
    or that is kept as it is.
    """
    if start.picture is None or start.mask is not None or request.strength == 0:
        return start, None
    cut = cut_out(start.picture)
    return (start, None) if cut is None else (replace(start, picture=cut[0]), cut[1])


def check_sources(store: Store, identified: Identified) -> None:
    """Raises NotDeclared unless whoever asks brought what they use; NotFound for a mask or an
    artwork there isn't, or that is somebody else's."""
    request = identified.request
    for source in request.sources:
        if source.kind == "artwork":
            if store.show(source.id).person_id != identified.person.id:
                raise NotFound("store.no_such_artwork", id=source.id)
        else:
            check_declared(store.brought_by(source.id, identified.person.id))
    if request.mask is not None and not store.brought_by(request.mask, identified.person.id):
        raise NotFound("source.no_such_mask", sha256=request.mask)


def _open(store: Store, source: Source) -> tuple[Pixels, Parent]:
    if source.kind == "artwork":
        artwork = store.show(source.id)
        parent = Parent(store.released_bytes(artwork.id), artwork.media_type)
        return store.master_pixels(artwork.id), parent
    data = store.source_bytes(source.id)
    opened = open_picture(data)
    return opened.pixels, Parent(data, opened.media_type)
