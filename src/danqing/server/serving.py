"""Starting: what has to be in order first, and then uvicorn."""

from __future__ import annotations

import gc
import socket
import sys
from ipaddress import ip_address
from typing import TYPE_CHECKING

from danqing.errors import Forbidden, InputError, StoreError
from danqing.server.frame import LOOPBACK_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from danqing.identity import Accounts
    from danqing.settings import Settings

BACKLOG = 512
KEEP_ALIVE_S = 15
SWITCH_S = 0.000_5
"""How long a thread may keep the interpreter while others want it. A request changes threads several
times; while a picture is drawn in this process, each change would else cost up to ten times as much."""
GRACE_S = 20
"""How long requests under way may take to end when the server is told to stop."""


def serve(settings: Settings, on_ready: Callable[[str], None]) -> None:
    """Serves until it is told to stop (SIGINT, SIGTERM). on_ready: called with the URL once it
    answers.

    Raises Forbidden beyond this machine without an owner's account; InputError, also while a duty of
    the profile that forbids starting isn't met; StoreError.
    """
    import uvicorn

    from danqing.identity.guests import check_guests
    from danqing.profiles import require_duties
    from danqing.server import logs, malformed
    from danqing.server.app import create_app

    check_guests(settings)  # says it in more words than the duty
    require_duties(settings)
    sys.setswitchinterval(SWITCH_S)
    app = create_app(settings)
    house = app.state.house
    house.on_warm = _spare_the_collector
    listening: socket.socket | None = None
    try:
        check_binding(settings, house.accounts)
        listening = _listen(settings.server.host, settings.server.port)
        logs.set_up()
        config = uvicorn.Config(
            app,
            http=malformed.protocol(house.services.new_id),
            log_config=None,
            access_log=False,
            proxy_headers=False,  # ours believe trusted networks alone
            server_header=False,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=GRACE_S,
        )
        host, port = listening.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        app.state.on_ready = lambda: on_ready(f"http://{shown}:{port}/")
        uvicorn.Server(config).run([listening])
    finally:
        if listening is not None:
            listening.close()
        house.services.close()


def _spare_the_collector() -> None:
    """What is loaded by now stays as long as this process: going through it again and again for garbage
    would stop every thread for a fifth of a second, every ten seconds under load."""
    gc.collect()
    gc.freeze()


def check_binding(settings: Settings, accounts: Accounts) -> None:
    """Raises Forbidden unless the server stays at this machine, or somebody owns it."""
    if is_loopback(settings.server.host):
        return
    after: str | None = None
    while page := accounts.all(limit=200, after=after):
        if any(a.role == "owner" and a.status == "active" and a.has_password for a in page):
            return
        after = page[-1].id
    raise Forbidden("server.no_owner", host=settings.server.host)


def is_loopback(host: str) -> bool:
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """Raises InputError for an address there isn't, StoreError for a port that is taken."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError, OverflowError) as problem:
        raise InputError("server.bad_address", host=host) from problem
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError as problem:
        listening.close()
        reason = problem.strerror or str(problem)
        raise StoreError("server.cant_listen", host=host, port=port, reason=reason) from problem
    return listening
