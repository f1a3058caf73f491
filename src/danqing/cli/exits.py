"""Exit codes, all of them. docs/exit-codes.md says the same to people; a test compares the two."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """1 to 9 and 15 to 17 are those of the error tree (`danqing.errors`)."""

    DONE = 0
    UNEXPECTED = 1
    INPUT = 2
    NOT_FOUND = 3
    ENGINE = 4
    LABEL = 5
    STORE = 6
    POLICY = 7
    DATA = 8
    NOT_DECLARED = 9
    REFUSED = 10
    HELD = 11
    WITHHELD = 12
    REDO_DIFFERS = 13
    REDO_ENGINE_CHANGED = 14
    IDENTITY = 15
    TRY_LATER = 16
    PAYMENT = 17
    NO_LABEL = 20
    NOT_INTACT = 21
    DUTIES = 22
    BROKEN_PROMISE = 23
    INTERRUPTED = 130
    BROKEN_PIPE = 141
