"""New concepts from a handful of pictures (`danqing teach`), kept in the user's home.

A taught concept is two names in the lexicon and some sketches for the engine. `Shelf` keeps them;
`teach` and `forget` change what is kept, and write it in the ledger.

Names load on first use, so that looking up what was taught doesn't import SQLAlchemy (0.15 s).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danqing.teaching.lessons import MAX_PICTURES, Declined, PictureFile, Teacher, forget, teach
    from danqing.teaching.shelf import Shelf, TaughtConcept

_HOMES = {
    "MAX_PICTURES": "lessons",
    "Declined": "lessons",
    "PictureFile": "lessons",
    "Shelf": "shelf",
    "TaughtConcept": "shelf",
    "Teacher": "lessons",
    "forget": "lessons",
    "teach": "lessons",
}

__all__ = [
    "MAX_PICTURES",
    "Declined",
    "PictureFile",
    "Shelf",
    "TaughtConcept",
    "Teacher",
    "forget",
    "teach",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"danqing.teaching.{_HOMES[name]}"), name)
