"""Who may look at what: one's own, or anybody's for those whose role says so.

What isn't yours isn't there: the answer for another person's artwork is the one for no artwork, so
that ids can't be tried out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from danqing.errors import NotFound
from danqing.identity import Person, may

if TYPE_CHECKING:
    from danqing.jobs import View
    from danqing.server.caller import Caller
    from danqing.server.house import House
    from danqing.store import Stored

ULID_PATTERN = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
_ULID = re.compile(ULID_PATTERN, re.ASCII)


def own_artwork(house: House, caller: Caller, artwork_id: str) -> Stored:
    """Raises NotFound for one that isn't there, or isn't theirs to see."""
    artwork = artwork_by_id(house, artwork_id)
    if caller.reach not in (None, artwork.person_id):
        raise NotFound("store.no_such_artwork", id=artwork_id)
    return artwork


def artwork_by_id(house: House, artwork_id: str) -> Stored:
    """By its whole id: the beginning of one would let ids be guessed. Raises NotFound."""
    if not _ULID.fullmatch(artwork_id):
        raise NotFound("store.no_such_artwork", id=artwork_id[:32])
    return house.services.store.show(artwork_id)


def own_job(house: House, caller: Caller, job_id: str) -> View:
    """Raises NotFound for one that isn't there, or isn't theirs to see."""
    return house.queue.look(job_id, person_id=caller.reach)


def whose_money(house: House, caller: Caller, person_id: str | None) -> Person:
    """Whose balance or usage is asked for: their own, or for those who manage money anybody's.

    Raises NotFound for whoever isn't there, or isn't theirs to see.
    """
    if person_id in (None, caller.person.id):
        return caller.person
    if person_id is None or not may(caller.person, "money.manage"):
        raise NotFound("identity.no_such_account", account=person_id)
    return somebody(house, person_id)


def somebody(house: House, person_id: str) -> Person:
    """Somebody with an account, suspended or not, or whoever is at this machine. Raises NotFound."""
    if person_id == house.services.person.id:
        return house.services.person
    account = house.accounts.find(person_id)
    if account.id != person_id or account.status == "erased":
        raise NotFound("identity.no_such_account", account=person_id)
    return Person(account.id, account.created_at, local=False, role=account.role)
