"""The keys that sign: a root of the installation's own and, under it, the signer. Made on first
run.

    keys/root.key.pem     P-256 private key of the root; only needed to issue another signer
    keys/root.cert.pem    the trust anchor to hand to whoever should verify
    keys/signer.key.pem   P-256 private key that signs manifests
    keys/signer.cert.pem  its certificate, issued by the root

Extensions are what C2PA asks of a signing certificate; `emailProtection` is among
the usages it accepts. No time-stamp authority is used, so a signature is only good while its
certificate is.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from danqing.errors import ProvenanceError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate

Clock = Callable[[], datetime]

ROOT_DAYS, SIGNER_DAYS = 20 * 365, 10 * 365
_BACKDATED = timedelta(days=1)  # a verifier whose clock is behind ours should not refuse us
_ROOT_KEY, _ROOT_CERT = "root.key.pem", "root.cert.pem"
_SIGNER_KEY, _SIGNER_CERT = "signer.key.pem", "signer.cert.pem"
FILES = (_ROOT_KEY, _ROOT_CERT, _SIGNER_KEY, _SIGNER_CERT)


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """All in PEM. root: the trust anchor. chain: signer, then root. signer_key: PKCS #8,
    unencrypted."""

    root: bytes
    chain: bytes
    signer_key: bytes = field(repr=False)

    @classmethod
    def load_or_create(cls, folder: Path, clock: Clock) -> SigningKeys:
        """The keys in `folder`, made there if the folder is missing or empty.

        Making them is all or nothing, whenever the process is killed and however many start at
        once. Raises ProvenanceError for a folder that can't be written, and for keys that are
        incomplete, don't belong together or have run out.
        """
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            _create(folder, clock())
        return _load(folder, clock())


def _create(folder: Path, now: datetime) -> None:
    """Write all files into a folder beside, then rename it into place."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))  # mode 0700
    except OSError as error:
        raise ProvenanceError("provenance.keys_unwritable", folder=str(folder)) from error
    try:
        for name, pem in _make(now).items():
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


def _make(now: datetime) -> dict[str, bytes]:
    """New keys and certificates, by file name."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    def name(common_name: str) -> x509.Name:
        organization = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Danqing")
        return x509.Name([organization, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])

    def certificate(
        subject: str, key: EllipticCurvePrivateKey, days: int
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Danqing local root"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _BACKDATED)
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        )

    def usage(*, signs_content: bool) -> x509.KeyUsage:
        return x509.KeyUsage(
            digital_signature=signs_content,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=not signs_content,
            crl_sign=not signs_content,
            encipher_only=False,
            decipher_only=False,
        )

    root_key = ec.generate_private_key(ec.SECP256R1())
    signer_key = ec.generate_private_key(ec.SECP256R1())
    root = (
        certificate("Danqing local root", root_key, ROOT_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(signs_content=False), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    signer = (
        certificate("Danqing local signer", signer_key, SIGNER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(signs_content=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), False
        )
        .sign(root_key, hashes.SHA256())
    )

    def private(key: EllipticCurvePrivateKey) -> bytes:
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    return {
        _ROOT_KEY: private(root_key),
        _ROOT_CERT: root.public_bytes(Encoding.PEM),
        _SIGNER_KEY: private(signer_key),
        _SIGNER_CERT: signer.public_bytes(Encoding.PEM),
    }


def _load(folder: Path, now: datetime) -> SigningKeys:
    """Read the files and make sure that they belong together and are in force."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.x509 import load_pem_x509_certificate

    pems = {}
    for name in FILES:
        try:
            pems[name] = (folder / name).read_bytes()
        except OSError as error:
            code = "keys_missing" if isinstance(error, FileNotFoundError) else "keys_unreadable"
            raise ProvenanceError(f"provenance.{code}", folder=str(folder), file=name) from error
    try:
        root = load_pem_x509_certificate(pems[_ROOT_CERT])
        signer = load_pem_x509_certificate(pems[_SIGNER_CERT])
        signer.verify_directly_issued_by(root)
        for certificate, key in ((root, _ROOT_KEY), (signer, _SIGNER_KEY)):
            if not _belongs(certificate, pems[key]):
                raise ValueError(key)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise ProvenanceError("provenance.keys_broken", folder=str(folder)) from error
    for certificate in (root, signer):
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            until = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
            raise ProvenanceError("provenance.keys_expired", folder=str(folder), until=until)
    return SigningKeys(
        root=pems[_ROOT_CERT],
        chain=pems[_SIGNER_CERT] + pems[_ROOT_CERT],
        signer_key=pems[_SIGNER_KEY],
    )


def _belongs(certificate: Certificate, key_pem: bytes) -> bool:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    return load_pem_private_key(key_pem, None).public_key() == certificate.public_key()
