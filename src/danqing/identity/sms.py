"""Verification by SMS: a six-digit code, sent to the phone somebody states, comes back.

    a code        10 minutes, five tries
    sending       once a minute, five a day for a person and for a number

25 guesses a day at one in a million. A mainland number is registered to a person by its carrier;
elsewhere a phone says less about who holds it.
"""

from __future__ import annotations

import hmac
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from math import ceil
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from sqlalchemy import Connection, delete, func, insert, select, update

from danqing.db.identity_tables import sms_challenges as table
from danqing.db.times import utc_text, utc_time
from danqing.errors import InputError, NotAuthenticated, TooManyAttempts
from danqing.identity.real_names import Challenge, checked
from danqing.identity.records import Clock
from danqing.identity.types import Person, Proof, RealName
from danqing.identity.vault import Vault
from danqing.messages import say
from danqing.settings import IdentitySettings

if TYPE_CHECKING:
    from danqing.db import Database

DIGITS, TRIES, SENT_A_DAY = 6, 5, 5
GOOD_FOR = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)


class SmsGateway(Protocol):
    """Sends a text. phone: E.164. What it raises ends the request; a DanqingError says it best."""

    def send(self, phone: str, text: str) -> None: ...


class ConsoleGateway:
    """For development: writes the text to a stream, standard error unless given."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, phone: str, text: str) -> None:
        stream = self._stream or sys.stderr
        stream.write(f"SMS {phone}: {text}\n")
        stream.flush()


def gateway_of(settings: IdentitySettings) -> SmsGateway:
    """The operator's gateway, made without arguments; the console's where none is set.

    Raises InputError for a name that leads to no such class.
    """
    name = settings.sms_gateway
    if not name:
        return ConsoleGateway()
    module, _, attribute = name.partition(":")
    try:
        gateway: SmsGateway = getattr(import_module(module), attribute)()
        if not callable(gateway.send):
            raise TypeError("send")
    except (ImportError, AttributeError, TypeError, ValueError) as problem:
        raise InputError("identity.sms_gateway", name=name, reason=problem) from problem
    return gateway


class SmsCode:
    """The real-name provider `sms`. language: of the text that is sent."""

    name = "sms"

    def __init__(
        self,
        database: Database,
        vault: Vault,
        gateway: SmsGateway,
        clock: Clock,
        *,
        language: str = "zh-Hans",
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database = database
        self._vault = vault
        self._gateway = gateway
        self._clock = clock
        self._language = language
        self._entropy = entropy

    def begin(self, person: Person, stated: RealName | None) -> Challenge:
        """Sends a code to the stated phone; an earlier one is void from then on.

        Raises InputError for anything but a phone number, TooManyAttempts.
        """
        if stated is None or stated.kind != "phone":
            raise InputError("identity.number_phone")
        stated = checked(stated)
        code = f"{int.from_bytes(self._entropy(8), 'big') % 10**DIGITS:0{DIGITS}d}"
        now = self._clock()
        with self._database.write() as connection:
            index = self._vault.index(connection, "phone", stated.number)
            sent_today = self._may_send(connection, person.id, index, now) + 1
            drop_challenge(connection, self._vault, person.id)
            content = {"number": stated.number, "name": stated.name}
            connection.execute(
                insert(table).values(
                    person_id=person.id,
                    sealed_id=self._vault.seal(connection, person.id, "phone", content),
                    number_index=index,
                    code_hmac=self._digest(connection, person.id, code),
                    sent_at=utc_text(now),
                    expires_at=utc_text(now + GOOD_FOR),
                    tries=0,
                    sent_today=sent_today,
                    day=_day(now),
                )
            )
        minutes = int(GOOD_FOR.total_seconds()) // 60
        text = say("identity.sms_text", self._language, code=code, minutes=minutes)
        self._gateway.send(stated.number, text)
        return Challenge(self.name, person.id, now + GOOD_FOR)

    def answer(self, person: Person, answer: str) -> Proof:
        """The proof, when this is the code. Raises NotAuthenticated when it is wrong, used or late,
        and after the fifth wrong one, whatever comes."""
        now = self._clock()
        with self._database.write() as connection:  # the try counts, right or wrong
            row = connection.execute(select(table).where(table.c.person_id == person.id)).first()
            right = row is not None and self._is_right(connection, row, answer, now)
            stated = self._stated(connection, row) if right else None
            values = {"tries": TRIES if right else table.c.tries + 1}  # a code serves once
            connection.execute(update(table).where(table.c.person_id == person.id).values(values))
        if row is None or stated is None:
            raise NotAuthenticated("identity.wrong_code")
        return Proof(self.name, stated, now, evidence=f"code sent at {row.sent_at}")

    def _is_right(self, connection: Connection, row: Any, answer: str, now: datetime) -> bool:
        if row.tries >= TRIES or utc_time(row.expires_at) < now:
            return False
        digest = self._digest(connection, row.person_id, answer.strip())
        return hmac.compare_digest(digest, row.code_hmac)

    def _stated(self, connection: Connection, row: Any) -> RealName:
        content = self._vault.open(connection, row.sealed_id)
        return RealName("phone", content["number"], content["name"])

    def _may_send(self, connection: Connection, person_id: str, index: str, now: datetime) -> int:
        """How many this person was sent today. Raises TooManyAttempts when another must wait."""
        mine = connection.execute(select(table).where(table.c.person_id == person_id)).first()
        if mine is not None:
            wait = utc_time(mine.sent_at) + PAUSE - now
            if wait > timedelta(0):
                raise TooManyAttempts("identity.sms_wait", retry_after_s=ceil(wait.total_seconds()))
        today = _day(now)
        to_number = connection.execute(
            select(func.coalesce(func.sum(table.c.sent_today), 0)).where(
                table.c.number_index == index, table.c.day == today
            )
        ).scalar_one()
        to_me = mine.sent_today if mine is not None and mine.day == today else 0
        if max(int(to_number), to_me) >= SENT_A_DAY:
            tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
            raise TooManyAttempts(
                "identity.sms_enough", retry_after_s=ceil((tomorrow - now).total_seconds())
            )
        return int(to_me)

    def _digest(self, connection: Connection, person_id: str, code: str) -> str:
        return self._vault.index(connection, "sms-code", person_id, code)


def drop_challenge(connection: Connection, vault: Vault, person_id: str) -> None:
    """Removes what was sent to somebody, and the number it went to."""
    mine = table.c.person_id == person_id
    box = connection.execute(select(table.c.sealed_id).where(mine)).scalar()
    if box is not None:
        connection.execute(delete(table).where(mine))
        vault.forget(connection, box)


def _day(now: datetime) -> str:
    return utc_text(now)[:10]
