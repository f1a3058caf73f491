"""What every place for blobs must do: a folder, and object stores of two kinds."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from danqing.db import BlobStore, FolderBlobs
from danqing.db.blobs import open_blobs
from danqing.errors import StoreDamaged, StoreError


@pytest.fixture(params=["folder", "memory", "file"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "folder":
        return open_blobs(tmp_path, None)
    return open_blobs(tmp_path, "memory:///" if request.param == "memory" else tmp_path.as_uri())


def test_bytes_come_back_by_their_hash(blobs: BlobStore) -> None:
    digest = blobs.put("released", b"picture")
    assert digest == sha256(b"picture").hexdigest()
    assert blobs.get("released", digest) == b"picture"
    assert blobs.put("released", b"picture") == digest
    assert blobs.has("released", digest)
    assert not blobs.has("masters", digest)


def test_a_shelf_lists_what_is_on_it(blobs: BlobStore) -> None:
    assert list(blobs.digests("masters")) == []
    kept = sorted(blobs.put("masters", bytes([n])) for n in range(40))
    blobs.put("released", b"elsewhere")
    assert list(blobs.digests("masters")) == kept


def test_what_is_removed_is_gone_and_removing_again_is_nothing(blobs: BlobStore) -> None:
    digest = blobs.put("sources", b"x")
    blobs.remove("sources", digest)
    blobs.remove("sources", digest)
    assert not blobs.has("sources", digest)
    with pytest.raises(StoreDamaged, match="blob_missing"):
        blobs.get("sources", digest)


def test_large_and_empty_blobs(blobs: BlobStore) -> None:
    for data in (b"", bytes(range(256)) * 65_536):
        assert blobs.get("released", blobs.put("released", data)) == data


def test_sweeping_keeps_what_was_put(blobs: BlobStore) -> None:
    digest = blobs.put("released", b"x")
    assert blobs.sweep(()) == 0
    assert blobs.has("released", digest)


def test_changed_bytes_are_noticed_in_an_object_store(tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path, tmp_path.as_uri())
    digest = blobs.put("released", b"picture")
    (tmp_path / "released" / digest[:2] / digest).write_bytes(b"pictuRe")
    with pytest.raises(StoreDamaged, match="blob_changed"):
        blobs.get("released", digest)


@pytest.mark.parametrize("url", ["nonsense", "ftp://x/y", "s3://"])
def test_a_url_that_leads_nowhere_is_one_clear_error(tmp_path: Path, url: str) -> None:
    with pytest.raises(StoreError, match="blobs_unreachable"):
        open_blobs(tmp_path, url)


def test_a_folder_is_the_default(tmp_path: Path) -> None:
    assert isinstance(open_blobs(tmp_path, None), FolderBlobs)
