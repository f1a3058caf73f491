"""Bytes kept under their own SHA-256: released files, and what is sealed beside them."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Literal, Protocol

from danqing.db.faults import file_errors
from danqing.db.files import make_folder, sync_folder, write_whole
from danqing.errors import StoreDamaged

Shelf = Literal["released", "masters", "sources"]
"""`released`: labelled files. `masters`: the unmarked originals. `sources`: pictures and masks
from outside. The latter two never leave."""
SHELVES: tuple[Shelf, ...] = ("released", "masters", "sources")


_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def key(shelf: Shelf, digest: str) -> str:
    """Where bytes lie, below the root: `<shelf>/ab/abcd…`.

    Raises StoreDamaged for a name that isn't a hash, since nothing is kept under it; so no name, wherever
    it comes from, leads out of its shelf.
    """
    if not _DIGEST.fullmatch(digest):
        raise StoreDamaged("store.blob_missing", sha256=digest[:64])
    return f"{shelf}/{digest[:2]}/{digest}"


class BlobStore(Protocol):
    """Where bytes are kept by hash. Every hash is lower-case hex of SHA-256 over the bytes."""

    def put(self, shelf: Shelf, data: bytes) -> str:
        """Keeps the bytes, safely on the disk when it returns, and returns their hash.

        Putting the same bytes again changes nothing. Raises StoreFull or StoreError."""
        ...

    def get(self, shelf: Shelf, digest: str) -> bytes:
        """The bytes, hashed again on the way. Raises StoreDamaged if missing or changed."""
        ...

    def has(self, shelf: Shelf, digest: str) -> bool: ...

    def remove(self, shelf: Shelf, digest: str) -> None:
        """Forgets the bytes; nothing happens if there are none."""
        ...

    def digests(self, shelf: Shelf) -> Iterator[str]:
        """All hashes on a shelf."""
        ...

    def sweep(self, keep: Collection[str]) -> int:
        """Removes what unfinished puts left, except of hashes in `keep`; returns how many."""
        ...


class FolderBlobs:
    """A folder: `<shelf>/ab/abcd…`, and `incoming/` for what is still being written.

    All but released files are readable by their owner alone (0600 in 0700). One level of 256
    folders: each folder that is new costs a sync, and two levels would have one for nearly every
    picture.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / "incoming"

    def path(self, shelf: Shelf, digest: str) -> Path:
        return self.root / key(shelf, digest)

    def put(self, shelf: Shelf, data: bytes) -> str:
        digest = sha256(data).hexdigest()
        final = self.path(shelf, digest)
        with file_errors(self.root):
            if final.is_file() and final.stat().st_size == len(data):
                sync_folder(final.parent)  # whoever renamed it may not have come that far
                return digest
            part = self._incoming / f"{digest}.{os.urandom(6).hex()}.part"
            private = shelf != "released"
            make_folder(final.parent, 0o700 if private else 0o755)
            make_folder(part.parent, 0o700)
            write_whole(part, data, 0o600 if private else 0o644)
            os.replace(part, final)
            sync_folder(final.parent)
        return digest

    def get(self, shelf: Shelf, digest: str) -> bytes:
        try:
            data = self.path(shelf, digest).read_bytes()
        except OSError as error:
            raise StoreDamaged("store.blob_missing", sha256=digest) from error
        if sha256(data).hexdigest() != digest:
            raise StoreDamaged("store.blob_changed", sha256=digest)
        return data

    def has(self, shelf: Shelf, digest: str) -> bool:
        return self.path(shelf, digest).is_file()

    def remove(self, shelf: Shelf, digest: str) -> None:
        with file_errors(self.root):
            self.path(shelf, digest).unlink(missing_ok=True)

    def digests(self, shelf: Shelf) -> Iterator[str]:
        for file in sorted((self.root / shelf).glob("??/*")):
            yield file.name

    def sweep(self, keep: Collection[str]) -> int:
        removed = 0
        with file_errors(self.root):
            for part in self._incoming.glob("*.part"):
                if part.name.split(".", 1)[0] not in keep:
                    part.unlink(missing_ok=True)
                    removed += 1
        return removed


def open_blobs(home: Path, url: str | None) -> BlobStore:
    """The object store at a URL (extra `[s3]`), or without one a folder in the home."""
    if url is None:
        return FolderBlobs(home / "blobs")
    from danqing.db.object_blobs import open_object_blobs

    return open_object_blobs(url)
