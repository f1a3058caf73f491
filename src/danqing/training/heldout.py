"""Which combinations are never trained on, so that the evaluation can ask for something truly new.

A combination is a tuple of words such as ("cat", "colour:blue") or ("dog", "style:flat"). About 5 % are
held out, decided by a hash, so that training and evaluation agree without sharing a file.
"""

from __future__ import annotations

import hashlib

HELD_OUT_SHARE = 0.05


def is_held_out(*combination: str) -> bool:
    """Whether this combination, in any order, is reserved for the evaluation."""
    key = "|".join(sorted(combination)).encode("utf-8")
    number = int.from_bytes(hashlib.sha256(key).digest()[:8], "big")
    return number / 2**64 < HELD_OUT_SHARE
