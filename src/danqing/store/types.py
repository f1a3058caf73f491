"""What the store gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from danqing.engines.protocol import Ignored
from danqing.request.canonical import request_from_json
from danqing.request.types import Request


@dataclass(frozen=True, slots=True)
class Stored:
    """A finished artwork as the store knows it.

    id, batch_id, person_id: ULIDs. position: of this picture in its batch, from 0. prompt: the
    sentence as it was typed; language: its BCP 47 tag. request_json: all that was asked, canonical;
    with `seed` and `engine_version` it is enough to draw the picture again. sha256: of the released
    file; master_sha256: of the sealed PNG; master_pixels_sha256: as `provenance` made it. path:
    where the user's file was put (it may have been moved since), or None.
    """

    id: str
    batch_id: str
    position: int
    person_id: str
    created_at: datetime
    prompt: str
    language: str
    request_json: str
    engine: str
    engine_version: str
    seed: int
    width_px: int
    height_px: int
    ignored: tuple[Ignored, ...]
    media_type: str
    size_bytes: int
    sha256: str
    master_sha256: str
    master_pixels_sha256: str
    produce_id: str
    path: Path | None

    @property
    def request(self) -> Request:
        """All that was asked, its reading included. Raises InputError if this version of Danqing
        can no longer read it."""
        return request_from_json(self.request_json)


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """A contact sheet of a batch: a released file as any other, with no master of its own."""

    id: str
    batch_id: str
    person_id: str
    created_at: datetime
    media_type: str
    size_bytes: int
    sha256: str
    produce_id: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a start found left over by a process that was killed.

    interrupted: batches whose ledger line was closed as interrupted. delivered: files that were
    complete but had not got their name yet, and now have. removed: half-made files thrown away.
    """

    interrupted: tuple[str, ...] = ()
    delivered: tuple[Path, ...] = ()
    removed: int = 0
