"""What each role may do: one table, and the questions asked of it.

Each role may do all that the one before it may, and as little more as its work needs. What takes two
people (a disclosure, a grant) is checked where it happens: no role may do both halves.
"""

from __future__ import annotations

from typing import Literal, get_args

from danqing.errors import Forbidden
from danqing.identity.types import Person, Role
from danqing.settings import Settings

Permission = Literal[
    "draw",  # make pictures and texts, and read one's own
    "self",  # one's own account: password, keys, export, erasure
    "grant.ask",
    "review",  # see what was held or withheld, decide it; answer appeals and complaints
    "account.read",
    "account.manage",  # add, suspend, role and password of those below one's own role
    "account.attest",  # vouch for a real name
    "account.erase",
    "disclose",  # either half of a disclosure
    "grant.give",
    "artwork.any",  # look at anyone's artworks and jobs
    "ledger.read",
    "ledger.export",
    "trace",  # whose picture is this: verify --who
    "policy.edit",
    "jobs.manage",
    "money.manage",
    "metrics",
    "account.appoint",  # operators and owners
    "keys.rotate",  # the key real names are encrypted with, and those that sign
    "settings",
    "backup",
]

ROLES: tuple[Role, ...] = get_args(Role)
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)

_USER: frozenset[Permission] = frozenset({"draw", "self", "grant.ask"})
_REVIEWER: frozenset[Permission] = _USER | {"review"}
_OPERATOR: frozenset[Permission] = _REVIEWER | {
    "account.read", "account.manage", "account.attest", "account.erase", "disclose", "grant.give",
    "artwork.any", "ledger.read", "ledger.export", "trace", "policy.edit", "jobs.manage",
    "money.manage", "metrics",
}  # fmt: skip
_OWNER: frozenset[Permission] = _OPERATOR | {"account.appoint", "keys.rotate", "settings", "backup"}

MAY: dict[Role, frozenset[Permission]] = {
    "user": _USER,
    "reviewer": _REVIEWER,
    "operator": _OPERATOR,
    "owner": _OWNER,
}


GUEST_MAY: frozenset[Permission] = frozenset({"draw"})


def permissions_of(person: Person) -> frozenset[Permission]:
    return GUEST_MAY if person.guest else MAY[person.role]


def may(person: Person, permission: Permission) -> bool:
    """Whether this person may do this."""
    return permission in permissions_of(person)


def require(person: Person, permission: Permission) -> None:
    """Raises Forbidden unless this person may do this."""
    if person.guest and permission not in GUEST_MAY:
        raise Forbidden("identity.not_for_guests")
    if not may(person, permission):
        raise Forbidden("identity.forbidden", role=person.role, permission=permission)


def require_real_name(person: Person, settings: Settings) -> None:
    """Raises Forbidden where only people whose real identity was verified are served (Deep Synthesis
    Provisions, Art. 9), and nobody has vouched for this one. Whoever sits at this machine offers the
    service, and is not its user."""
    if settings.needs_real_names and not (person.local or person.verified):
        raise Forbidden("identity.unverified_draws")


def may_appoint(person: Person, role: Role) -> bool:
    """Whether this person may make or unmake somebody with this role: operators, those below
    them; owners, anyone."""
    if may(person, "account.appoint"):
        return True
    return may(person, "account.manage") and rank(role) < rank(person.role)


def rank(role: Role) -> int:
    """0 for the role that may least."""
    return ROLES.index(role)


def lesser(one: Role, other: Role) -> Role:
    """Of two roles the one that may less."""
    return min(one, other, key=rank)
