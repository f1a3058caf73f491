from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from danqing.errors import StoreDamaged
from danqing.store import Store, open_store
from support import batches as made


def one_artwork(store: Store, clock: made.Clock) -> str:
    asked = made.ask(store, clock=clock)
    artwork_id = store.release(made.labelled(asked)).id
    store.finish(asked.batch_id)
    return artwork_id


def sql(*statements: str) -> Callable[[Path], None]:
    def run(home: Path) -> None:
        with closing(sqlite3.connect(home / "danqing.db")) as raw, raw:
            for statement in statements:
                raw.execute(statement)

    return run


def blob(shelf: str, change: Callable[[Path], object]) -> Callable[[Path], None]:
    def run(home: Path) -> None:
        change(next((home / "blobs" / shelf).glob("??/*")))

    return run


def stray(home: Path) -> None:
    folder = home / "blobs" / "released" / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ("abcd" + "0" * 60)).write_bytes(b"x")


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        (blob("masters", lambda f: f.unlink()), {"problem_blob_missing"}),
        (blob("masters", lambda f: f.write_bytes(b"x")), {"problem_blob_changed"}),
        (blob("released", lambda f: f.write_bytes(b"x")), {"problem_blob_changed"}),
        (stray, {"problem_stray_blob"}),
        (
            sql("DELETE FROM artworks", "DELETE FROM releases"),
            {"problem_no_artwork", "problem_stray_blob"},
        ),
        (
            sql("UPDATE releases SET sha256 = 'x'"),
            {"problem_no_line", "problem_blob_missing", "problem_stray_blob"},
        ),
        (
            sql("DROP TRIGGER ledger_no_delete", "DELETE FROM ledger WHERE kind = 'closed'"),
            {"problem_no_outcome"},
        ),
    ],
)
def test_whatever_is_missing_is_named(
    store: Store, home: Path, clock: made.Clock, spoil: Callable[[Path], None], codes: set[str]
) -> None:
    one_artwork(store, clock)
    assert store.check().sound
    spoil(home)
    check = store.check()
    assert not check.sound
    assert {p.code for p in check.problems} == {f"store.{code}" for code in codes}


def test_a_torn_page_is_damage(home: Path, clock: made.Clock) -> None:
    with open_store(home, clock) as store:
        for _ in range(20):
            one_artwork(store, clock)
    file = home / "danqing.db"
    data = bytearray(file.read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 : page * 4096 + 100] = bytes(100)
    file.write_bytes(data)
    with pytest.raises(StoreDamaged, match=r"store\.damaged"), open_store(home, clock) as store:
        store.check()
