"""The secret that the watermark is spread with. Whoever has it can find the mark, and forge it.

    keys/watermark.key     32 random bytes as hex, made on first use, readable by its owner alone

All that the mark needs is derived from it: payloads by HMAC-SHA-256, signs by SHAKE-256. Pictures
stay readable only as long as the key is kept; `danqing backup` takes it along.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import shake_256
from pathlib import Path

import numpy as np
import numpy.typing as npt

from danqing.errors import ProvenanceError

KEY_BYTES = 32
FILE = "watermark.key"


@dataclass(frozen=True, slots=True)
class WatermarkKey:
    """secret: 32 bytes."""

    secret: bytes = field(repr=False)

    @classmethod
    def load_or_create(
        cls, folder: Path, entropy: Callable[[int], bytes] = os.urandom
    ) -> WatermarkKey:
        """The key in `folder`, made there if it is missing, whole or not at all.

        Raises ProvenanceError for a folder that can't be written or a key that is damaged: another
        key would find none of the marks made so far.
        """
        file = folder / FILE
        if not file.exists():
            _create(folder, entropy(KEY_BYTES))
        return cls._load(file)

    @classmethod
    def load(cls, folder: Path) -> WatermarkKey | None:
        """The key in `folder`, or None where nothing was ever marked. Raises ProvenanceError."""
        return cls._load(folder / FILE) if (folder / FILE).exists() else None

    @classmethod
    def _load(cls, file: Path) -> WatermarkKey:
        try:
            secret = bytes.fromhex(file.read_text("ascii"))
        except (OSError, ValueError) as error:
            raise ProvenanceError("provenance.watermark_key_damaged", file=str(file)) from error
        if len(secret) != KEY_BYTES:
            raise ProvenanceError("provenance.watermark_key_damaged", file=str(file))
        return cls(secret)

    def payload_of(self, artwork_id: str) -> int:
        """The 32 bits a file of this id carries; two ids may share them."""
        return int.from_bytes(self._derive("payload", artwork_id)[:4], "big")

    def offset_of(self, artwork_id: str, side: int) -> tuple[int, int]:
        """Where the tile begins in a file of this id: (rows, columns), each below `side`."""
        derived = self._derive("offset", artwork_id)
        return (
            int.from_bytes(derived[:4], "big") % side,
            int.from_bytes(derived[4:8], "big") % side,
        )

    def signs(self, purpose: str, count: int) -> npt.NDArray[np.int8]:
        """(count,) of ±1 that nobody without the key can tell from coin tosses."""
        stream = shake_256(self.secret + purpose.encode()).digest(-(-count // 8))
        bits = np.unpackbits(np.frombuffer(stream, np.uint8))[:count]
        return (1 - 2 * bits.astype(np.int8)).astype(np.int8)

    def _derive(self, purpose: str, subject: str) -> bytes:
        return hmac.digest(self.secret, f"{purpose}\0{subject}".encode(), "sha256")


def _create(folder: Path, secret: bytes) -> None:
    """Writes a file beside, then links it: of several that start at once, the first one's stays."""
    part = folder / f".{FILE}.{os.urandom(6).hex()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secret.hex().encode())
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(part, folder / FILE)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ProvenanceError("provenance.keys_unwritable", folder=str(folder)) from error
