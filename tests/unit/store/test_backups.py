from __future__ import annotations

import json
import random
import sqlite3
import zipfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from danqing.errors import StoreDamaged, StoreError
from danqing.store import Backup, Store, back_up, open_store, restore
from support import batches as made


def contents(home: Path) -> dict[str, bytes]:
    """Keys and blobs, by path."""
    return {
        str(f.relative_to(home)): f.read_bytes()
        for folder in ("keys", "blobs")
        for f in sorted((home / folder).rglob("*"))
        if f.is_file()
    }


def some_artworks(store: Store, clock: made.Clock) -> None:
    for seed in (1, 2, 3):
        asked = made.ask(store, f"第{seed}只熊猫", (seed,), clock=clock)
        store.release(made.labelled(asked, seed))
        store.finish(asked.batch_id)
    asked = made.ask(store, clock=clock)
    store.release_sheet(made.sheet(asked))
    store.record_failure(asked.batch_id, "x.y")


@pytest.fixture
def backup(store: Store, home: Path, clock: made.Clock, tmp_path: Path) -> Path:
    (home / "keys" / "signer.key.pem").write_bytes(b"key")
    some_artworks(store, clock)
    back_up(store, tmp_path / "b.zip", clock)
    return tmp_path / "b.zip"


def test_a_backup_comes_back_whole_elsewhere(
    backup: Path, store: Store, home: Path, clock: made.Clock, tmp_path: Path
) -> None:
    restored = restore(backup, tmp_path / "new" / "home", clock)
    assert restored.previous is None
    assert restored.backup.artworks == 3
    assert contents(tmp_path / "new" / "home") == contents(home)
    with open_store(tmp_path / "new" / "home", clock) as again:
        assert again.history() == store.history()
        assert again.history("熊猫 3")[:1] == store.history("第3只")
        assert again.check().sound
        assert again.verify_ledger() == store.verify_ledger()
    assert sorted(f.name for f in (tmp_path / "new").iterdir()) == ["home"]


def test_a_backup_is_its_owners_alone_and_never_replaces_one(
    backup: Path, store: Store, clock: made.Clock, tmp_path: Path
) -> None:
    assert backup.stat().st_mode & 0o777 == 0o600
    before = backup.read_bytes()
    with pytest.raises(StoreError, match="backup_exists"):
        back_up(store, backup, clock)
    assert backup.read_bytes() == before
    assert sorted(f.name for f in tmp_path.iterdir()) == ["b.zip", "home"]


def test_a_backup_of_a_batch_under_way_is_restored_as_interrupted(
    store: Store, clock: made.Clock, tmp_path: Path
) -> None:
    asked = made.ask(store, seeds=(1, 2), clock=clock)
    store.release(made.labelled(asked, 1))
    found = back_up(store, tmp_path / "b.zip", clock)
    assert isinstance(found, Backup)
    store.release(made.labelled(asked, 2))
    store.finish(asked.batch_id)
    restore(tmp_path / "b.zip", tmp_path / "new", clock)
    with open_store(tmp_path / "new", clock) as again:
        assert [a.seed for a in again.history()] == [1]
        assert again.check().sound


def test_a_store_that_fails_its_check_is_not_backed_up(
    store: Store, clock: made.Clock, tmp_path: Path
) -> None:
    some_artworks(store, clock)
    blob = next((store.database.home / "blobs" / "masters").rglob("??/*"))
    blob.write_bytes(b"other")
    with pytest.raises(StoreDamaged, match="blob_changed"):
        back_up(store, tmp_path / "b.zip", clock)
    assert [f.name for f in tmp_path.iterdir()] == ["home"]


def test_a_home_with_something_in_it_is_kept_unless_told(
    backup: Path, store: Store, home: Path, clock: made.Clock
) -> None:
    more = made.ask(store, clock=clock)
    with pytest.raises(StoreError, match="home_not_empty"):
        restore(backup, home, clock)
    with pytest.raises(StoreError, match="home_in_use"):
        restore(backup, home, clock, replace=True)
    store.finish(more.batch_id)
    store.close()
    old = contents(home)
    restored = restore(backup, home, clock, replace=True)
    assert restored.previous is not None
    assert contents(restored.previous) == old
    with open_store(home, clock) as again:
        assert len(again.history()) == 3
        assert again.check().sound
    with open_store(restored.previous, clock) as before:
        assert before.check().sound


