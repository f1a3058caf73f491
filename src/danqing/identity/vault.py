"""Personal data at rest: AES-256-GCM under a key that is not in the database.

    box = base64(nonce, 12 bytes ‖ ciphertext ‖ tag, 16 bytes)
    additional data = "danqing" ‖ 0 ‖ id ‖ 0 ‖ person ‖ 0 ‖ purpose ‖ 0 ‖ key id

The additional data tie a box to its row: moved to another person's, it doesn't open.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, delete, insert, select, update

from danqing.db.identity_tables import real_names, sealed, sms_challenges
from danqing.errors import KeyLost
from danqing.identity import records
from danqing.identity.keyring import (
    KeyFile,
    Keyring,
    new_keyring,
    with_new_key,
    with_only,
)
from danqing.identity.records import Clock
from danqing.identity.roles import require
from danqing.identity.types import Person

if TYPE_CHECKING:
    from danqing.db import Database

Purpose = Literal["real-name", "phone", "grant"]
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did. boxes: how many are now under the new key. lost: how many can no longer
    be opened by anybody, since their key is gone."""

    key_id: str
    boxes: int
    lost: int


class Vault:
    """Seals and opens. The keyring is read when it is first needed, and made on the first sealing;
    never while the database holds boxes of a key that isn't there."""

    def __init__(
        self,
        database: Database,
        file: KeyFile,
        clock: Clock,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database = database
        self._file = file
        self._clock = clock
        self._entropy = entropy

    def seal(
        self, connection: Connection, person_id: str, purpose: Purpose, what: Mapping[str, Any]
    ) -> str:
        """Keeps what JSON can say under a new id, within a write transaction. Raises KeyLost."""
        keyring = self._keyring(connection)
        box_id = records.new_id(self._clock())
        row = {"id": box_id, "person_id": person_id, "purpose": purpose}
        connection.execute(insert(sealed).values(**row, **self._box(keyring, row, what)))
        return box_id

    def open(self, connection: Connection, box_id: str) -> dict[str, Any]:
        """What was sealed under this id. Raises KeyLost when its key is gone or it was changed."""
        row = connection.execute(select(sealed).where(sealed.c.id == box_id)).one()
        return self._opened(self._keyring(connection), row)

    def forget(self, connection: Connection, box_id: str) -> None:
        """Removes what was sealed, within a write transaction."""
        connection.execute(delete(sealed).where(sealed.c.id == box_id))

    def index(self, connection: Connection, *parts: str) -> str:
        """A keyed hash (HMAC-SHA-256, hex): equal for equal parts, and no use without the key."""
        message = "\0".join(parts).encode()
        return hmac.new(self._keyring(connection).index, message, sha256).hexdigest()

    def rotate(self, *, by: Person, lost: bool = False) -> Rotated:
        """Puts everything under a new key, and then drops the keys that nothing needs any more.

        The new key is on the disk before a box is made with it, and an old one goes only once no
        box needs it: whenever the process is killed, everything opens, and another run finishes.
        Where the keys are in a variable, its operator adds the new one and this uses it.

        lost: what nobody can open any more is given up. Real names among it are removed, and those
        people are unverified until they are verified again. Raises Forbidden; KeyLost when keys are
        gone and nobody said so.
        """
        require(by, "keys.rotate")
        records.require_own_hands(by)
        now = self._clock()
        with self._database.write() as connection:
            keyring = self._next(connection, now, lost)
            boxes = self._reseal(connection, keyring)
            given_up = self._give_up(connection, keyring, lost)
            facts = {"key_id": keyring.current, "boxes": boxes, "lost": given_up}
            records.log(self._database, connection, "account", now, by.id, "key-rotated", **facts)
        if self._file.path is not None:
            with self._database.write() as connection:  # nobody seals or rotates meanwhile
                needed = connection.execute(select(sealed.c.key_id).distinct()).scalars()
                self._file.save(with_only(keyring, set(needed)))
        return Rotated(keyring.current, boxes, given_up)

    def _next(self, connection: Connection, now: datetime, lost: bool) -> Keyring:
        """The keyring to go on with, on the disk."""
        try:
            before = self._file.load()
            if before is None and not lost:
                _refuse_if_any(connection)
        except KeyLost:
            if not lost:
                raise
            self._file.set_aside(now)
            before = None
        if before is not None and self._file.path is None:
            return before
        keyring = (
            new_keyring(self._entropy, now)
            if before is None
            else with_new_key(before, self._entropy, now)
        )
        self._file.save(keyring)
        return keyring

    def _reseal(self, connection: Connection, keyring: Keyring) -> int:
        """Puts every box whose key is there under the current one; returns how many."""
        others = sealed.c.key_id.in_(set(keyring.keys) - {keyring.current})
        rows = connection.execute(select(sealed).where(others)).all()
        for row in rows:
            what = self._opened(keyring, row)
            named = {"id": row.id, "person_id": row.person_id, "purpose": row.purpose}
            box = self._box(keyring, named, what)
            connection.execute(update(sealed).where(sealed.c.id == row.id).values(box))
        return len(rows)

    def _give_up(self, connection: Connection, keyring: Keyring, lost: bool) -> int:
        """Deals with boxes whose key isn't there; returns how many. A grant's stays: its row is a
        log that the law has us keep, and the hash of its recipient can still be read."""
        unreadable = sealed.c.key_id.not_in(list(keyring.keys))
        rows = connection.execute(select(sealed).where(unreadable)).all()
        if rows and not lost:
            raise KeyLost("identity.key_lost", key=rows[0].key_id)
        for row in rows:
            for table in (real_names, sms_challenges):
                connection.execute(delete(table).where(table.c.sealed_id == row.id))
            if row.purpose != "grant":
                self.forget(connection, row.id)
        return len(rows)

    def _keyring(self, connection: Connection) -> Keyring:
        """Read each time: another process may have rotated. A first one is made within whatever
        write transaction needs it."""
        keyring = self._file.load()
        if keyring is None:
            _refuse_if_any(connection)
            keyring = new_keyring(self._entropy, self._clock())
            self._file.save(keyring)
        return keyring

    def _box(
        self, keyring: Keyring, row: Mapping[str, str], what: Mapping[str, Any]
    ) -> dict[str, str]:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = self._entropy(_NONCE_BYTES)
        bound = _bound(row["id"], row["person_id"], row["purpose"], keyring.current)
        text = json.dumps(what, ensure_ascii=False).encode()
        box = nonce + AESGCM(keyring.key(keyring.current)).encrypt(nonce, text, bound)
        return {"key_id": keyring.current, "box": base64.b64encode(box).decode()}

    def _opened(self, keyring: Keyring, row: Any) -> dict[str, Any]:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        bound = _bound(row.id, row.person_id, row.purpose, row.key_id)
        try:
            box = base64.b64decode(row.box, validate=True)
            cipher = AESGCM(keyring.key(row.key_id))
            text = cipher.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], bound)
        except (InvalidTag, ValueError) as problem:
            raise KeyLost("identity.box_changed", key=row.key_id) from problem
        what: dict[str, Any] = json.loads(text)
        return what


def _bound(box_id: str, person_id: str, purpose: str, key_id: str) -> bytes:
    return "\0".join(("danqing", box_id, person_id, purpose, key_id)).encode()


def _refuse_if_any(connection: Connection) -> None:
    """Raises KeyLost when there are boxes: a new keyring would hide that theirs is lost."""
    found = connection.execute(select(sealed.c.key_id).limit(1)).first()
    if found is not None:
        raise KeyLost("identity.key_lost", key=found.key_id)
