"""What the routes work with, built once when the server starts and closed when it ends."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request

from danqing.errors import DanqingError
from danqing.server.invitations import Invitations
from danqing.server.limits import Limit
from danqing.server.links import Links
from danqing.server.metrics import Metrics
from danqing.server.present import Present
from danqing.server.room import Room
from danqing.server.secrets import signer_for
from danqing.server.sessions import GUEST, Sessions
from danqing.server.tally import Tally
from danqing.server.uploads import Decoder
from danqing.server.waiting import Waiting
from danqing.services import Services, build, utc_now
from danqing.settings import Settings

if TYPE_CHECKING:
    from danqing.billing import Billing
    from danqing.identity import Accounts, Keys, OidcClient
    from danqing.identity.guests import Guests
    from danqing.jobs import Queue

UPLOADS_AT_ONCE = 4
NOBODY_FOR_S = 0.1
"""How long it holds that nobody has an account, which every request asks twice."""


class House:
    """One server's parts. Safe to share between threads. `open` it, and `close` it when done.

    services: shared by all routes. Workers in this process have their own.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = utc_now,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        server = settings.server
        self.settings = settings
        self.clock = clock
        self.services: Services = build(settings, clock=clock)
        self.signer = signer_for(settings.home, server.secret)
        self.sessions = Sessions(self.signer, server.session_life_s, clock)
        self.guest_sessions = Sessions(self.signer, server.session_life_s, clock, purpose=GUEST)
        self.invitations = Invitations(self.signer, clock)
        self.links = Links(
            self.signer, (server.public_url or "").rstrip("/"), server.link_life_s, clock
        )
        self.metrics = Metrics()
        self.tally = Tally(self.services.store.database, clock(), self.metrics.observe)
        self.room = Room(settings.home, server.disk_reserve_bytes)
        self.decoder = Decoder(server.upload_memory_bytes, server.upload_time_s)
        # One place of its own: visitors who have files checked hold up nobody who draws.
        self.detector = Decoder(server.upload_memory_bytes, server.upload_time_s, at_once=1)
        self.present = Present()
        self.open_doors = Limit(burst=30, per_minute=20, seconds=seconds)
        self.redeeming = Limit(burst=10, per_minute=5, seconds=seconds)
        self.on_warm: Callable[[], None] = lambda: None  # once all that is slow to load is there
        self._closing = ExitStack()
        self._seconds = seconds
        self._accounts_seen = False
        self._nobody_until = -math.inf

    @cached_property
    def queue(self) -> Queue:
        from danqing.jobs import Queue

        return Queue(self.services)

    @cached_property
    def billing(self) -> Billing:
        from danqing.billing import Billing

        return Billing(self.services.store.database, self.clock)

    @cached_property
    def waiting(self) -> Waiting:
        return Waiting(self.queue)

    @property
    def accounts(self) -> Accounts:
        return self.services.register.accounts

    @property
    def guests(self) -> Guests:
        return self.services.register.guests

    @property
    def keys(self) -> Keys:
        return self.services.register.keys

    @cached_property
    def oidc_client(self) -> OidcClient:
        """This service as a client of the operator's provider."""
        from danqing.identity import OidcClient

        redirect_uri = f"{(self.settings.server.public_url or '').rstrip('/')}/oidc/callback"
        return OidcClient(self.settings.oidc, redirect_uri, self.clock)

    def has_accounts(self) -> bool:
        """Whether anybody has to sign in: from the first account on, for good. One that another process
        made is seen NOBODY_FOR_S later at most."""
        if self._accounts_seen:
            return True
        if self.accounts.were_added or self._seconds() >= self._nobody_until:
            self._accounts_seen = self.accounts.exist()
            self._nobody_until = self._seconds() + NOBODY_FOR_S
        return self._accounts_seen

    def lets_guests_in(self) -> bool:
        """Whether somebody without an account may draw. Without a single account nobody is a guest: the
        studio is one person's own."""
        return self.settings.server.guests and self.has_accounts()

    def explain(self, pack: str, rule: str, language: str) -> str:
        """A rule's own sentence."""
        return self.services.policy.explain(pack, rule, language)

    @cached_property
    def upload_threads(self) -> CapacityLimiter:
        """Threads that take pictures in: few, so that slow ones hold up no other route."""
        return CapacityLimiter(UPLOADS_AT_ONCE)

    def open(self) -> None:
        """Starts the workers of this process and what else goes on in the background."""
        from danqing.jobs import Worker

        if not self.has_accounts():
            _ = self.services.person  # written down the first time: no request should wait for that
        self.decoder.warm_up()
        if self.settings.service.public_detector:
            self.detector.warm_up()
        self._closing.callback(self.decoder.close)
        self._closing.callback(self.detector.close)
        warming = threading.Thread(target=self._warm_up, name="warming", daemon=True)
        warming.start()
        self._closing.callback(warming.join)
        for _ in range(self.settings.server.drawing_workers):
            self._closing.enter_context(Worker(self.services, self.queue).at_work())

    def _warm_up(self) -> None:
        """Loads what the first picture would wait for. What fails here is said to whoever asks."""
        from danqing.jobs.manners import give_way

        give_way()
        with suppress(DanqingError):
            self.services.policy.examine("")
            _ = self.services.signing_keys
            self.services.load_engine(self.settings.engine)
        self.on_warm()

    def close(self) -> None:
        """Ends the workers, whose jobs go back into line, and lets go of the files."""
        self._closing.close()
        self.services.close()


async def house_of(request: Request) -> House:  # async: no thread is needed for that
    house: House = request.app.state.house
    return house


HouseDep = Annotated[House, Depends(house_of)]
