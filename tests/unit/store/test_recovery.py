"""Each state a kill can leave, made by hand, and what the next start makes of it."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from danqing.db.tables import artworks, releases
from danqing.identity import Identified
from danqing.provenance.types import Labelled
from danqing.store import Recovered, Store, batches, open_store
from danqing.store import release as leaving
from support import batches as made


def die(store: Store) -> None:
    """What is left of a process after kill -9: its files, and no lock."""
    store._presence.close()
    store.database.close()


def announce(store: Store, picture: Labelled, out: Path) -> tuple[Path, Path]:
    """The first step of a release; returns the .part and the wanted name."""
    part = out / f".{picture.artwork_id}.part"
    with store.database.write(lasting=False) as connection:
        batches.announce_release(
            connection,
            release_id=picture.artwork_id,
            batch_id=picture.cleared.permit.identified.batch_id,
            sha256=picture.sha256,
            master_sha256=sha256(picture.master).hexdigest(),
            part=part,
            wanted=out / "a.png",
        )
    return part, out / "a.png"


def outcome(store: Store, asked: Identified) -> dict[str, object]:
    with store.database.read() as connection:
        *_, last = store.database.ledger.lines(connection, batch_id=asked.batch_id)
    assert last.kind == "closed"
    facts: dict[str, object] = json.loads(last.facts)
    return facts


def test_a_dead_batch_is_closed_as_interrupted(home: Path, clock: made.Clock) -> None:
    first = open_store(home, clock)
    asked = made.ask(first, seeds=(7, 8), clock=clock)
    first.release(made.labelled(asked))
    die(first)
    with open_store(home, clock) as store:
        assert store.recovered == Recovered(interrupted=(asked.batch_id,))
        assert outcome(store, asked) == {"outcome": "interrupted", "artworks": 1, "withheld": 0}
        assert store.check().sound
    with open_store(home, clock) as store:
        assert store.recovered == Recovered()


def test_a_batch_under_way_elsewhere_is_left_alone(home: Path, clock: made.Clock) -> None:
    with open_store(home, clock) as busy:
        asked = made.ask(busy, clock=clock)
        with open_store(home, clock) as visitor:
            assert visitor.recovered == Recovered()
            assert visitor.check().sound
        busy.release(made.labelled(asked))
        busy.finish(asked.batch_id)
        assert outcome(busy, asked)["outcome"] == "finished"


def test_bytes_written_for_nothing_go(home: Path, clock: made.Clock, tmp_path: Path) -> None:
    first = open_store(home, clock)
    picture = made.labelled(made.ask(first, clock=clock))
    part, wanted = announce(first, picture, tmp_path)
    part.write_bytes(picture.data[:10])
    first.blobs.put("masters", picture.master)
    (home / "blobs" / "incoming" / f"{picture.sha256}.1.part").write_bytes(b"half")
    die(first)
    with open_store(home, clock) as store:
        assert store.recovered.removed == 3
        assert not part.exists()
        assert not wanted.exists()
        assert store.check().sound
        assert store.check().blobs == 0


def test_a_master_that_another_artwork_has_stays(
    home: Path, clock: made.Clock, tmp_path: Path
) -> None:
    first = open_store(home, clock)
    asked = made.ask(first, clock=clock)
    kept = first.release(made.labelled(asked))
    first.finish(asked.batch_id)
    again = made.labelled(made.ask(first, clock=clock))
    announce(first, again, tmp_path)
    die(first)
    with open_store(home, clock) as store:
        assert store.master_pixels(kept.id).shape == (64, 64, 4)
        assert store.check().sound


def test_a_file_that_had_no_name_yet_gets_it(
    home: Path, clock: made.Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_store(home, clock)
    picture = made.labelled(made.ask(first, clock=clock))
    monkeypatch.setattr(leaving, "_deliver", lambda *_: None)
    stored = first.release(picture, tmp_path / "a.png")
    die(first)
    assert not (tmp_path / "a.png").exists()
    with open_store(home, clock) as store:
        assert store.recovered.delivered == (tmp_path / "a.png",)
        assert (tmp_path / "a.png").read_bytes() == picture.data
        assert store.show(stored.id).path == tmp_path / "a.png"
    assert [f.name for f in tmp_path.iterdir() if f.is_file()] == ["a.png"]


def test_a_name_taken_in_the_meantime_is_respected(
    home: Path, clock: made.Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_store(home, clock)
    picture = made.labelled(made.ask(first, clock=clock))
    monkeypatch.setattr(leaving, "_deliver", lambda *_: None)
    stored = first.release(picture, tmp_path / "a.png")
    die(first)
    (tmp_path / "a.png").write_bytes(b"theirs")
    with open_store(home, clock) as store:
        assert (tmp_path / "a.png").read_bytes() == b"theirs"
        assert (tmp_path / "a-2.png").read_bytes() == picture.data
        assert store.show(stored.id).path == tmp_path / "a-2.png"


def test_a_name_taken_at_the_last_moment_is_noted(
    store: Store, clock: made.Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = made.ask(store, clock=clock)
    really = leaving._write_bytes

    def someone_is_quicker(*arguments: object) -> None:
        really(*arguments)  # type: ignore[arg-type]  # passed on as they came
        (tmp_path / "a.png").write_bytes(b"theirs")

    monkeypatch.setattr(leaving, "_write_bytes", someone_is_quicker)
    assert store.release(made.labelled(asked), tmp_path / "a.png").path == tmp_path / "a-2.png"
    store.finish(asked.batch_id)
    assert store.history()[0].path == tmp_path / "a-2.png"


def test_a_failed_release_leaves_nothing(
    store: Store, clock: made.Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ZeroDivisionError

    asked = made.ask(store, clock=clock)
    monkeypatch.setattr(store.database.ledger, "append", fails)
    with pytest.raises(ZeroDivisionError):
        store.release(made.labelled(asked), tmp_path / "a.png")
    monkeypatch.undo()
    assert not [f for f in tmp_path.iterdir() if f.is_file()]
    store.record_failure(asked.batch_id, "x.y")
    with store.database.read() as connection:
        for table in (releases, artworks):
            assert connection.execute(table.select()).first() is None
    assert store.check().sound
    assert store.check().blobs == 0
