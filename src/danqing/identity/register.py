"""The register of people: all that identity keeps in one database, each part made when first used."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from danqing.identity.accounts import Accounts
from danqing.identity.guests import Guests
from danqing.identity.keyring import KeyFile
from danqing.identity.keys import Keys
from danqing.identity.links import Links
from danqing.identity.passwords import Passwords
from danqing.identity.records import Clock
from danqing.identity.vault import Vault
from danqing.settings import Settings

if TYPE_CHECKING:
    from danqing.db import Database
    from danqing.identity.departures import Departures
    from danqing.identity.disclosures import Disclosures
    from danqing.identity.grants import Grants
    from danqing.identity.real_names import RealNames
    from danqing.identity.sms import SmsCode, SmsGateway


class Register:
    """accounts, keys, guests, links (OIDC), real_names, disclosures, grants, departures (export and
    erasure), vault.

    passwords, entropy: given in tests, to be quick or repeatable.
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        *,
        passwords: Passwords | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock
        self.accounts = Accounts(database, clock, passwords or Passwords())
        self.keys = Keys(database, clock, entropy)
        self.guests = Guests(database, clock)
        self.links = Links(database, self.accounts, clock)
        self._entropy = entropy

    @cached_property
    def vault(self) -> Vault:
        place = self.settings.identity.keys or self.database.home / "keys" / "people.json"
        return Vault(self.database, KeyFile(place), self.clock, self._entropy)

    @cached_property
    def real_names(self) -> RealNames:
        from danqing.identity.real_names import RealNames

        return RealNames(self.database, self.vault, self.clock)

    @cached_property
    def sms_gateway(self) -> SmsGateway:
        """Raises InputError for a setting that leads to none."""
        from danqing.identity.sms import gateway_of

        return gateway_of(self.settings.identity)

    def sms_codes(self, language: str) -> SmsCode:
        """The real-name provider `sms`. language: of the text that is sent."""
        from danqing.identity.sms import SmsCode

        return SmsCode(
            self.database, self.vault, self.sms_gateway, self.clock,
            language=language, entropy=self._entropy,
        )  # fmt: skip

    @cached_property
    def disclosures(self) -> Disclosures:
        from danqing.identity.disclosures import Disclosures

        return Disclosures(self.database, self.vault, self.clock)

    @cached_property
    def grants(self) -> Grants:
        from danqing.identity.grants import Grants

        return Grants(self.database, self.vault, self.settings, self.clock)

    @cached_property
    def departures(self) -> Departures:
        from danqing.identity.departures import Departures

        return Departures(self.database, self.vault, self.settings, self.clock)
