"""Real names (Deep Synthesis Provisions, Art. 9): providers vouch, and what they vouch for is sealed.

A provider turns what somebody states into a Proof, at once or after an answer:

    attestation   an operator has seen a document            attestation.py
    sms           a code reached the stated phone            sms.py
    oidc          an identity provider claims it             oidc.py

Danqing looks nobody up. How much a proof is worth is its provider's matter, and it is kept which one
it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, delete, insert, select

from danqing.db.identity_tables import accounts, real_names
from danqing.db.tables import people
from danqing.db.times import utc_text
from danqing.errors import Forbidden, InputError, NotFound
from danqing.identity import records
from danqing.identity.formats import normal_number
from danqing.identity.records import Clock
from danqing.identity.roles import require
from danqing.identity.types import Person, Proof, RealName
from danqing.identity.vault import Vault

if TYPE_CHECKING:
    from danqing.db import Database

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a provider waits for. person_id: who has to answer. expires_at: UTC, aware."""

    provider: str
    person_id: str
    expires_at: datetime


class RealNameProvider(Protocol):
    """Vouches for who somebody is. `name` is kept with each proof."""

    name: str

    def begin(self, person: Person, stated: RealName | None) -> Challenge | Proof:
        """Starts on what is stated of `person`; None where the provider knows by itself.

        Raises InputError, TooManyAttempts.
        """
        ...

    def answer(self, person: Person, answer: str) -> Proof:
        """Ends a challenge. Raises NotAuthenticated for a wrong or late answer, or with none to
        end."""
        ...


class RealNames:
    """Who has been verified, and by whom; names and numbers are in the vault."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    def record(self, person_id: str, proof: Proof, *, by: Person) -> None:
        """Keeps what a provider vouched for, in place of what there was. by: the person themself, or
        whoever attests. Raises InputError for a malformed number, Forbidden, NotFound, KeyLost."""
        self.record_all([(person_id, proof)], by=by)

    def record_all(self, proofs: Iterable[tuple[str, Proof]], *, by: Person) -> None:
        """All of them, or none."""
        with self._database.write() as connection:
            for person_id, proof in proofs:
                self._record(connection, person_id, proof, by)

    def is_verified(self, person_id: str) -> bool:
        """Whether a provider has vouched for them."""
        with self._database.read() as connection:
            return verified(connection, person_id)

    def same_number(self, person_id: str) -> tuple[str, ...]:
        """Ids of everybody verified with the number this person was, themself excepted: a suspended
        account's owner who comes again. Nothing is decrypted."""
        with self._database.read() as connection:
            own = select(real_names.c.number_index).where(real_names.c.person_id == person_id)
            query = select(real_names.c.person_id).where(
                real_names.c.number_index.in_(own), real_names.c.person_id != person_id
            )
            return tuple(connection.execute(query.order_by(real_names.c.person_id)).scalars())

    def own(self, person: Person) -> RealName | None:
        """What is kept of the person who asks, for themself. Raises Forbidden for a key, KeyLost."""
        records.require_own_hands(person)
        with self._database.read() as connection:
            return read_real_name(connection, self._vault, person.id)

    def _record(self, connection: Connection, person_id: str, proof: Proof, by: Person) -> None:
        if by.id != person_id or proof.provider == "attestation":
            require(by, "account.attest")
            records.require_own_hands(by)
        if by.id == person_id and proof.provider == "attestation" and not by.local:
            raise Forbidden("identity.attest_oneself")
        stated = proof.real_name
        number = checked(stated).number
        if connection.execute(select(people.c.id).where(people.c.id == person_id)).first() is None:
            raise NotFound("identity.no_such_account", account=person_id)
        status = select(accounts.c.status).where(accounts.c.id == person_id)
        if connection.execute(status).scalar() == "erased":
            raise NotFound("identity.no_such_account", account=person_id)
        now = self._clock()
        drop_real_name(connection, self._vault, person_id)
        content = {
            "kind": stated.kind, "number": number, "name": stated.name,
            "evidence": proof.evidence,
        }  # fmt: skip
        box = self._vault.seal(connection, person_id, "real-name", content)
        connection.execute(
            insert(real_names).values(
                person_id=person_id,
                sealed_id=box,
                provider=proof.provider,
                kind=stated.kind,
                number_index=self._vault.index(connection, stated.kind, number),
                proved_at=utc_text(proof.proved_at),
                proved_by=by.id,
            )
        )
        facts = {"account_id": person_id, "provider": proof.provider, "kind": stated.kind}
        records.log(self._database, connection, "account", now, by.id, "verified", **facts)


def checked(stated: RealName) -> RealName:
    """With its number as it is kept. Raises InputError for one not of its kind, and for a name that
    can't be one."""
    number = normal_number(stated.kind, stated.number)
    if number is None:
        raise InputError(f"identity.number_{stated.kind.replace('-', '_')}")
    name = stated.name
    if name is not None and not (0 < len(name) <= LONGEST_NAME and name.isprintable()):
        raise InputError("identity.name_shape", limit=LONGEST_NAME)
    return RealName(stated.kind, number, name)


def verified(connection: Connection, person_id: str) -> bool:
    query = select(real_names.c.person_id).where(real_names.c.person_id == person_id)
    return connection.execute(query).first() is not None


def read_real_name(connection: Connection, vault: Vault, person_id: str) -> RealName | None:
    """Opens one person's real name: only for themself, or within a disclosure. Raises KeyLost."""
    query = select(real_names.c.sealed_id).where(real_names.c.person_id == person_id)
    box = connection.execute(query).scalar()
    if box is None:
        return None
    content: dict[str, Any] = vault.open(connection, box)
    return RealName(content["kind"], content["number"], content["name"])


def drop_real_name(connection: Connection, vault: Vault, person_id: str) -> None:
    """Removes one person's real name, and that they were verified."""
    mine = real_names.c.person_id == person_id
    box = connection.execute(select(real_names.c.sealed_id).where(mine)).scalar()
    if box is not None:
        connection.execute(delete(real_names).where(mine))
        vault.forget(connection, box)
