"""What a gate can be named after: a misspelt name would shut nothing, and nobody would notice."""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from danqing.billing import groups
from danqing.db.job_tables import queue_workers
from danqing.engines import list_engines
from danqing.errors import InputError
from danqing.jobs.regions import REGIONS, UNKNOWN
from danqing.jobs.types import EVERYTHING, GateKind


def require_known(connection: Connection, kind: GateKind, name: str) -> None:
    """Raises InputError for an engine, a group or a region there isn't."""
    if name == EVERYTHING:
        return
    known = {"engine": _engines, "group": _groups, "region": _regions}[kind](connection)
    if name not in known:
        raise InputError(f"queue.unknown_{kind}", name=name, known=", ".join(sorted(known)))


def _engines(connection: Connection) -> set[str]:
    """Those installed here, and those that workers elsewhere said they serve."""
    served = connection.execute(select(queue_workers.c.engines)).scalars()
    return {entry.name for entry in list_engines()}.union(*map(json.loads, served))


def _groups(connection: Connection) -> set[str]:
    return {group.name for group in groups.all_groups(connection)}


def _regions(connection: Connection) -> frozenset[str]:  # noqa: ARG001 - as the others
    return REGIONS | {UNKNOWN}
