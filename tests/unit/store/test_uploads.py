"""What people bring: sealed, logged, found again, backed up, and never left half there."""

from __future__ import annotations

import json
import stat
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from danqing.db.ledger import Ledger
from danqing.errors import StoreDamaged, StoreFull
from danqing.identity import Person, local_person
from danqing.sources import Mask, Upload, ingest, read_mask
from danqing.store import Store, back_up, open_store, restore
from support import batches as made
from support.pictures import WHEN


def picture(seed: int = 1, **options: Any) -> bytes:
    out = BytesIO()
    Image.fromarray(made.pixels_of(seed)[..., :3]).save(out, "PNG", **options)
    return out.getvalue()


def upload(seed: int = 1) -> Upload:
    return ingest(picture(seed), declared=True, anchors=None)


def mask() -> Mask:
    out = BytesIO()
    Image.fromarray(np.eye(64, dtype=np.uint8) * 255).save(out, "PNG")
    return read_mask(out.getvalue(), 64, 64)


@pytest.fixture
def person(store: Store, clock: made.Clock) -> Person:
    return local_person(store.database, clock)


def lines(store: Store) -> list[dict[str, Any]]:
    with store.database.read() as connection:
        found = [line for line in store.database.ledger.lines(connection) if line.kind == "source"]
        return [json.loads(line.facts) | {"person_id": line.person_id} for line in found]


def test_an_upload_is_sealed_and_logged(store: Store, home: Path, person: Person) -> None:
    brought = upload()
    store.keep_upload(brought, person)
    assert store.source_bytes(brought.sha256) == brought.data
    (file,) = (home / "blobs" / "sources").glob("??/*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (line,) = lines(store)
    assert line["sha256"] == brought.sha256
    assert (line["role"], line["media_type"]) == ("picture", "image/png")
    assert line["declaration"] == "1"
    assert line["person_id"] == person.id
    assert line["found"]["ai_generated"] is False
    assert store.check().sound


def test_who_declared_is_told_apart(store: Store, person: Person) -> None:
    brought = upload()
    assert not store.brought_by(brought.sha256, person.id)
    store.keep_upload(brought, person)
    assert store.brought_by(brought.sha256, person.id)
    assert not store.brought_by(brought.sha256, Person("01K1J0VQ6Z3V8Q9W2X4Y5Z6A7D", WHEN).id)


def test_brought_again_it_is_declared_again(store: Store, person: Person) -> None:
    for _ in range(2):
        store.keep_upload(upload(), person)
        store.keep_mask(mask(), person)
    assert [line["role"] for line in lines(store)] == ["picture", "mask"] * 2
    assert len(list(store.blobs.digests("sources"))) == 2
    assert store.check().sound


def test_what_another_maker_wrote_is_noted_whatever_it_is(store: Store, person: Person) -> None:
    """Half characters from somebody's JSON can't be kept as UTF-8, and mustn't stop the ledger."""
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("AIGC", '{"Label":"1","ContentProducer":"\\ud800' + "x" * 9_000 + '"}')
    text.add_text("parameters", "a secret prompt")
    data = picture(pnginfo=text)
    store.keep_upload(ingest(data, declared=True, anchors=None), person)
    (line,) = lines(store)
    (label,) = line["found"]["labels"]
    assert label["Label"] == "1"
    assert len(label["ContentProducer"]) == 200
    assert line["found"]["generation_texts"] == ["png:tEXt:parameters"]
    assert "secret" not in json.dumps(line)


def test_a_backup_brings_sources_along(
    store: Store, person: Person, clock: made.Clock, tmp_path: Path
) -> None:
    store.keep_upload(upload(), person)
    store.keep_mask(mask(), person)
    back_up(store, tmp_path / "b.zip", clock)
    restore(tmp_path / "b.zip", tmp_path / "again", clock)
    with open_store(tmp_path / "again", clock) as again:
        assert again.source_bytes(upload().sha256) == upload().data
        assert again.brought_by(mask().sha256, person.id)
        assert again.check().sound
    (file, _) = (tmp_path / "again" / "blobs" / "sources").glob("??/*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_is_kept_of_what_could_not_be_logged(
    store: Store, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreFull("store.full", path="x")

    store.keep_upload(upload(1), person)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "append", full)
        for seed in (1, 2):
            with pytest.raises(StoreFull):
                store.keep_upload(upload(seed), person)
    assert list(store.blobs.digests("sources")) == [upload(1).sha256]
    assert not store.brought_by(upload(2).sha256, person.id)
    assert store.check().sound


def test_the_next_start_removes_what_a_kill_left(home: Path, clock: made.Clock) -> None:
    with open_store(home, clock) as store:
        store.keep_upload(upload(1), local_person(store.database, clock))
        store.blobs.put("sources", b"written, and then killed")
        assert [p.code for p in store.check().problems] == ["store.problem_stray_blob"]
    (home / "run" / "01K1J0VQ6Z3V8Q9W2X4Y5Z6A7B.lock").touch()  # of a process that is dead
    with open_store(home, clock) as store:
        assert store.recovered.removed == 1
        assert store.check().sound
        assert store.source_bytes(upload(1).sha256) == upload(1).data


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ("DELETE FROM uploads", "store.problem_no_source"),
        ("UPDATE uploads SET sha256 = 'x'", "store.problem_source_no_line"),
    ],
)
def test_a_check_finds_what_does_not_account_for_the_other(
    store: Store, person: Person, spoil: str, code: str
) -> None:
    store.keep_upload(upload(), person)
    with store.database.write() as connection:
        connection.exec_driver_sql(spoil)
    assert code in {problem.code for problem in store.check().problems}


def test_a_changed_source_is_found(store: Store, home: Path, person: Person) -> None:
    store.keep_upload(upload(), person)
    (file,) = (home / "blobs" / "sources").glob("??/*")
    file.write_bytes(b"something else")
    assert [p.code for p in store.check().problems] == ["store.problem_blob_changed"]
    with pytest.raises(StoreDamaged):
        store.source_bytes(upload().sha256)
