"""What the server signs with: its own key, refused when it is a placeholder from some example."""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from danqing.errors import InputError

SHORTEST_SECRET, FEWEST_CHARACTERS = 32, 10
_PLACEHOLDERS = (
    "changethis", "changeme", "change-me", "change_me", "placeholder", "yoursecret", "your-secret",
    "your_secret", "example", "password", "secret", "danqing", "0123456789", "abcdefgh",
)  # fmt: skip


class Signer:
    """Signs short texts for one purpose at a time, so that a signature for a link is none for a
    session. key: 32 random bytes, or the operator's own text."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, purpose: str, text: str) -> str:
        """43 characters that fit into a URL."""
        digest = hmac.new(self._key, f"{purpose}\0{text}".encode(), sha256).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    def is_signed(self, purpose: str, text: str, signature: str) -> bool:
        return hmac.compare_digest(self.sign(purpose, text).encode(), signature.encode())


def check_secret(secret: str) -> None:
    """Raises InputError for a secret that is too short, too plain, or came out of an example."""
    plain = secret.lower()
    if (
        len(secret) < SHORTEST_SECRET
        or len(set(secret)) < FEWEST_CHARACTERS
        or any(word in plain for word in _PLACEHOLDERS)
    ):
        raise InputError("server.placeholder_secret", shortest=SHORTEST_SECRET)


def signer_for(
    home: Path, secret: str | None, entropy: Callable[[int], bytes] = os.urandom
) -> Signer:
    """The signer of a home: with the operator's secret, else with a key made there on the first
    start, readable by its owner alone. Several servers on one database share a secret.

    Raises InputError for a placeholder, StoreError.
    """
    if secret is not None:
        check_secret(secret)
        return Signer(secret.encode())
    from danqing.db.faults import file_errors
    from danqing.db.files import link_new, make_folder, write_whole

    file = home / "keys" / "sessions.key"
    with file_errors(file):
        if not file.exists():
            make_folder(file.parent, 0o700)
            part = file.with_name(f".{file.name}.{entropy(6).hex()}.part")
            write_whole(part, entropy(32).hex().encode(), 0o600)
            named = link_new(part, file)
            part.unlink(missing_ok=True)
            if named != file:  # another start was first; its key is ours
                named.unlink()
        text = file.read_text("ascii").strip()
    check_secret(text)
    return Signer(bytes.fromhex(text))
