"""The ledger: append-only, hash-chained, sealed at its head.

    facts_sha256 = SHA-256(salt ‖ facts)        salt: 32 hex digits; facts: canonical JSON; as UTF-8
    row          = canonical JSON of {at, batch_id, facts_sha256, kind, person_id, seq}
    hash         = SHA-256(previous hash, 32 bytes ‖ row)     before the first line: 32 zero bytes
    seal         = HMAC-SHA-256(key, canonical JSON of {hash, seq} of the last line)

The chain finds a line that was changed, removed or put in; the seal finds lines cut from the end.
The chain runs over the salted hash of the facts, so that their text can be forgotten (`retention`)
without breaking it. Whoever has the key as well as the database can rewrite everything, and is
found out by a checkpoint kept elsewhere (`checkpoints`): docs/ledger.md.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import OperationalError

from danqing.db.faults import file_errors
from danqing.db.files import make_folder, sync_folder, write_whole
from danqing.db.tables import ledger, ledger_head
from danqing.db.times import utc_text
from danqing.errors import StoreDamaged
from danqing.request.canonical import canonical_json

if TYPE_CHECKING:
    from danqing.db.checkpoints import Checkpoint

EventKind = Literal[
    "source", "request", "refusal", "hold", "withheld", "artwork", "sheet", "failed", "closed",
    "preview", "taught", "not-taught", "forgotten", "labelled", "classified", "keys", "account", "disclosure",
    "grant", "vote", "sale", "retention", "ruling", "case", "answer", "consent",
]  # fmt: skip
FORGETTABLE: frozenset[EventKind] = frozenset({
    "source", "request", "refusal", "hold", "withheld", "taught", "not-taught", "forgotten",
    "labelled", "classified", "account", "disclosure", "grant", "vote", "ruling", "case", "answer",
    "consent",
})  # fmt: skip
"""Kinds whose facts hold what people wrote, brought or did, and may be forgotten in time. What
names a file that is kept here, counts an outcome, moves money, or says which certificates vouched
for files that are still out there (`keys`: no word about anybody) is not among them."""
GENESIS = "0" * 64


# Put together once: that takes longer than the database needs to answer.
_HEAD = select(ledger_head).with_for_update()
_ADD = insert(ledger)
_MOVE_HEAD = update(ledger_head)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. facts: what JSON can say. at: UTC, aware."""

    kind: EventKind
    at: datetime
    facts: Mapping[str, Any]
    batch_id: str | None = None
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An event's place in the chain. seq counts from 1; facts: canonical JSON; hashes: hex.

    Of a line that retention emptied, salt and facts are empty."""

    seq: int
    kind: str
    batch_id: str | None
    person_id: str | None
    at: str
    salt: str
    facts: str
    facts_sha256: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the ledger first fails. seq: the first line that is wrong or missing.

    what: a message id: `ledger.changed` (the line isn't what was written), `ledger.missing` (a line
    is gone), `ledger.unlinked` (it doesn't follow from the line before), `ledger.cut` (lines are
    gone from the end), `ledger.unsealed` (the seal isn't ours), `ledger.emptied` (what the line
    said is gone, and no retention line says why), `ledger.rewritten` (some line from `seq` to
    `last_seq` isn't what a checkpoint says, however well it fits the others).
    """

    seq: int
    what: str
    last_seq: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """lines: how many were found sound, from the first on. fault: None when all is well."""

    lines: int
    head_hash: str
    fault: Fault | None


