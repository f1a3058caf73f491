"""A full disk: a real one where mounting is allowed, and a process at its file-size limit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from danqing.errors import StoreError, StoreFull
from danqing.store import Store, open_store
from support import batches as made

TESTS = Path(__file__).parents[2]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one mebibyte."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("mounting a small file system is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_home_is_one_clear_error_and_leaves_nothing(
    small_disk: Path, clock: made.Clock, tmp_path: Path
) -> None:
    home = small_disk / "home"
    with open_store(home, clock) as store:
        asked = made.ask(store, seeds=(1, 2), clock=clock)
        kept = store.release(made.labelled(asked, 1), tmp_path / "a.png")
        with pytest.raises(StoreFull, match=r"store\.full"):
            store.release(made.labelled(asked, 2, padding=1 << 20), tmp_path / "b.png")
        assert not (tmp_path / "b.png").exists()
        store.record_failure(asked.batch_id, "store.full")
        assert store.history() == [kept]
        assert store.check().sound
        assert not list((home / "blobs" / "incoming").iterdir())


def test_a_home_full_to_the_brim_says_so_wherever_it_is_met(
    small_disk: Path, clock: made.Clock
) -> None:
    with open_store(small_disk / "home", clock) as store:
        with open(small_disk / "filler", "wb", buffering=0) as filler:
            for size in (4096, 1):
                while room_for(filler.fileno(), bytes(size)):
                    pass
        with pytest.raises(StoreFull):
            ask_until_full(store, clock)
        (small_disk / "filler").unlink()
        asked = made.ask(store, clock=clock)
        store.finish(asked.batch_id)
        assert store.verify_ledger().fault is None


def ask_until_full(store: Store, clock: made.Clock) -> None:
    for _ in range(100):
        made.ask(store, clock=clock)


def room_for(descriptor: int, data: bytes) -> bool:
    try:
        return os.write(descriptor, data) > 0
    except OSError:
        return False


def test_a_full_folder_of_the_users_is_one_clear_error(
    store: Store, small_disk: Path, clock: made.Clock
) -> None:
    asked = made.ask(store, clock=clock)
    with pytest.raises(StoreFull):
        store.release(made.labelled(asked, padding=2 << 20), small_disk / "a.png")
    assert list(small_disk.iterdir()) == []
    store.record_failure(asked.batch_id, "store.full")
    assert store.history() == []
    assert store.check().sound


def test_an_unwritable_folder_is_one_clear_error(
    store: Store, clock: made.Clock, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    asked = made.ask(store, clock=clock)
    for out in (tmp_path / "file" / "a.png", Path("/proc/danqing/a.png"), Path("/proc/a.png")):
        with pytest.raises(StoreError, match=r"store\.unwritable"):
            store.release(made.labelled(asked), out)
    store.record_failure(asked.batch_id, "store.unwritable")
    assert store.check().sound
    assert store.check().releases == 0


LIMITED = """
import resource, sys
from pathlib import Path
from support import batches as made
from danqing.errors import StoreFull
from danqing.store import open_store

home, clock = Path(sys.argv[1]), made.Clock()
with open_store(home, clock) as store:
    asked = made.ask(store, seeds=(1, 2), clock=clock)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
    store.release(made.labelled(asked, 1), home.parent / "a.png")
    try:
        store.release(made.labelled(asked, 2, padding=2_500_000), home.parent / "b.png")
    except StoreFull:
        store.record_failure(asked.batch_id, "store.full")
        sys.exit(0 if store.check().sound and len(store.history()) == 1 else 2)
sys.exit(1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file-size limits")
def test_a_process_at_its_file_size_limit_is_full(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "home")],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
    )
    assert run.returncode == 0
    assert (tmp_path / "a.png").exists()
    assert not (tmp_path / "b.png").exists()
