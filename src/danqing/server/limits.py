"""How often one address may use a door that needs no login: a bucket that fills again with time.

Bounded in memory, and this process's own: a limit over several servers belongs into the proxy in
front of them. Failures at a login or with a key are counted by `identity`, in the database.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable

from danqing.errors import TooManyAttempts

MOST_ADDRESSES = 10_000


class Limit:
    """At most `burst` at once, and `per_minute` in the long run. seconds: a clock that only goes on.
    Safe to share between threads."""

    def __init__(self, burst: int, per_minute: float, seconds: Callable[[], float]) -> None:
        self._burst = float(burst)
        self._per_s = per_minute / 60
        self._seconds = seconds
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, who: str) -> None:
        """Counts one. Raises TooManyAttempts when nothing is left."""
        now = self._seconds()
        with self._lock:
            left, then = self._left.get(who, (self._burst, now))
            left = min(self._burst, left + (now - then) * self._per_s)
            taken = left >= 1
            self._left[who] = (left - 1 if taken else left, now)
            self._left.move_to_end(who)
            while len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
        if not taken:
            wait_s = math.ceil((1 - left) / self._per_s)
            raise TooManyAttempts("server.too_many_attempts", retry_after_s=wait_s)
