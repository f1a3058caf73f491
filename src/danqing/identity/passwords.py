"""Passwords: which are taken, and how they are kept (argon2id, RFC 9106).

The rules are those of NIST SP 800-63B: length, and not one of those tried first. No characters are
asked for by kind, and nothing expires by the calendar.
"""

from __future__ import annotations

import threading
import unicodedata
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from danqing.errors import InputError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 256
_FEWEST_DIFFERENT = 5
_PARALLEL = 2
_RUNS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb",
)  # fmt: skip
_TRIED_FIRST = ("password", "passw0rd", "danqing", "丹青", "iloveyou", "woaini", "letmein", "admin",
                "welcome", "5201314", "mima", "密码")  # fmt: skip


class Passwords:
    """Hashes and compares. Two at a time: one hash takes 64 MiB, and anybody may ask for one.

    hasher: argon2-cffi's defaults (RFC 9106, the second recommended option) unless given.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._given = hasher
        self._turn = threading.BoundedSemaphore(_PARALLEL)

    def hash(self, password: str) -> str:
        """The hash to keep, with its salt and parameters."""
        with self._turn:
            return self._hasher.hash(folded(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether this is the password; takes as long where there is none to compare with."""
        from argon2.exceptions import VerificationError

        with self._turn:
            try:
                return self._hasher.verify(kept or self._nobodys, folded(password)) and bool(kept)
            except VerificationError:
                return False

    def is_outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than are used now."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _hasher(self) -> PasswordHasher:
        from argon2 import PasswordHasher

        return self._given or PasswordHasher()

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash("nobody's password, to take the same time")


def folded(password: str) -> str:
    """NFKC, as NIST SP 800-63B has it: one keyboard composes what another sends apart."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, login: str) -> None:
    """Raises InputError for one that is too short, too long, or among the first to be tried."""
    text = folded(password)
    if len(text) < SHORTEST:
        raise InputError("identity.password_short", least=SHORTEST)
    if len(text) > LONGEST:
        raise InputError("identity.password_long", limit=LONGEST)
    if is_guessable(text, login):
        raise InputError("identity.password_guessable")


def is_guessable(password: str, login: str) -> bool:
    """Whether it is little more than a run, a repetition, the login or a favourite, and digits."""
    plain = password.casefold()
    if len(set(plain)) < _FEWEST_DIFFERENT:
        return True
    core = plain.strip("0123456789!@#$%^&*.-_ ")
    if core in (*_TRIED_FIRST, login.casefold(), ""):
        return core != "" or _is_run(plain)
    return _is_run(plain)


def _is_run(plain: str) -> bool:
    """Whether it can be typed by sliding along the keyboard, the alphabet or the digits."""
    left = plain
    while left:
        length = max((_shared(left, run) for run in (*_RUNS, *(r[::-1] for r in _RUNS))), default=0)
        if length < 3:
            return False
        left = left[length:]
    return True


def _shared(text: str, run: str) -> int:
    """How many of the text's first characters stand in the run one after another."""
    start = run.find(text[0])
    if start < 0:
        return 0
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(text, run[start:], strict=False))
    )
