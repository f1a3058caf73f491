"""Room on the disk: looked at before anything is taken in or drawn, and refused while some is left."""

from __future__ import annotations

import shutil
from pathlib import Path

from danqing.errors import StoreFull


class Room:
    """folder: whose disk counts. reserve_bytes: what must stay free for the database to close its
    books, the ledger to write refusals and an operator to make a backup."""

    def __init__(self, folder: Path, reserve_bytes: int) -> None:
        self._folder = folder
        self._reserve_bytes = reserve_bytes

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._folder).free

    def require(self, wanted_bytes: int = 0) -> None:
        """Raises StoreFull when this much more would touch the reserve."""
        free = self.free_bytes()
        if free - wanted_bytes < self._reserve_bytes:
            raise StoreFull(
                "server.disk_reserve",
                free_mib=free // 2**20,
                reserve_mib=self._reserve_bytes // 2**20,
            )