class Ledger:
    """Writes and checks lines on connections it is handed. key_folder: where `ledger.key` is."""

    def __init__(self, key_folder: Path, entropy: Callable[[int], bytes]) -> None:
        self._key_file = key_folder / "ledger.key"
        self._entropy = entropy
        self._key: bytes | None = None

    def begin(self, connection: Connection) -> None:
        """Seals an empty ledger, once, in the transaction that makes the tables."""
        self._make_key()
        values = {"id": 1, "seq": 0, "hash": GENESIS, "seal": self._seal(0, GENESIS)}
        connection.execute(insert(ledger_head).values(values))

    def append(self, connection: Connection, event: Event) -> Line:
        """Adds a line within a write transaction.

        Raises StoreDamaged when the seal isn't ours: extending it would make it look so.
        """
        # Where others may write at once (PostgreSQL), the lock on the head makes them take turns.
        head = connection.execute(_HEAD).mappings().first()
        if head is None or not self._is_sealed(head["seq"], head["hash"], head["seal"]):
            raise StoreDamaged("ledger.unsealed", seq=0 if head is None else head["seq"])
        facts = canonical_json(event.facts)
        salt = self._entropy(16).hex()
        line = _chain(
            head["hash"], head["seq"] + 1, event.kind, event.batch_id, event.person_id,
            utc_text(event.at), salt, facts, _facts_hash(salt, facts),
        )  # fmt: skip
        connection.execute(_ADD, {f: getattr(line, f) for f in Line.__slots__})
        seal = self._seal(line.seq, line.hash)
        connection.execute(_MOVE_HEAD, {"seq": line.seq, "hash": line.hash, "seal": seal})
        return line

    def lines(
        self, connection: Connection, *, batch_id: str | None = None, after_seq: int = 0
    ) -> Iterator[Line]:
        """Lines in order; of one batch, or all after a line."""
        query = select(ledger).where(ledger.c.seq > after_seq).order_by(ledger.c.seq)
        if batch_id is not None:
            query = query.where(ledger.c.batch_id == batch_id)
        for row in connection.execute(query):
            yield Line(*row)

    def lines_of(
        self, connection: Connection, batch_ids: Sequence[str], kinds: Sequence[EventKind]
    ) -> Iterator[Line]:
        """The lines of these kinds that some batches have, in order."""
        mine = (ledger.c.batch_id.in_(batch_ids), ledger.c.kind.in_(kinds))
        for row in connection.execute(select(ledger).where(*mine).order_by(ledger.c.seq)):
            yield Line(*row)

    def verify(self, connection: Connection, checkpoint: Checkpoint | None = None) -> LedgerCheck:
        """Walks the whole chain and its seal; stops at the first thing wrong.

        checkpoint: one kept elsewhere, whose signature its reader has checked; the ledger must
        still pass through every line it names.
        """
        previous = _BEFORE_THE_FIRST
        posts = {} if checkpoint is None else dict([*checkpoint.posts, _last(checkpoint)])
        agreed = 0  # the last line that the checkpoint names too
        emptied: list[Line] = []
        try:
            for line in self.lines(connection):
                what = _wrong(previous, line)
                if what:
                    return _found(previous, Fault(previous.seq + 1, what))
                if line.seq in posts:
                    if posts[line.seq] != line.hash:
                        return _found(previous, Fault(agreed + 1, "ledger.rewritten", line.seq))
                    agreed = line.seq
                if _is_emptied(line):
                    if line.kind == "retention":  # what would explain the others is itself gone
                        return _found(previous, Fault(line.seq, "ledger.emptied"))
                    emptied.append(line)
                elif line.kind == "retention":
                    emptied = _not_explained(emptied, line)
                previous = line
        except OperationalError:  # text that isn't UTF-8: not ours
            return _found(previous, Fault(previous.seq + 1, "ledger.changed"))
        if checkpoint is not None and checkpoint.seq > previous.seq:
            return _found(previous, Fault(previous.seq + 1, "ledger.cut"))
        head = connection.execute(select(ledger_head)).mappings().first()
        if head is None or not self._is_sealed(head["seq"], head["hash"], head["seal"]):
            return _found(previous, Fault(previous.seq, "ledger.unsealed"))
        if head["seq"] > previous.seq:
            return _found(previous, Fault(previous.seq + 1, "ledger.cut"))
        if head["seq"] < previous.seq or head["hash"] != previous.hash:
            return _found(previous, Fault(head["seq"], "ledger.unsealed"))
        if emptied:  # last, since the line that explains it may have been cut off
            return _found(previous, Fault(emptied[0].seq, "ledger.emptied"))
        return _found(previous, None)

    def _is_sealed(self, seq: object, line_hash: object, seal: object) -> bool:
        if not (isinstance(seq, int) and isinstance(line_hash, str) and isinstance(seal, str)):
            return False
        return hmac.compare_digest(self._seal(seq, line_hash).encode(), seal.encode())

    def _seal(self, seq: int, line_hash: str) -> str:
        message = canonical_json({"seq": seq, "hash": line_hash}).encode()
        return hmac.new(self._read_key(), message, sha256).hexdigest()

    def _read_key(self) -> bytes:
        if self._key is None:
            try:
                self._key = bytes.fromhex(self._key_file.read_text("ascii"))
            except (OSError, ValueError) as error:
                raise StoreDamaged("ledger.no_key", file=self._key_file) from error
        return self._key

    def _make_key(self) -> None:
        """32 random bytes as hex, readable by the owner alone; an existing key is kept."""
        folder = self._key_file.parent
        with file_errors(folder):
            make_folder(folder, 0o700)
            if not self._key_file.exists():
                part = folder / "ledger.key.part"
                part.unlink(missing_ok=True)  # the write transaction around us is the lock
                write_whole(part, self._entropy(32).hex().encode(), 0o600)
                os.replace(part, self._key_file)
                sync_folder(folder)


def _found(last_sound: Line, fault: Fault | None) -> LedgerCheck:
    return LedgerCheck(last_sound.seq, last_sound.hash, fault)


def _wrong(previous: Line, line: Line) -> str | None:
    if line.seq != previous.seq + 1:
        return "ledger.missing"
    if line.prev_hash != previous.hash:
        return "ledger.unlinked"
    try:
        facts_sha256 = _facts_hash(line.salt, line.facts)
        expected = _chain(
            previous.hash, line.seq, line.kind, line.batch_id, line.person_id, line.at,
            line.salt, line.facts, line.facts_sha256 if _is_emptied(line) else facts_sha256,
        )  # fmt: skip
    except (TypeError, ValueError, AttributeError):  # not the types we write
        return "ledger.changed"
    return None if line == expected else "ledger.changed"


_BEFORE_THE_FIRST = Line(0, "", None, None, "", "", "", "", "", GENESIS)


def _last(checkpoint: Checkpoint) -> tuple[int, str]:
    return checkpoint.seq, checkpoint.hash


def _is_emptied(line: Line) -> bool:
    return line.salt == "" and line.facts == ""


def _not_explained(emptied: list[Line], retention: Line) -> list[Line]:
    """Those emptied lines that a retention line, itself sound, doesn't account for."""
    gone = json.loads(retention.facts)
    return [
        line for line in emptied if line.seq > gone["through_seq"] or line.kind not in gone["kinds"]
    ]


def _facts_hash(salt: str, facts: str) -> str:
    return sha256((salt + facts).encode()).hexdigest()


def _chain(
    prev_hash: str, seq: int, kind: str, batch_id: str | None, person_id: str | None,
    at: str, salt: str, facts: str, facts_sha256: str,
) -> Line:  # fmt: skip
    row = {
        "seq": seq, "kind": kind, "batch_id": batch_id, "person_id": person_id,
        "at": at, "facts_sha256": facts_sha256,
    }  # fmt: skip
    line_hash = sha256(bytes.fromhex(prev_hash) + canonical_json(row).encode()).hexdigest()
    return Line(seq, kind, batch_id, person_id, at, salt, facts, facts_sha256, prev_hash, line_hash)
