"""Two who take each other for dead: what the slower one still writes, once its batch is another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from danqing.db.blobs import FolderBlobs, Shelf
from danqing.errors import StoreError
from danqing.identity import Identified
from danqing.store import Store, open_store
from support import batches as made


class Interrupted(FolderBlobs):
    """Something happens just before the bytes are written."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.before: Callable[[], object] = lambda: None

    def put(self, shelf: Shelf, data: bytes) -> str:
        before, self.before = self.before, lambda: None
        before()
        return super().put(shelf, data)


@pytest.fixture
def slow(home: Path, clock: made.Clock) -> Iterator[Store]:
    with open_store(home, clock) as opened:
        opened.blobs = Interrupted(home / "blobs")
        yield opened


@pytest.fixture
def asked(slow: Store, clock: made.Clock) -> Identified:
    """In the slow one's hands, from the queue."""
    asked = made.asked(slow, seeds=(7, 8), clock=clock)
    with slow.database.write() as connection:
        slow.begin_queued(connection, asked)
    assert slow.take(asked.batch_id)
    return asked


def lose(slow: Store, asked: Identified, act: Callable[[], object]) -> None:
    """The slow one releases a picture, and is overtaken as it writes the bytes."""
    assert isinstance(slow.blobs, Interrupted)
    slow.blobs.before = act
    with pytest.raises(StoreError, match="batch_not_open"):
        slow.release(made.labelled(asked))


@pytest.mark.parametrize("closes_at_once", [True, False])
def test_what_the_slow_one_wrote_is_removed(
    slow: Store, asked: Identified, closes_at_once: bool
) -> None:
    quick = slow.beside()

    def overtake() -> None:
        assert quick.take(asked.batch_id)
        if closes_at_once:
            quick.finish(asked.batch_id)

    lose(slow, asked, overtake)
    quick.finish(asked.batch_id)
    assert slow.check().sound
    quick.leave()


def test_what_the_quick_one_released_stays(slow: Store, asked: Identified) -> None:
    """Both drew the same picture, and so have the same master."""
    quick = slow.beside()

    def overtake() -> None:
        assert quick.take(asked.batch_id)
        quick.release(made.labelled(asked))
        quick.finish(asked.batch_id)

    lose(slow, asked, overtake)
    assert slow.check().sound
    assert len(slow.drawn_for(asked.batch_id)) == 1
    quick.leave()


def test_a_slow_one_killed_in_the_midst_leaves_nothing(slow: Store, asked: Identified) -> None:
    """It gets as far as its bytes, after the batch was taken; then it is gone."""
    quick = slow.beside()
    picture = made.labelled(asked)

    class Killed(BaseException):
        pass

    def overtake_and_die() -> None:
        assert quick.take(asked.batch_id)
        slow.blobs.put("masters", picture.master)
        slow.blobs.put("released", picture.data)
        raise Killed

    assert isinstance(slow.blobs, Interrupted)
    slow.blobs.before = overtake_and_die
    with pytest.raises(Killed):
        slow.release(picture)
    quick.finish(asked.batch_id)
    assert slow.check().sound
    quick.leave()
