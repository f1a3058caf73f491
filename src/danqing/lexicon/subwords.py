"""What a word is made of, as numbers: the network can learn what 猫 means at the end of a word it has
never been told.

Chinese words fall into characters, pairs of neighbours and the last character marked as such, since
compounds end in what they are (缅因猫 is a 猫); other words into whole words, beginnings and ends with
their bounds (cf. fastText, Bojanowski et al. 2017). Each piece is hashed into a row of a small table.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from zlib import crc32

import numpy as np
import numpy.typing as npt

from danqing.lexicon.text import is_han, key_of, singulars

SUBWORD_ROWS = 4096  # of the table, row 0 standing for "nothing here"
SUBWORD_SLOTS = 8  # pieces of one word
_WORDS = 4  # of a phrase in another script than Chinese, before the last one is taken apart
_AFFIXES = (4, 5, 6)  # letters with the bound: `ano$`, `^pia`
_BEGIN, _END = "^", "$"


def subword_ids(word: str, rows: int = SUBWORD_ROWS) -> npt.NDArray[np.int64]:
    """(8,) rows of the table in 1 … `rows` - 1, what says most first, then zeros; all zero for no word."""
    ids = np.zeros(SUBWORD_SLOTS, np.int64)
    for i, piece in enumerate(pieces_of(key_of(word))):
        ids[i] = 1 + crc32(piece.encode("utf-8", "surrogatepass")) % (rows - 1)
    return ids


def pieces_of(key: str) -> tuple[str, ...]:
    """The pieces of a folded word, at most 8, what says most first."""
    return tuple(islice(dict.fromkeys(_pieces(key)), SUBWORD_SLOTS))


def _pieces(key: str) -> Iterator[str]:
    if not any(map(str.isalnum, key)):
        return  # an emoji has no parts
    if any(map(is_han, key)):
        yield key[-1] + _END
        for end in range(len(key), 0, -1):
            if end > 1:
                yield key[end - 2 : end]
            yield key[end - 1]
        return
    words = [_singular(word) for word in reversed(key.split())]
    for word in words[:_WORDS]:
        yield f"{_BEGIN}{word}{_END}"
    for word in words:
        bounded = f"{_BEGIN}{word}{_END}"
        for n in _AFFIXES:
            if n < len(bounded):
                yield bounded[-n:]
                yield bounded[:n]


def _singular(word: str) -> str:
    return next(iter(singulars(word)), word)
