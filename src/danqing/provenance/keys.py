"""The keys that sign: a root of the installation's own and, under it, the signer. Made on first
run.

    keys/root.key.pem            P-256 private key of the root; only needed to issue another signer
    keys/root.cert.pem           the trust anchor to hand to whoever should verify
    keys/signer.key.pem          P-256 private key that signs manifests
    keys/signer.cert.pem         its certificate, issued by the root; then any between the two
    keys/retired-1a2b3c4d.cert.pem   a root from before; what it signed is still trusted

Extensions are what C2PA asks of a signing certificate; `emailProtection` is among the usages it
accepts. Without a time stamp (`[labels] timestamp_url`) by an authority whose root is known
(`timestamp_roots`) a signature is only good while its certificate is. `rotation` replaces keys; an
operator's own may be of any kind C2PA signs with.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from danqing.errors import ProvenanceError
from danqing.provenance.certificates import (
    ROOT_CERT,
    ROOT_KEY,
    SIGNER_CERT,
    SIGNER_KEY,
    belongs,
    check,
    make,
)

Clock = Callable[[], datetime]

FILES = (ROOT_KEY, ROOT_CERT, SIGNER_KEY, SIGNER_CERT)
NEEDED = (ROOT_CERT, SIGNER_KEY, SIGNER_CERT)
RETIRED = "retired-{}.cert.pem"
JOURNAL = ".next"
"""A replacement on its way: file name to PEM, or to null for one that goes; whole or not there."""


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """All in PEM. root: the trust anchor. chain: from the signer to the root. signer_key: PKCS #8,
    unencrypted.

    retired: roots from before. algorithm: what C2PA calls it, e.g. `es256`. timestamp_url: an RFC
    3161 authority that stamps each signature. stampers: the roots whose stamps are believed, which
    vouch for no signer.
    """

    root: bytes
    chain: bytes
    signer_key: bytes = field(repr=False)
    retired: bytes = b""
    algorithm: str = "es256"
    timestamp_url: str | None = None
    stampers: bytes = b""

    @property
    def anchors(self) -> bytes:
        """The root and those from before it."""
        return self.root + self.retired

    @classmethod
    def load_or_create(cls, folder: Path, clock: Clock) -> SigningKeys:
        """The keys in `folder`, made there if the folder is missing or empty.

        Making them is all or nothing, whenever the process is killed and however many start at
        once; a replacement that a kill cut short is finished. Raises ProvenanceError for a folder
        that can't be written, and for keys that are incomplete, don't belong together or have run
        out.
        """
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            _create(folder, clock())
        finish_replacement(folder)
        return load(folder, clock())


def trust_anchors(folder: Path) -> bytes | None:
    """The roots in `folder`, present and retired, in PEM; None if it never signed anything.
    Looking makes no keys."""
    try:
        root = (folder / ROOT_CERT).read_bytes()
        return root + _retired(folder)
    except OSError:
        return None


def timestamp_roots(file: Path | None) -> bytes:
    """The certificates in a PEM file; nothing for no file. Raises ProvenanceError for one that
    can't be read or holds none."""
    if file is None:
        return b""
    from cryptography.x509 import load_pem_x509_certificates

    try:
        pem = file.read_bytes()
        load_pem_x509_certificates(pem)
    except (OSError, ValueError) as error:
        raise ProvenanceError("provenance.timestamp_roots", file=str(file)) from error
    return pem


def _retired(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.glob(RETIRED.format("*"))))


def replace_files(folder: Path, content: Mapping[str, bytes | None]) -> None:
    """Puts files in place of those there, all or none, whenever the process is killed. None: the
    file goes. Raises ProvenanceError when the folder can't be written."""
    told = {name: None if pem is None else pem.decode("ascii") for name, pem in content.items()}
    part = folder / f"{JOURNAL}.part"
    try:
        part.unlink(missing_ok=True)
        _write_private(part, json.dumps(told).encode())
        part.rename(folder / JOURNAL)
        _flush_folder(folder)
    except OSError as error:
        raise ProvenanceError("provenance.keys_unwritable", folder=str(folder)) from error
    finish_replacement(folder)


def finish_replacement(folder: Path) -> None:
    """Does what the journal says, as often as it takes; nothing without one."""
    journal = folder / JOURNAL
    try:
        told: dict[str, str | None] = json.loads(journal.read_text("ascii"))
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:
        raise ProvenanceError("provenance.keys_broken", folder=str(folder)) from error
    try:
        for name, pem in told.items():
            if pem is None:
                (folder / name).unlink(missing_ok=True)
                continue
            part = folder / f".{name}.part"
            part.unlink(missing_ok=True)
            _write_private(part, pem.encode("ascii"))
            part.replace(folder / name)
        _flush_folder(folder)
        journal.unlink(missing_ok=True)
        _flush_folder(folder)
    except OSError as error:
        raise ProvenanceError("provenance.keys_unwritable", folder=str(folder)) from error


def _create(folder: Path, now: datetime) -> None:
    """Write all files into a folder beside, then rename it into place."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))  # mode 0700
    except OSError as error:
        raise ProvenanceError("provenance.keys_unwritable", folder=str(folder)) from error
    try:
        for name, pem in make(now).items():
            _write_private(beside / name, pem)
        _flush_folder(beside)
        try:
            beside.rename(folder)
        except OSError:
            # Another process was first: its keys are as good, and whole.
            if not all((folder / name).is_file() for name in FILES):
                raise
        _flush_folder(folder.parent)
    except OSError as error:
        raise ProvenanceError("provenance.keys_unwritable", folder=str(folder)) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _write_private(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder can't be opened, and a rename needs no flush
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def load(folder: Path, now: datetime) -> SigningKeys:
    """Read the files and make sure that they belong together and are in force."""
    pems = {name: _read(folder, name) for name in NEEDED}
    try:
        root_key: bytes | None = (folder / ROOT_KEY).read_bytes()
    except OSError:
        root_key = None  # kept elsewhere; it is needed to rotate, not to sign
    root, chain, algorithm = check(
        pems[ROOT_CERT], pems[SIGNER_CERT], pems[SIGNER_KEY], now, str(folder)
    )
    if root_key is not None and not belongs(pems[ROOT_CERT], root_key):
        raise ProvenanceError("provenance.keys_broken", folder=str(folder))
    return SigningKeys(root, chain, pems[SIGNER_KEY], _retired(folder), algorithm)


def _read(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        code = "keys_missing" if isinstance(error, FileNotFoundError) else "keys_unreadable"
        raise ProvenanceError(f"provenance.{code}", folder=str(folder), file=name) from error
