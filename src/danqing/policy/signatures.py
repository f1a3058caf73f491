"""Signing a rule pack, and checking that a pack is the one its maker signed (Ed25519, RFC 8032).

The signature stands beside the pack in `PACK.sig`, a small JSON document; what is signed is that
document without `signature`, as canonical JSON: name, version, SHA-256 of the file, key and time. It says
who vouches for a file, not that its rules are good ones.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from danqing.db.files import make_folder, write_whole
from danqing.db.times import utc_text, utc_time
from danqing.errors import PolicyError
from danqing.request.canonical import canonical_json

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

    from danqing.policy.types import PackVersion

FORMAT = "danqing-signature/1"
MAX_SIGNATURE_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed which pack. key_id: the first 16 hex digits of the SHA-256 of the public key."""

    pack: str
    version: str
    sha256: str
    key_id: str
    signed_at: datetime


def signature_file(pack: Path) -> Path:
    """Where a pack's signature is looked for."""
    return pack.with_name(f"{pack.name}.sig")


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """The key in this folder, made on first use; `public.pem` beside it is what others need.

    Raises PolicyError when it can't be read.
    """
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    file = folder / "private.pem"
    if file.exists():
        key = form.load_pem_private_key(_bytes_of(file), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise PolicyError("policy.key_unreadable", file=file)
        return key
    key = Ed25519PrivateKey.generate()
    make_folder(folder, 0o700)
    pem = form.Encoding.PEM
    private = key.private_bytes(pem, form.PrivateFormat.PKCS8, form.NoEncryption())
    public = key.public_key().public_bytes(pem, form.PublicFormat.SubjectPublicKeyInfo)
    write_whole(folder / "public.pem", public)
    write_whole(file, private)
    file.chmod(0o600)
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    """A public key from a PEM file. Raises PolicyError."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(_bytes_of(file))
    except ValueError:
        raise PolicyError("policy.key_unreadable", file=file) from None
    if not isinstance(key, Ed25519PublicKey):
        raise PolicyError("policy.key_unreadable", file=file)
    return key


def key_id(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]


def sign(version: PackVersion, key: Ed25519PrivateKey, now: datetime) -> bytes:
    """The bytes of a pack's signature file."""
    told = _told(
        Signature(version.name, version.version, version.sha256, key_id(key.public_key()), now)
    )
    signature = base64.b64encode(key.sign(canonical_json(told).encode())).decode()
    return (json.dumps({**told, "signature": signature}, indent=2) + "\n").encode()


def verify(
    version: PackVersion, data: bytes, trusted: Sequence[Ed25519PublicKey], file: str
) -> Signature:
    """The signature, when one of the trusted keys made it for this very file.

    Raises PolicyError: `signature_malformed`, `signature_other` (another file's), `signature_unknown`
    (no trusted key's), `signature_false`.
    """
    from cryptography.exceptions import InvalidSignature

    try:
        told = json.loads(data)
        written = told.pop("signature")
        proof = base64.b64decode(written, validate=True)
        found = Signature(
            told["pack"],
            told["version"],
            told["sha256"],
            told["key_id"],
            utc_time(told["signed_at"]),
        )
        # Base64 leaves bits over that decode to nothing: one signature, one way to write it.
        known = told == _told(found) and written == base64.b64encode(proof).decode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PolicyError("policy.signature_malformed", file=file) from None
    if not known:
        raise PolicyError("policy.signature_malformed", file=file)
    if (found.pack, found.version, found.sha256) != (
        version.name,
        version.version,
        version.sha256,
    ):
        raise PolicyError("policy.signature_other", file=file)
    keys = {key_id(key): key for key in trusted}
    if found.key_id not in keys:
        raise PolicyError("policy.signature_unknown", file=file, key=found.key_id)
    try:
        keys[found.key_id].verify(proof, canonical_json(told).encode())
    except InvalidSignature:
        raise PolicyError("policy.signature_false", file=file) from None
    return found


def read_signature(pack: Path) -> bytes:
    """The bytes beside a pack. Raises PolicyError when there are none."""
    file = signature_file(pack)
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_SIGNATURE_BYTES + 1)[: MAX_SIGNATURE_BYTES + 1]
    except OSError:
        raise PolicyError("policy.signature_missing", file=pack) from None


def _told(signature: Signature) -> dict[str, str]:
    return {"format": FORMAT, **asdict(signature), "signed_at": utc_text(signature.signed_at)}


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        raise PolicyError("policy.key_unreadable", file=file) from None
