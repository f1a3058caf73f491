"""A real server on loopback, with its worker, for tests that drive it with real clients."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from danqing.engines import Engine
from danqing.identity import Accounts, Person
from danqing.server import create_app, malformed
from danqing.server.house import House
from danqing.settings import (
    IdentitySettings,
    OidcSettings,
    Profile,
    ServerSettings,
    ServiceSettings,
    Settings,
)

PASSWORD = "三只熊猫过了桥又回来-2026"
START_S = 60


@dataclass
class Served:
    """A server at work. url: without a slash at the end. tokens: API keys by login."""

    url: str
    app: FastAPI
    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def house(self) -> House:
        house: House = self.app.state.house
        return house

    def client(self, login: str | None = None, **options: Any) -> httpx.Client:
        """A plain client; with a login, one that sends that account's key."""
        headers = dict(options.pop("headers", {}))
        if login is not None:
            headers["authorization"] = f"Bearer {self.tokens[login]}"
        return httpx.Client(base_url=self.url, headers=headers, timeout=60, **options)


@contextmanager
def serving(
    home: Path,
    *,
    service: ServiceSettings | None = None,
    oidc: OidcSettings | None = None,
    identity: IdentitySettings | None = None,
    profile: Profile = "open",
    engine: Engine | None = None,
    **server: Any,
) -> Iterator[Served]:
    """Serves a home on a free port of 127.0.0.1 with the test-card engine, or another in its place."""
    settings = Settings(
        home=home,
        engine="test-card",
        service=service or ServiceSettings(),
        oidc=oidc or OidcSettings(),
        identity=identity or IdentitySettings(),
        profile=profile,
        server=ServerSettings(**{"port": 0, "disk_reserve_bytes": 0} | server),
    )
    app = create_app(settings)
    if engine is not None:  # before the workers take their own services from these
        app.state.house.services.load_engine = lambda _: engine
    config = uvicorn.Config(
        app, port=0, http=malformed.protocol(app.state.house.services.new_id), log_config=None,
        access_log=False, proxy_headers=False, server_header=False,
    )  # fmt: skip
    uvicorn_server = uvicorn.Server(config)
    thread = threading.Thread(target=uvicorn_server.run, daemon=True)
    thread.start()
    patience_ends = time.monotonic() + START_S
    while not uvicorn_server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < patience_ends, "the server did not start"
        time.sleep(0.01)
    port = uvicorn_server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(f"http://127.0.0.1:{port}", app)
    finally:
        uvicorn_server.should_exit = True
        thread.join(START_S)


def add_people(served: Served, *logins: tuple[str, str]) -> None:
    """Accounts with a password and a key each: (login, role), the first one the owner."""
    accounts: Accounts = served.house.accounts
    by = served.house.services.person
    for login, role in logins:
        account = accounts.add(login, by=by, role=role, password=PASSWORD)  # type: ignore[arg-type]
        person = accounts.person_of(account.id)
        made = served.house.keys.add(account.id, "test", by=person, role=person.role)
        served.tokens[login], served.people[login] = made.token, person
