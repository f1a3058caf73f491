"""What every store must do, on each database it can stand on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ulid import ULID

from danqing.errors import InputError, NotFound, StoreDamaged, StoreError
from danqing.identity import Identified
from danqing.store import Store, open_store
from support import batches as made


@pytest.fixture
def clock() -> made.Clock:
    return made.Clock()


@pytest.fixture(params=["sqlite", "postgresql", "sqlite+objects"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: made.Clock) -> Iterator[Store]:
    on_postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if on_postgres else None
    objects = None
    if request.param == "sqlite+objects":
        (tmp_path / "home" / "objects").mkdir(parents=True)
        objects = (tmp_path / "home" / "objects").as_uri()
    with open_store(tmp_path / "home", clock, database_url=url, blobs_url=objects) as opened:
        yield opened


def outcomes(store: Store, identified: Identified) -> list[tuple[str, dict[str, object]]]:
    with store.database.read() as connection:
        lines = store.database.ledger.lines(connection, batch_id=identified.batch_id)
        return [(line.kind, json.loads(line.facts)) for line in lines]


def test_a_released_picture_is_kept_logged_and_handed_over(
    store: Store, clock: made.Clock, tmp_path: Path
) -> None:
    asked = made.ask(store, seeds=(7, 8), clock=clock)
    picture = made.labelled(asked, 8)
    out = tmp_path / "out" / "熊猫.png"
    stored = store.release(picture, out)
    assert [f.name for f in out.parent.iterdir()] == ["熊猫.png"]
    store.finish(asked.batch_id)

    assert out.read_bytes() == picture.data == store.released_bytes(stored.id)
    assert stored.path == out
    assert stored.request == asked.request
    assert stored.person_id == asked.person.id
    assert (stored.position, stored.seed) == (1, 8)
    assert (stored.width_px, stored.height_px, stored.media_type) == (64, 64, "image/png")
    assert stored.ignored == picture.cleared.rendered.result.ignored
    assert stored.prompt == "一只吃竹子的熊猫"
    assert np.array_equal(store.master_pixels(stored.id), made.pixels_of(8))
    assert store.show(stored.id) == stored == store.find_by_sha256(picture.sha256)
    assert store.find_by_produce_id(picture.aigc.produce_id) == stored
    kinds = [kind for kind, _ in outcomes(store, asked)]
    assert kinds == ["request", "artwork", "closed"]
    assert store.check().sound


def test_the_request_line_says_what_was_asked(store: Store, clock: made.Clock) -> None:
    asked = made.ask(store, "两只猫", (1, 2), clock=clock)
    ((kind, facts),) = outcomes(store, asked)
    assert kind == "request"
    assert facts["prompt"] == "两只猫"
    assert facts["seeds"] == [1, 2]
    assert facts["engine"] == "mini"


def test_refusal_hold_and_failure_close_a_batch(store: Store, clock: made.Clock) -> None:
    refused, held, failed = (made.ask(store, clock=clock) for _ in range(3))
    store.record_refusal(made.refusal(refused))
    store.record_hold(made.held(held))
    store.release(made.labelled(failed))
    store.record_failure(failed.batch_id, "engine.gone")
    assert outcomes(store, refused)[-1][0] == "refusal"
    assert outcomes(store, held)[-1][0] == "hold"
    kind, facts = outcomes(store, failed)[-1]
    assert (kind, facts["error"], facts["artworks"]) == ("failed", "engine.gone", 1)
    reasons = outcomes(store, refused)[-1][1]["reasons"]
    assert isinstance(reasons, list)
    assert reasons[0]["rule"] == "r1"
    for asked in (refused, held, failed):
        with pytest.raises(StoreError, match="batch_not_open"):
            store.release(made.labelled(asked))
    assert store.check().sound


def test_a_withheld_picture_is_logged_and_counted_and_not_kept(
    store: Store, clock: made.Clock
) -> None:
    asked = made.ask(store, seeds=(7, 8), clock=clock)
    store.record_withheld(made.withheld(asked, 7))
    store.release(made.labelled(asked, 8))
    store.finish(asked.batch_id)
    assert outcomes(store, asked)[1][0] == "withheld"
    assert outcomes(store, asked)[1][1]["checks"] == {"nsfw": 0.25}
    closed = outcomes(store, asked)[-1][1]
    assert closed == {"outcome": "finished", "artworks": 1, "withheld": 1}
    assert [a.seed for a in store.history()] == [8]


def test_a_contact_sheet_is_kept_and_found_again(
    store: Store, clock: made.Clock, tmp_path: Path
) -> None:
    asked = made.ask(store, seeds=(7, 8), clock=clock)
    for seed in (7, 8):
        store.release(made.labelled(asked, seed))
    sheet = made.sheet(asked, (7, 8))
    kept = store.release_sheet(sheet, tmp_path / "sheet.png")
    store.finish(asked.batch_id)
    assert kept.path is not None
    assert kept.path.read_bytes() == sheet.data
    assert store.find_by_sha256(sheet.sha256) == kept
    assert store.find_by_produce_id(sheet.aigc.produce_id) == kept
    assert [kind for kind, _ in outcomes(store, asked)][-2:] == ["sheet", "closed"]
    assert len(store.history()) == 2
    assert store.check().sound


def test_an_existing_file_is_never_replaced(
    store: Store, clock: made.Clock, tmp_path: Path
) -> None:
    theirs = tmp_path / "cat.png"
    theirs.write_bytes(b"mine")
    asked = made.ask(store, seeds=(1, 2), clock=clock)
    paths = [store.release(made.labelled(asked, seed), theirs).path for seed in (1, 2)]
    store.finish(asked.batch_id)
    assert theirs.read_bytes() == b"mine"
    assert paths == [tmp_path / "cat-2.png", tmp_path / "cat-3.png"]
    assert [a.path for a in store.history()] == paths[::-1]
    assert sorted(f.name for f in tmp_path.iterdir() if f.is_file()) == [
        "cat-2.png", "cat-3.png", "cat.png",
    ]  # fmt: skip


def test_a_folder_gets_a_file_named_after_the_artwork(
    store: Store, clock: made.Clock, tmp_path: Path
) -> None:
    asked = made.ask(store, clock=clock)
    stored = store.release(made.labelled(asked), tmp_path)
    assert stored.path == tmp_path / f"{stored.id}.png"


def test_a_deleted_file_stays_deleted(store: Store, clock: made.Clock, tmp_path: Path) -> None:
    asked = made.ask(store, clock=clock)
    stored = store.release(made.labelled(asked), tmp_path / "a.png")
    (tmp_path / "a.png").unlink()
    store.finish(asked.batch_id)
    assert not (tmp_path / "a.png").exists()
    assert store.show(stored.id).path is None


def test_equal_seeds_take_their_places_in_turn(store: Store, clock: made.Clock) -> None:
    asked = made.ask(store, seeds=(5, 5), clock=clock)
    positions = [store.release(made.labelled(asked, 5)).position for _ in range(2)]
    assert positions == [0, 1]
    with pytest.raises(StoreError, match="not_asked_for"):
        store.release(made.labelled(asked, 5))
    store.finish(asked.batch_id)
    assert store.check().sound


def test_a_file_that_is_not_what_was_labelled_is_not_kept(store: Store, clock: made.Clock) -> None:
    asked = made.ask(store, clock=clock)
    with pytest.raises(StoreDamaged, match="not_as_labelled"):
        store.release(replace(made.labelled(asked), data=b"other"))
    assert store.history() == []


def test_finishing_twice_changes_nothing_and_an_unknown_batch_is_an_error(
    store: Store, clock: made.Clock
) -> None:
    asked = made.ask(store, clock=clock)
    store.finish(asked.batch_id)
    store.finish(asked.batch_id)
    assert [kind for kind, _ in outcomes(store, asked)] == ["request", "closed"]
    with pytest.raises(NotFound):
        store.finish(str(ULID()))


def test_two_stores_at_once_keep_one_ledger(
    store: Store, clock: made.Clock, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Two writers on one database, as two processes have them: each opens its own."""
    kind = request.node.callspec.params["store"]
    url = request.getfixturevalue("postgres_url") if kind == "postgresql" else None
    objects = (tmp_path / "home" / "objects").as_uri() if kind == "sqlite+objects" else None
    with open_store(tmp_path / "home", clock, database_url=url, blobs_url=objects) as other:

        def draw(which: Store) -> None:
            for seed in range(6):
                asked = made.ask(which, seeds=(seed,), clock=clock)
                which.release(made.labelled(asked, seed), tmp_path / "out" / "a.png")
                which.finish(asked.batch_id)

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(draw, each) for each in (store, other)]:
                done.result()
    check = store.check()
    assert check.sound, check
    assert (check.releases, check.ledger.lines) == (12, 36)


