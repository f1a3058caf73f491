"""Processor seconds of pictures that overlap."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Meter:
    """Counts this process's processor time while it runs, shared evenly among the pictures in work: while
    one is drawn the one before is still being developed, and no thread's clock knows what the runtime's
    own threads did for which."""

    def __init__(self) -> None:
        self._spent: dict[int, float] = {}
        self._read_at = time.process_time()

    def begin(self, picture: int) -> None:
        self._share_out()
        self._spent[picture] = 0.0

    def end(self, picture: int) -> float:
        """Seconds that picture took."""
        self._share_out()
        return self._spent.pop(picture)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """What is done in the block belongs to no picture."""
        self._share_out()
        try:
            yield
        finally:
            self._read_at = time.process_time()

    def _share_out(self) -> None:
        now = time.process_time()
        for picture in self._spent:
            self._spent[picture] += (now - self._read_at) / len(self._spent)
        self._read_at = now
