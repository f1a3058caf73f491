"""What identity, policy and store stand on: the database, blobs, and the ledger.

Names load on first use, so that importing this package doesn't import SQLAlchemy (0.15 s).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danqing.db.blobs import BlobStore, FolderBlobs, Shelf
    from danqing.db.database import Database, open_database
    from danqing.db.ledger import Event, EventKind, Fault, Ledger, LedgerCheck, Line

_HOMES = {
    "BlobStore": "blobs",
    "FolderBlobs": "blobs",
    "Shelf": "blobs",
    "Database": "database",
    "open_database": "database",
    "Event": "ledger",
    "EventKind": "ledger",
    "Fault": "ledger",
    "Ledger": "ledger",
    "LedgerCheck": "ledger",
    "Line": "ledger",
}

__all__ = [
    "BlobStore",
    "Database",
    "Event",
    "EventKind",
    "Fault",
    "FolderBlobs",
    "Ledger",
    "LedgerCheck",
    "Line",
    "Shelf",
    "open_database",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"danqing.db.{_HOMES[name]}"), name)
