"""Threads that give way to others of their process."""

from __future__ import annotations

import os
import sys
import threading

NICER_BY = 5


def give_way() -> None:
    """From here on this thread, and every thread it starts (a runtime's own, when its session opens),
    counts for less than the rest of the process: whoever only looks isn't kept waiting by what is drawn.

    On Linux a thread has a niceness of its own (setpriority(2), "C library/kernel differences"); elsewhere
    nothing is done.
    """
    if sys.platform == "linux":
        me = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, me, os.getpriority(os.PRIO_PROCESS, me) + NICER_BY)
