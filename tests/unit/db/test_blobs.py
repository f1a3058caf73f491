from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from danqing.db import FolderBlobs
from danqing.errors import StoreDamaged, StoreError


@pytest.fixture
def blobs(tmp_path: Path) -> FolderBlobs:
    return FolderBlobs(tmp_path / "blobs")


def test_masters_are_their_owners_alone(blobs: FolderBlobs) -> None:
    file = blobs.path("masters", blobs.put("masters", b"clean"))
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda f: f.write_bytes(b"pictuRe"), "blob_changed"),
        (lambda f: f.write_bytes(b""), "blob_changed"),
        (lambda f: f.unlink(), "blob_missing"),
    ],
)
def test_spoilt_bytes_are_noticed(
    blobs: FolderBlobs, spoil: Callable[[Path], object], code: str
) -> None:
    digest = blobs.put("released", b"picture")
    spoil(blobs.path("released", digest))
    with pytest.raises(StoreDamaged, match=code):
        blobs.get("released", digest)


def test_putting_again_mends_a_truncated_file(blobs: FolderBlobs) -> None:
    digest = blobs.put("released", b"picture")
    os.truncate(blobs.path("released", digest), 3)
    blobs.put("released", b"picture")
    assert blobs.get("released", digest) == b"picture"


def test_sweeping_removes_parts_but_not_those_in_hand(blobs: FolderBlobs) -> None:
    blobs.put("released", b"x")
    incoming = blobs.root / "incoming"
    (incoming / "aaaa.1.part").write_bytes(b"half")
    (incoming / "bbbb.1.part").write_bytes(b"half")
    assert blobs.sweep({"bbbb"}) == 1
    assert [f.name for f in incoming.iterdir()] == ["bbbb.1.part"]


def test_a_folder_that_cannot_be_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="unwritable"):
        FolderBlobs(tmp_path / "file").put("released", b"x")