PROMPTS = {
    "panda": "一只熊猫在唐人街吃烧卖",
    "hant": "纽约唐人街小孩吃燒賣",
    "cats": "Three red cats, and a Panda",
    "half": "ＰＡＮＤＡ和50%的猫🐱",
}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("熊猫", {"panda"}),
        ("熊貓", {"panda"}),
        ("烧卖", {"panda", "hant"}),
        ("燒賣", {"panda", "hant"}),
        ("猫", {"panda", "half"}),
        ("唐人街吃", {"panda"}),
        ("唐人街 烧卖", {"panda", "hant"}),
        ("panda", {"cats", "half"}),
        ("pan", {"cats", "half"}),
        ("RED cats", {"cats"}),
        ("50%", {"half"}),
        ("🐱", {"half"}),
        ("猫熊", set()),
        ("dog", set()),
        ("%", {"half"}),
        ("_", set()),
        ("'; DROP TABLE artworks; --", set()),
        ("  ", set(PROMPTS)),
    ],
)
def test_search_finds_parts_of_a_prompt_in_either_script(
    store: Store, clock: made.Clock, query: str, found: set[str]
) -> None:
    names = {}
    for name, text in PROMPTS.items():
        asked = made.ask(store, text, clock=clock)
        names[store.release(made.labelled(asked)).id] = name
        store.finish(asked.batch_id)
    assert {names[a.id] for a in store.history(query)} == found


def test_history_comes_in_pages_newest_first(store: Store, clock: made.Clock) -> None:
    ids = []
    for _ in range(5):
        asked = made.ask(store, clock=clock)
        ids.append(store.release(made.labelled(asked)).id)
        store.finish(asked.batch_id)
    ids.reverse()
    first = [a.id for a in store.history(limit=2)]
    then = [a.id for a in store.history(limit=2, before=first[-1])]
    assert first + then == ids[:4]


def test_show_takes_the_beginning_of_an_id(store: Store, clock: made.Clock) -> None:
    one, two = (made.ask(store, clock=clock) for _ in range(2))
    first, second = (store.release(made.labelled(asked)) for asked in (one, two))
    assert first.id[:6] == second.id[:6]
    assert store.show(first.id.lower()[:10]) == first  # ten characters are the millisecond
    with pytest.raises(InputError, match="ambiguous"):
        store.show(first.id[:6])
    for unknown in ("ZZZZ", "", "%", "01'"):
        with pytest.raises(NotFound):
            store.show(unknown)
