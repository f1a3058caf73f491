"""What holds for every test: no network."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from support.object_stores import s3_service, s3_url
from support.postgres import new_database, postgres_cluster, postgres_url

__all__ = [
    "new_database", "no_network", "postgres_cluster", "postgres_url", "s3_service", "s3_url",
]  # fmt: skip

LOOPBACK = ("127.0.0.1", "::1")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Drawing and checking need no connection, so any attempt is a fault; but for clients of a
    server that a test started itself."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        inet = self.family in (socket.AF_INET, socket.AF_INET6)
        if inet and address[0] not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        yield
