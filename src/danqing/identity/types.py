"""Who asks, and what they may. `Identified` is the only way into policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from danqing.request.types import Request

Role = Literal["user", "reviewer", "operator", "owner"]
Status = Literal["active", "suspended", "erased"]
NumberKind = Literal["phone", "resident-id", "uscc", "passport", "other"]


@dataclass(frozen=True, slots=True)
class Person:
    """id: a pseudonymous ULID; nothing in it says who it is. local: whoever is at this machine.

    role: what they may do (`roles.may`), for this call: a key can carry less than its account.
    verified: a real-name provider has vouched for them. key_id: the API key they came with, None
    for a password, OIDC or the command line. guest: they have no account (`identity.guests`), and may
    do less than any role.
    """

    id: str
    created_at: datetime
    local: bool = True
    role: Role = "user"
    verified: bool = False
    key_id: str | None = None
    guest: bool = False


@dataclass(frozen=True, slots=True)
class Identified:
    """A request with the person who made it. Built only by `identity.identify`.

    batch_id: a ULID; all pictures of one request share it. asked_at: UTC, aware.
    """

    person: Person
    request: Request
    batch_id: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its operators see it: no password, no real name.

    id: the person's. login: as it was typed; None once erased. verified_by: the real-name provider
    that vouched (`attestation`, `oidc`, `sms`), or None. sessions_from: a session opened before
    this moment is void. has_password: false for those who come by OIDC or by key alone.
    """

    id: str
    login: str | None
    role: Role
    status: Status
    created_at: datetime
    verified_by: str | None
    has_password: bool
    sessions_from: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it can be listed. prefix: its first characters, by which it is looked up.

    role: what it may do at most; its account's role bounds it further. last_used_at: to the hour.
    """

    id: str
    account_id: str
    prefix: str
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. token: the whole of it, shown this once; only its hash is kept."""

    key: ApiKey
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RealName:
    """Who somebody is. name: as written on the document, or None. number: of this kind."""

    kind: NumberKind
    number: str = field(repr=False)
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a real-name provider vouches for. evidence: what it rests on (a document seen, an
    issuer, a gateway's message id), never a secret."""

    provider: str
    real_name: RealName
    proved_at: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission to release without the visible mark (Measures for labelling, Art. 9).

    Built only by `identity.grants`, from a user's application that an operator gave. person_id: who
    applied, and the only one it serves. pictures: how many it serves at most. agreement,
    agreement_sha256: version and hash of the agreement the applicant accepted. given_at, until:
    UTC, aware; not after `until`. recipient_index: a keyed hash of who is to get the file; the
    ledger has that, the name itself is encrypted.
    """

    id: str
    person_id: str
    pictures: int
    agreement: str
    agreement_sha256: str
    recipient_index: str
    given_by: str
    given_at: datetime
    until: datetime
