"""A backup doesn't tell what its rows came from: made on either database, restored on either."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from danqing.errors import StoreError
from danqing.store import back_up, open_store, restore
from support import batches as made


@pytest.mark.parametrize("source", ["sqlite", "postgresql"])
@pytest.mark.parametrize("target", ["sqlite", "postgresql"])
def test_everything_is_there_again(
    source: str, target: str, tmp_path: Path, clock: made.Clock, new_database: Callable[[], str]
) -> None:
    one, two = (new_database() if kind == "postgresql" else None for kind in (source, target))
    with open_store(tmp_path / "one", clock, database_url=one) as store:
        for seed in (1, 2):
            asked = made.ask(store, f"第{seed}只熊猫", (seed,), clock=clock)
            store.release(made.labelled(asked, seed))
            store.finish(asked.batch_id)
        back_up(store, tmp_path / "b.zip", clock)
        expected = store.history(), store.verify_ledger()
    home = tmp_path / "two"
    restored = restore(tmp_path / "b.zip", home, clock, database_url=two)
    assert restored.backup.artworks == 2
    assert (home / "danqing.db").exists() == (target == "sqlite")
    with open_store(home, clock, database_url=two) as again:
        assert (again.history(), again.verify_ledger()) == expected
        assert again.history("熊猫") == again.history()
        asked = made.ask(again, seeds=(3,), clock=clock)
        again.release(made.labelled(asked, 3))
        again.finish(asked.batch_id)
        assert again.check().sound


def test_a_database_with_something_in_it_is_left_alone(
    tmp_path: Path, clock: made.Clock, postgres_url: str
) -> None:
    with open_store(tmp_path / "one", clock, database_url=postgres_url) as store:
        asked = made.ask(store, clock=clock)
        store.finish(asked.batch_id)
        back_up(store, tmp_path / "b.zip", clock)
        with pytest.raises(StoreError, match="database_not_empty"):
            restore(tmp_path / "b.zip", tmp_path / "two", clock, database_url=postgres_url)
        assert store.verify_ledger().lines == 2
    assert sorted(f.name for f in tmp_path.iterdir()) == ["b.zip", "one"]
