"""Checkpoints: what the ledger is at one moment, signed, to be kept where its keeper can't reach.

    signed     = canonical JSON of {at, format, hash, posts, seq}, as UTF-8
    signature  = Ed25519 (RFC 8032) over it; key and signature as hex

The seal in the database is made with a key beside it, so whoever has both can write a whole new
ledger. A checkpoint that was published before can't be taken back: against it a rewritten ledger
differs, and the posts, hashes of lines along the way, tell between which lines it first does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from danqing.db.faults import file_errors
from danqing.db.files import make_folder, sync_folder, write_whole
from danqing.db.ledger import Ledger
from danqing.db.tables import ledger as ledger_table
from danqing.db.times import utc_text
from danqing.errors import InputError, StoreDamaged
from danqing.request.canonical import canonical_json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FORMAT = "danqing-checkpoint-1"
MOST_POSTS = 256
_MAX_FILE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """seq, hash: of the last line. at: as `utc_text`. posts: (seq, hash) of lines before it, evenly
    spread, at most MOST_POSTS. key, signature: hex, 32 and 64 bytes."""

    format: str
    at: str
    seq: int
    hash: str
    posts: tuple[tuple[int, str], ...]
    key: str
    signature: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def signed(self) -> bytes:
        said = {k: v for k, v in asdict(self).items() if k not in ("key", "signature")}
        return canonical_json(said).encode()


class CheckpointKey:
    """The Ed25519 key of a home, made when first asked for.

    `checkpoint.key.pem` signs; `checkpoint.pub.pem` is to be handed out. Raises StoreDamaged when
    the file is there and isn't such a key, StoreError when it can't be made.
    """

    def __init__(self, key_folder: Path) -> None:
        self._folder = key_folder
        self.file = key_folder / "checkpoint.key.pem"
        self.public_file = key_folder / "checkpoint.pub.pem"

    def load_or_create(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        if not self.file.exists():
            self._make()
        try:
            key = load_pem_private_key(self.file.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            raise StoreDamaged("ledger.no_key", file=self.file) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise StoreDamaged("ledger.no_key", file=self.file)
        return key

    def _make(self) -> None:
        from cryptography.hazmat.primitives import serialization as form
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.generate()
        pkcs8 = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
        public = key.public_key().public_bytes(
            form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo
        )
        with file_errors(self._folder):
            make_folder(self._folder, 0o700)
            for file, data, mode in (
                (self.public_file, public, 0o644), (self.file, pkcs8, 0o600),
            ):  # fmt: skip
                part = file.with_name(f"{file.name}.{os.urandom(6).hex()}.part")
                write_whole(part, data, mode)
                os.replace(part, file)
            sync_folder(self._folder)


def make_checkpoint(
    connection: Connection, ledger: Ledger, key: Ed25519PrivateKey, now: datetime
) -> Checkpoint:
    """Signs the ledger as it is. Raises StoreDamaged with its first fault: that is never signed."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    check = ledger.verify(connection)
    if check.fault is not None:
        raise StoreDamaged(check.fault.what, seq=check.fault.seq)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    posts = tuple(_posts(connection, check.lines))
    unsigned = Checkpoint(FORMAT, utc_text(now), check.lines, check.head_hash, posts, public, "")
    return Checkpoint(
        **{f: getattr(unsigned, f) for f in Checkpoint.__slots__ if f != "signature"},
        signature=key.sign(unsigned.signed).hex(),
    )


def _posts(connection: Connection, last: int) -> list[tuple[int, str]]:
    step = 1
    while last > step * MOST_POSTS:
        step *= 2
    columns = ledger_table.c
    query = select(columns.seq, columns.hash).where(columns.seq % step == 0, columns.seq < last)
    return [(row.seq, row.hash) for row in connection.execute(query.order_by(columns.seq))]


def read_checkpoint(file: Path) -> Checkpoint:
    """A checkpoint from a file: one alone, or the last line of a ledger's export.

    Raises InputError when it isn't one or its signature doesn't hold under the key it names;
    whether that key is the right one is for the caller to say (`Checkpoint.key`).
    """
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - _MAX_FILE_BYTES))
            text = opened.read().decode("utf-8").strip()
        try:
            said = json.loads(text)
        except ValueError:
            said = json.loads(text.rpartition("\n")[2])
        checkpoint = _parse(said.get("checkpoint", said))
    except OSError as error:
        raise InputError("ledger.checkpoint_unreadable", file=file) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError("ledger.checkpoint_unreadable", file=file) from error
    if not _holds(checkpoint):
        raise InputError("ledger.checkpoint_forged", file=file)
    return checkpoint


def _parse(said: Mapping[str, Any]) -> Checkpoint:
    values = {name: said[name] for name in Checkpoint.__slots__}
    values["posts"] = tuple((int(seq), str(line_hash)) for seq, line_hash in said["posts"])
    checkpoint = Checkpoint(**values)
    hashes = [checkpoint.hash, checkpoint.key, *(line_hash for _, line_hash in checkpoint.posts)]
    if checkpoint.format != FORMAT or type(checkpoint.seq) is not int:
        raise ValueError("another format")
    if any(len(bytes.fromhex(value)) != 32 for value in hashes):
        raise ValueError("not hashes")
    return checkpoint


def _holds(checkpoint: Checkpoint) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint.key))
        key.verify(bytes.fromhex(checkpoint.signature), checkpoint.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_key_of(file: Path) -> str:
    """The Ed25519 public key in a PEM file, as hex of its 32 bytes. Raises InputError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        PublicFormat,
        load_pem_public_key,
    )

    try:
        key = load_pem_public_key(file.read_bytes())
    except (OSError, ValueError) as error:
        raise InputError("ledger.not_a_public_key", file=file) from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("ledger.not_a_public_key", file=file)
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
