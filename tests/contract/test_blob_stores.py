"""What every place for blobs must do: a folder, and object stores of three kinds, an S3 service among
them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from danqing.db import BlobStore, FolderBlobs
from danqing.db.blobs import open_blobs
from danqing.errors import StoreDamaged, StoreError
from danqing.store import open_store
from support import batches as made
from support.object_stores import set_environment


@pytest.fixture(params=["folder", "memory", "file", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "folder":
        return open_blobs(tmp_path, None)
    if request.param == "s3":
        return open_blobs(tmp_path, request.getfixturevalue("s3_url"))
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


@pytest.mark.parametrize(
    "name",
    [
        "", ".", "..", "../../danqing.db", "/etc/passwd", "ab/../../../keys/ledger.key",
        "A" * 64, "a" * 63, "a" * 65, "g" * 64, "a" * 64 + "\n", "٣" * 64, "a" * 61 + "/..",
    ],
)  # fmt: skip
def test_nothing_is_kept_under_a_name_that_is_no_hash(blobs: BlobStore, name: str) -> None:
    """Not even looked for: a name like that could lead anywhere."""
    blobs.put("released", b"x")
    for look in (blobs.get, blobs.has, blobs.remove):
        with pytest.raises(StoreDamaged, match="blob_missing"):
            look("released", name)


def test_large_and_empty_blobs(blobs: BlobStore) -> None:
    for data in (b"", bytes(range(256)) * 65_536):
        assert blobs.get("released", blobs.put("released", data)) == data


def test_sweeping_keeps_what_was_put(blobs: BlobStore) -> None:
    digest = blobs.put("released", b"x")
    assert blobs.sweep(()) == 0
    assert blobs.has("released", digest)


def test_a_store_in_s3_keeps_what_it_is_given(tmp_path: Path, s3_url: str) -> None:
    clock = made.Clock()
    with open_store(tmp_path / "home", clock, blobs_url=s3_url) as store:
        asked = made.ask(store, clock=clock)
        picture = store.release(made.labelled(asked, 7))
        store.finish(asked.batch_id)
        assert store.released_bytes(picture.id).startswith(made.png(7))
        assert (store.master_pixels(picture.id) == made.pixels_of(7)).all()
        check = store.check()
        assert (check.ledger.fault, check.problems) == (None, ())
        store.blobs.remove("masters", picture.master_sha256)
        assert len(store.check().problems) == 1
    assert not (tmp_path / "home" / "blobs").exists()


def test_a_bucket_that_is_not_there_is_one_clear_error(tmp_path: Path, s3_url: str) -> None:
    blobs = open_blobs(tmp_path, s3_url.replace("danqing-", "elsewhere-"))
    for work in (lambda: blobs.put("released", b"x"), lambda: list(blobs.digests("released"))):
        with pytest.raises(StoreError, match="blobs_unreachable"):
            work()


def test_a_service_that_has_gone_is_one_clear_error(
    tmp_path: Path, s3_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_environment(monkeypatch, "http://127.0.0.1:9")
    blobs = open_blobs(tmp_path, s3_url)
    with pytest.raises(StoreError, match="blobs_unreachable"):
        blobs.get("released", "00" * 32)


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
