"""Finding a sentence again: part of it is enough, in either Chinese script.

SQLite's own tokenizers find nothing for 熊猫, so the index is ours: of Chinese every character and
every pair of neighbours, of other scripts every word. It narrows; the folded text decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from sqlalchemy import ColumnElement, and_, select

from danqing.db.tables import batches, prompt_grams

_HAN = re.compile(  # also kana and hangul, which have no spaces or few
    r"[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_WORD = re.compile(r"[^\W_]+")
_MOST_GRAMS = 12  # of a long query; comparing the text does the rest
_LAST = "\U0010ffff"


def fold(text: str) -> str:
    """The text as search compares it: width and case folded, Traditional to Simplified."""
    return _to_simplified(unicodedata.normalize("NFKC", text)).casefold()


def grams(folded: str) -> frozenset[str]:
    """What a folded prompt is indexed by."""
    return frozenset(_index_grams(folded))


def _index_grams(folded: str) -> Iterator[str]:
    for run in _HAN.findall(folded):
        yield from run
        yield from _pairs(run)
    yield from _WORD.findall(_HAN.sub(" ", folded))


def _pairs(run: str) -> Iterator[str]:
    return (run[i : i + 2] for i in range(len(run) - 1))


def matches(query: str) -> ColumnElement[bool]:
    """The condition on `batches` that every part of the query, split at spaces, is in the prompt.

    The last letters of a word may be missing: `panda` finds "pandas".
    """
    return and_(*(_part_matches(part) for part in fold(query).split()))


def _part_matches(part: str) -> ColumnElement[bool]:
    conditions = [batches.c.folded.contains(part, autoescape=True)]
    for gram in sorted(_query_grams(part))[:_MOST_GRAMS]:
        if _HAN.match(gram):
            there = prompt_grams.c.gram == gram
        else:
            there = prompt_grams.c.gram.between(gram, gram + _LAST)
        conditions.append(batches.c.id.in_(select(prompt_grams.c.batch_id).where(there)))
    return and_(*conditions)


def _query_grams(part: str) -> set[str]:
    found: set[str] = set()
    for run in _HAN.findall(part):
        found.update(_pairs(run) if len(run) > 1 else run)
    found.update(_WORD.findall(_HAN.sub(" ", part)))
    return found


def _to_simplified(text: str) -> str:
    return str(_converter().convert(text))  # type: ignore[attr-defined]  # opencc has no types


@cache
def _converter() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")
