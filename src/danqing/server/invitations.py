"""Invitations: a signed text that lets one person, under one login, make an account.

Nothing is stored. An invitation names the login it is for, so it is used up when that account exists.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from danqing.errors import Forbidden
from danqing.identity.accounts import check_login, fold
from danqing.server.secrets import Signer

PURPOSE = "invitation"


@dataclass(frozen=True, slots=True)
class Invitation:
    """text: what the invited person sends along when signing up, until then."""

    text: str
    login: str
    until: datetime


class Invitations:
    def __init__(self, signer: Signer, clock: Callable[[], datetime]) -> None:
        self._signer = signer
        self._clock = clock

    def make(self, login: str, days: int) -> Invitation:
        """Raises InputError for a login that can't be one."""
        login = check_login(login)
        until = self._clock() + timedelta(days=days)
        said = _encode({"login": login, "until": int(until.timestamp())})
        return Invitation(f"{said}.{self._signer.sign(PURPOSE, said)}", login, until)

    def check(self, text: str, login: str) -> None:
        """Raises Forbidden unless it is ours, still good, and for this login."""
        said, _, signature = text.partition(".")
        if not self._signer.is_signed(PURPOSE, said, signature):
            raise Forbidden("server.invitation_foreign")
        told = json.loads(urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        if told["until"] < self._clock().timestamp():
            raise Forbidden("server.invitation_old")
        if fold(told["login"]) != fold(login):
            raise Forbidden("server.invitation_for_another")


def _encode(told: dict[str, object]) -> str:
    return urlsafe_b64encode(json.dumps(told).encode()).rstrip(b"=").decode()
