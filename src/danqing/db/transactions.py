"""What a transaction is to be, carried from `Database` to the engine that begins it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

_OPTION = "danqing_transaction"
BUSY_TIMEOUT_S = 30.0
"""How long a transaction waits for its turn before it gives up with `store.busy`."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """write: may change something. lasting: on the disk when it ends. alone: no other one writes."""

    write: bool = False
    lasting: bool = True
    alone: bool = True

    def as_options(self) -> dict[str, Any]:
        """For `Connection.execution_options`."""
        return {_OPTION: self}


def transaction_of(connection: Connection) -> Transaction:
    """What was asked of the transaction about to begin; a read when nothing was."""
    asked = connection.get_execution_options().get(_OPTION)
    return asked if isinstance(asked, Transaction) else Transaction()
