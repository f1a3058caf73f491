"""The ledger as JSON Lines, for someone who has only a Python and docs/check_ledger.py."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from sqlalchemy import Connection

from danqing.db.checkpoints import Checkpoint
from danqing.db.ledger import Ledger
from danqing.request.canonical import canonical_json


def export_lines(
    connection: Connection, ledger: Ledger, checkpoint: Checkpoint, *, contents: bool = True
) -> Iterator[str]:
    """One JSON object for each ledger line, in order, then `{"checkpoint": …}` over them all.

    contents: False leaves out salt and facts, so that nothing anyone wrote leaves the house; hashes
    still chain. Texts end without a line break.
    """
    for line in ledger.lines(connection):
        said = asdict(line)
        if not contents:
            del said["salt"], said["facts"]
        yield canonical_json(said)
    yield canonical_json({"checkpoint": checkpoint.as_json()})
