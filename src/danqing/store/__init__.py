"""Artworks, their sealed masters and the ledger of how they came to be.

Names load on first use, so that importing this package doesn't import SQLAlchemy (0.15 s).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danqing.store.backup import Backup, back_up
    from danqing.store.check import Problem, StoreCheck
    from danqing.store.restoring import Restored, restore
    from danqing.store.store import Store, open_store
    from danqing.store.types import Recovered, Stored, StoredSheet

_HOMES = {
    "Backup": "backup",
    "back_up": "backup",
    "Restored": "restoring",
    "restore": "restoring",
    "Problem": "check",
    "StoreCheck": "check",
    "Store": "store",
    "open_store": "store",
    "Recovered": "types",
    "Stored": "types",
    "StoredSheet": "types",
}

__all__ = [
    "Backup",
    "Problem",
    "Recovered",
    "Restored",
    "Store",
    "StoreCheck",
    "Stored",
    "StoredSheet",
    "back_up",
    "open_store",
    "restore",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"danqing.store.{_HOMES[name]}"), name)
