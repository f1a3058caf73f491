from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import select, text

from danqing.db import Database, Event, EventKind, Line
from danqing.db.ledger import FORGETTABLE
from danqing.db.retention import Forgotten, forget
from danqing.db.tables import batches, prompt_grams
from danqing.errors import StoreError
from danqing.store import Store, open_store
from support import batches as made


@pytest.fixture
def clock() -> made.Clock:
    return made.Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: made.Clock) -> Iterator[Store]:
    on_postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if on_postgres else None
    with open_store(tmp_path / "home", clock, database_url=url) as opened:
        yield opened


def lines_of(database: Database) -> list[Line]:
    with database.read() as connection:
        return list(database.ledger.lines(connection))


def prune(store: Store, clock: made.Clock, *, days: int) -> Forgotten:
    now = clock()
    with store.database.write() as connection:
        return forget(
            connection, store.database.ledger, before=now - timedelta(days=days), now=now,
            person_id="p",
        )  # fmt: skip


def test_old_lines_lose_what_they_say_and_the_chain_stays_whole(
    store: Store, clock: made.Clock
) -> None:
    drawn = made.ask(store, "一只猫", (7,), clock=clock)
    picture = store.release(made.labelled(drawn, 7))
    store.finish(drawn.batch_id)
    refused = made.ask(store, "不许画的句子", clock=clock)
    store.record_refusal(made.refusal(refused))
    clock.now += timedelta(days=200)
    recent = made.ask(store, "新的句子", clock=clock)
    store.finish(recent.batch_id)

    gone = prune(store, clock, days=184)
    assert (gone.through_seq, gone.lines, gone.prompts) == (5, 3, 1)
    lines = lines_of(store.database)
    emptied = [line.kind for line in lines if not line.facts]
    assert emptied == ["request", "request", "refusal"]
    assert all(line.salt == "" for line in lines if not line.facts)
    assert lines[-1].kind == "retention"
    everything = "".join(line.facts for line in lines)
    assert "不许画" not in everything
    assert "新的句子" in everything

    check = store.check()
    assert check.ledger.fault is None
    assert check.problems == ()
    assert store.show(picture.id).prompt == "一只猫"  # it belongs to the picture
    with store.database.read() as connection:
        kept = connection.execute(select(batches.c.prompt).order_by(batches.c.id)).scalars().all()
        assert kept == ["一只猫", "", "新的句子"]
        grams = select(prompt_grams.c.gram).where(prompt_grams.c.batch_id == refused.batch_id)
        assert connection.execute(grams).first() is None
    assert [a.prompt for a in store.history("猫")] == ["一只猫"]
    assert store.history("不许") == []


def test_what_others_files_were_is_forgotten_and_what_signed_is_not(
    store: Store, clock: made.Clock
) -> None:
    for kind in ("labelled", "classified", "keys"):
        with store.database.write() as connection:
            event = Event(kind, clock(), {"sha256": f"of-{kind}"}, person_id="p")
            store.database.ledger.append(connection, event)
    clock.now += timedelta(days=200)
    assert prune(store, clock, days=184).lines == 2
    lines = lines_of(store.database)
    assert [line.facts for line in lines[:3]] == ["", "", '{"sha256":"of-keys"}']
    assert {line.person_id for line in lines} == {"p"}
    assert store.verify_ledger().fault is None


@pytest.mark.parametrize(("page", "yes"), [("ledger.md", "yes"), ("ledger.zh-CN.md", "是")])
def test_the_page_says_of_every_kind_whether_it_is_forgotten(page: str, yes: str) -> None:
    text = (Path(__file__).parents[3] / "docs" / page).read_text("utf-8")
    said = {
        kind: row.rstrip(" |").endswith(f"| {yes}")
        for row in re.findall(r"^\| `.*$", text, re.MULTILINE)
        for kind in re.findall(r"`([\w-]+)`", row.split("|")[1])
        if kind in get_args(EventKind)
    }
    assert said == {k: k in FORGETTABLE for k in get_args(EventKind) if k not in ("vote", "sale")}


def test_forgetting_again_changes_nothing(store: Store, clock: made.Clock) -> None:
    asked = made.ask(store, clock=clock)
    store.finish(asked.batch_id)
    clock.now += timedelta(days=200)
    assert prune(store, clock, days=184).lines == 1
    before = lines_of(store.database)
    again = prune(store, clock, days=184)
    assert (again.lines, again.prompts) == (0, 0)
    assert lines_of(store.database) == before


def test_an_open_batch_is_not_forgotten(store: Store, clock: made.Clock) -> None:
    made.ask(store, "还在画", clock=clock)
    clock.now += timedelta(days=200)
    assert prune(store, clock, days=184).lines == 0
    assert "还在画" in lines_of(store.database)[0].facts


def test_what_is_left_of_a_line_cannot_be_changed(store: Store, clock: made.Clock) -> None:
    asked = made.ask(store, clock=clock)
    store.finish(asked.batch_id)
    for values in (
        "facts = ''",
        "salt = ''",
        "facts = '', salt = '', kind = 'vote'",
        "facts = '', salt = '', at = ''",
        "facts = '', salt = '', person_id = NULL",
        "facts = '', salt = '', hash = ''",
    ):
        statement = text(f"UPDATE ledger SET {values} WHERE seq = 1")
        with (
            pytest.raises(StoreError, match="append-only"),
            store.database.write() as connection,
        ):
            connection.execute(statement)


def test_a_line_emptied_by_anyone_else_is_found(store: Store, clock: made.Clock) -> None:
    for _ in range(2):
        asked = made.ask(store, clock=clock)
        store.finish(asked.batch_id)
        clock.now += timedelta(days=200)
    prune(store, clock, days=184 + 200)
    assert store.verify_ledger().fault is None
    with store.database.write() as connection:
        connection.execute(text("UPDATE ledger SET facts = '', salt = '' WHERE seq = 3"))
    fault = store.verify_ledger().fault
    assert fault is not None
    assert (fault.seq, fault.what) == (3, "ledger.emptied")
