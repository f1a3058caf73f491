"""The keys that personal data are encrypted with. They are never in the database.

    {"current": "k3f9…", "index": "<64 hex digits>",
     "keys": {"k3f9…": {"key": "<64 hex digits>", "made_at": "2026-11-23T…Z"}}}

One file, `keys/people.json` in the home folder, or wherever settings say. Each box in the database
names the key it was made with, so that several can be in use while one takes over from another. The
index key makes equal numbers findable without being readable; it stays the same.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from danqing.db.faults import file_errors
from danqing.db.files import make_folder, sync_folder, write_whole
from danqing.db.times import utc_text
from danqing.errors import KeyLost

KEY_BYTES = 32
_MAX_FILE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Keyring:
    """current: the id of the key new boxes are made with. keys: id → 32 bytes. index: 32 bytes.
    made_at: id → when, as `db.times.utc_text`."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)
    made_at: Mapping[str, str]

    def key(self, key_id: str) -> bytes:
        """Raises KeyLost for a key that isn't there."""
        if key_id not in self.keys:
            raise KeyLost("identity.key_lost", key=key_id)
        return self.keys[key_id]


class KeyFile:
    """Where the keyring is kept. place: a path, or `env:NAME`; environ: where NAME is looked up."""

    def __init__(self, place: Path | str, environ: Mapping[str, str] = os.environ) -> None:
        self._place = place
        self._environ = environ

    @property
    def path(self) -> Path | None:
        """The file; None for a variable, which can't be written to."""
        text = str(self._place)
        return None if text.startswith("env:") else Path(text.removeprefix("file:"))

    def load(self) -> Keyring | None:
        """The keyring, or None where there is none yet. Raises KeyLost for one that is damaged."""
        if self.path is None:
            text = self._environ.get(str(self._place).removeprefix("env:"))
        else:
            try:
                with self.path.open("rb") as file:
                    text = file.read(_MAX_FILE_BYTES).decode("utf-8")
            except FileNotFoundError:
                text = None
            except (OSError, ValueError) as problem:
                raise KeyLost("identity.keys_unreadable", place=self._place) from problem
        if text is None:
            return None
        try:
            return _parse(text)
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise KeyLost("identity.keys_unreadable", place=self._place) from problem

    def set_aside(self, now: datetime) -> None:
        """Renames a file that can't be read, so that a new one can take its place."""
        if self.path is not None and self.path.exists():
            with file_errors(self.path):
                os.replace(self.path, self.path.with_name(f"{self.path.name}.{now:%Y%m%d%H%M%S}"))

    def save(self, keyring: Keyring) -> None:
        """Replaces the file in one step: whole, or as it was. Raises StoreError; KeyLost for a
        variable, which its operator has to change."""
        path = self.path
        if path is None:
            raise KeyLost("identity.keys_not_ours", place=self._place)
        with file_errors(path):
            make_folder(path.parent, 0o700)
            part = path.with_name(f".{path.name}.{os.urandom(6).hex()}.part")
            write_whole(part, _text(keyring).encode(), 0o600)
            os.replace(part, path)
            sync_folder(path.parent)


def new_keyring(entropy: Callable[[int], bytes], now: datetime) -> Keyring:
    """A keyring with one key."""
    empty = Keyring("", {}, entropy(KEY_BYTES), {})
    return with_new_key(empty, entropy, now)


def with_new_key(keyring: Keyring, entropy: Callable[[int], bytes], now: datetime) -> Keyring:
    """The keyring with one more key, which is the current one from here on."""
    key_id = f"k{entropy(6).hex()}"
    keys = {**keyring.keys, key_id: entropy(KEY_BYTES)}
    return Keyring(key_id, keys, keyring.index, {**keyring.made_at, key_id: utc_text(now)})


def with_only(keyring: Keyring, needed: Collection[str]) -> Keyring:
    """The keyring with its current key and those of `needed` alone."""
    kept = {*needed, keyring.current}
    keys = {key_id: key for key_id, key in keyring.keys.items() if key_id in kept}
    made_at = {key_id: at for key_id, at in keyring.made_at.items() if key_id in kept}
    return Keyring(keyring.current, keys, keyring.index, made_at)


def _text(keyring: Keyring) -> str:
    keys = {
        key_id: {"key": key.hex(), "made_at": keyring.made_at[key_id]}
        for key_id, key in keyring.keys.items()
    }
    document = {"current": keyring.current, "index": keyring.index.hex(), "keys": keys}
    return json.dumps(document, indent=2) + "\n"


def _parse(text: str) -> Keyring:
    document = json.loads(text)
    keys = {key_id: _key(entry["key"]) for key_id, entry in document["keys"].items()}
    made_at = {key_id: str(entry["made_at"]) for key_id, entry in document["keys"].items()}
    current = document["current"]
    if current not in keys:
        raise ValueError("no current key")
    return Keyring(current, keys, _key(document["index"]), made_at)


def _key(text: str) -> bytes:
    key = bytes.fromhex(text)
    if len(key) != KEY_BYTES:
        raise ValueError("a key of another length")
    return key
