"""Blobs in an object store, by one URL through obstore (extra `[s3]`): `s3://bucket/prefix`, any store
that speaks S3 (AWS_ENDPOINT_URL…), `gs://`, `az://`, or `file:///folder`.

An object appears whole or not at all, so nothing half-written is ever there to be swept away.
Credentials come from where each provider's own tools look for them, never from the URL.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from danqing.db.blobs import Shelf, key
from danqing.errors import StoreDamaged, StoreError

if TYPE_CHECKING:
    from obstore.store import ObjectStore


class ObjectBlobs:
    """`<prefix>/<shelf>/ab/abcd…` in an object store. Whoever may read the bucket may read the
    sealed shelves: keep it private; the project never makes a link to one."""

    def __init__(self, store: ObjectStore, place: str) -> None:
        self._store = store
        self._place = place

    def path(self, shelf: Shelf, digest: str) -> str:
        return key(shelf, digest)

    def put(self, shelf: Shelf, data: bytes) -> str:
        digest = sha256(data).hexdigest()
        path = self.path(shelf, digest)
        with self._errors():
            there = self._size(path)
            if there != len(data):
                self._store.put(path, data)
        return digest

    def get(self, shelf: Shelf, digest: str) -> bytes:
        with self._errors():
            try:
                data = bytes(self._store.get(self.path(shelf, digest)).bytes())
            except FileNotFoundError as error:  # obstore's NotFoundError is one
                raise StoreDamaged("store.blob_missing", sha256=digest) from error
        if sha256(data).hexdigest() != digest:
            raise StoreDamaged("store.blob_changed", sha256=digest)
        return data

    def has(self, shelf: Shelf, digest: str) -> bool:
        with self._errors():
            return self._size(self.path(shelf, digest)) is not None

    def remove(self, shelf: Shelf, digest: str) -> None:
        with self._errors():
            if self._size(self.path(shelf, digest)) is not None:
                self._store.delete(self.path(shelf, digest))

    def digests(self, shelf: Shelf) -> Iterator[str]:
        with self._errors():
            found = sorted(
                entry["path"] for some in self._store.list(f"{shelf}/") for entry in some
            )
        for path in found:
            yield path.rpartition("/")[2]

    def sweep(self, keep: Collection[str]) -> int:  # noqa: ARG002  # nothing is ever half there
        return 0

    def _size(self, path: str) -> int | None:
        try:
            return int(self._store.head(path)["size"])
        except FileNotFoundError:
            return None

    @contextmanager
    def _errors(self) -> Iterator[None]:
        from obstore.exceptions import BaseError

        try:
            yield
        except (BaseError, OSError) as error:  # a bucket that isn't there, too
            reason = str(error).split("\n", 1)[0]
            raise StoreError("store.blobs_unreachable", url=self._place, reason=reason) from error


def open_object_blobs(url: str, **options: Any) -> ObjectBlobs:
    """The object store at a URL; nothing is asked of it yet.

    options: for obstore's `from_url`. Raises StoreError for a URL that can't be used, and when
    obstore isn't installed.
    """
    try:
        from obstore.store import from_url
    except ModuleNotFoundError as error:
        raise StoreError("store.no_driver", extra="s3") from error
    place = url.partition("?")[0]
    try:
        return ObjectBlobs(from_url(url, **options), place)
    except Exception as error:  # obstore has a class of its own for each thing a URL can lack
        reason = str(error).split("\n", 1)[0]
        raise StoreError("store.blobs_unreachable", url=place, reason=reason) from error