def test_where_folders_cannot_be_swapped_they_are_renamed(
    backup: Path, store: Store, home: Path, clock: made.Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()
    monkeypatch.setattr("danqing.store.restoring._exchange", lambda *_: False)
    restored = restore(backup, home, clock, replace=True)
    assert restored.previous is not None
    with open_store(home, clock) as again, open_store(restored.previous, clock) as before:
        assert again.history() == before.history()


def test_a_damaged_backup_touches_nothing(
    backup: Path, home: Path, store: Store, clock: made.Clock, tmp_path: Path
) -> None:
    """Bits flipped, cut short, odd bytes: always one error, never a traceback or a changed home."""
    store.close()
    whole = backup.read_bytes()
    randomly = random.Random(5)
    spoilt = [b"", b"PK\5\6" + bytes(18), whole[: len(whole) // 2], whole[:-30]]
    for _ in range(40):
        copy = bytearray(whole)
        copy[randomly.randrange(len(copy))] ^= 1 << randomly.randrange(8)
        spoilt.append(bytes(copy))
    before = contents(home)
    harmless, codes = 0, set()
    for data in spoilt:
        backup.write_bytes(data)
        try:
            restore(backup, tmp_path / "new", clock)
        except StoreDamaged as error:
            codes.add(error.code)
            assert not (tmp_path / "new").exists()
        else:  # a bit of the ZIP itself that means nothing: dates, attributes
            with open_store(tmp_path / "new", clock) as again:
                assert again.check().sound
            assert contents(tmp_path / "new") == before
            (tmp_path / "new").rename(tmp_path / f"harmless-{harmless}")
            harmless += 1
    assert codes == {"store.backup_damaged"}
    assert contents(home) == before
    assert harmless < 20
    assert not [f for f in tmp_path.iterdir() if "restoring" in f.name]


def rewritten(backup: Path, change: dict[str, bytes], manifest: dict[str, object]) -> None:
    """A backup with entries changed and a manifest that says so."""
    with zipfile.ZipFile(backup) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    described = json.loads(entries.pop("manifest.json")) | manifest
    entries |= change
    if "files" not in manifest:
        described["files"] = {
            n: {"sha256": sha256(d).hexdigest(), "size_bytes": len(d)} for n, d in entries.items()
        }
    with zipfile.ZipFile(backup, "w") as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(described))


@pytest.mark.parametrize(
    ("change", "manifest"),
    [
        ({"../evil": b"x"}, {}),
        ({"keys/../../evil": b"x"}, {}),
        ({"keys/.hidden": b"x"}, {}),
        ({"/tmp/evil": b"x"}, {}),
        ({"danqing.db": b"no database"}, {}),
        ({"keys/ledger.key": b"00" * 32}, {}),
        ({}, {"format": 99}),
        ({}, {"files": {}}),
        ({}, {"files": []}),
    ],
)
def test_a_backup_made_by_someone_else_is_refused(
    backup: Path, clock: made.Clock, tmp_path: Path,
    change: dict[str, bytes], manifest: dict[str, object],
) -> None:  # fmt: skip
    rewritten(backup, change, manifest)
    with pytest.raises(StoreDamaged):
        restore(backup, tmp_path / "new", clock)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["b.zip", "home"]


def test_an_entry_that_is_not_what_the_manifest_says_is_refused(
    backup: Path, clock: made.Clock, tmp_path: Path
) -> None:
    with zipfile.ZipFile(backup) as archive:
        as_it_was = json.loads(archive.read("manifest.json"))["files"]
    rewritten(backup, {"keys/signer.key.pem": b"abc"}, {"files": as_it_was})
    with pytest.raises(StoreDamaged):
        restore(backup, tmp_path / "new", clock)


def test_a_backup_with_a_changed_ledger_is_refused(
    backup: Path, clock: made.Clock, tmp_path: Path
) -> None:
    database = tmp_path / "db"
    with zipfile.ZipFile(backup) as archive:
        database.write_bytes(archive.read("danqing.db"))
    with closing(sqlite3.connect(database)) as raw, raw:
        raw.execute("DROP TRIGGER ledger_no_delete")
        raw.execute("DELETE FROM ledger WHERE seq = 2")
    rewritten(backup, {"danqing.db": database.read_bytes()}, {})
    with pytest.raises(StoreDamaged, match="backup_damaged"):
        restore(backup, tmp_path / "new", clock)


def test_a_missing_backup_is_one_clear_error(clock: made.Clock, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no_such_file"):
        restore(tmp_path / "none.zip", tmp_path / "new", clock)
    assert list(tmp_path.iterdir()) == []
