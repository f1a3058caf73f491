"""Certificates: made as C2PA asks of them, and checked before anything is signed with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from danqing.errors import ProvenanceError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

ROOT_KEY, ROOT_CERT = "root.key.pem", "root.cert.pem"
SIGNER_KEY, SIGNER_CERT = "signer.key.pem", "signer.cert.pem"
ROOT_DAYS, SIGNER_DAYS = 20 * 365, 10 * 365
_BACKDATED = timedelta(days=1)  # a verifier whose clock is behind ours should not refuse us
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


def make(now: datetime, under: tuple[bytes, bytes] | None = None) -> dict[str, bytes]:
    """New keys and certificates, by file name. under: key and certificate of a root in PEM that
    issues the signer; without it there is a new root too."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )
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

    signer_key = ec.generate_private_key(ec.SECP256R1())
    if under is None:
        root_key = ec.generate_private_key(ec.SECP256R1())
        root = (
            certificate("Danqing local root", root_key, ROOT_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage(signs_content=False), critical=True)
            .sign(root_key, hashes.SHA256())
        )
    else:
        issuing = load_pem_private_key(under[0], None)
        if not isinstance(issuing, ec.EllipticCurvePrivateKey):
            raise ValueError("the root's key is not one of ours")
        root_key, root = issuing, x509.load_pem_x509_certificate(under[1])
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
        ROOT_KEY: private(root_key),
        ROOT_CERT: root.public_bytes(Encoding.PEM),
        SIGNER_KEY: private(signer_key),
        SIGNER_CERT: signer.public_bytes(Encoding.PEM),
    }


def check(
    root: bytes, chain: bytes, key: bytes, now: datetime, where: str
) -> tuple[bytes, bytes, str]:
    """(root, chain with it, algorithm) of keys that belong together and are in force, in PEM.

    chain: from the signer towards the root, with or without it. algorithm: what C2PA calls it, e.g.
    `es256`. where: what to call the keys in an error. Raises ProvenanceError otherwise.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate, load_pem_x509_certificates

    try:
        anchor = load_pem_x509_certificate(root)
        certificates = [c for c in load_pem_x509_certificates(chain) if c != anchor] + [anchor]
        for certificate, issuer in pairwise(certificates):
            certificate.verify_directly_issued_by(issuer)
        if not belongs(chain, key):
            raise ValueError("key")
        algorithm = _algorithm(load_pem_private_key(key, None))
    except (ValueError, TypeError, InvalidSignature) as error:
        raise ProvenanceError("provenance.keys_broken", folder=where) from error
    for certificate in certificates:
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            until = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
            raise ProvenanceError("provenance.keys_expired", folder=where, until=until)
    whole = b"".join(c.public_bytes(Encoding.PEM) for c in certificates)
    return anchor.public_bytes(Encoding.PEM), whole, algorithm


def _algorithm(key: object) -> str:
    """What C2PA calls a signature with this key. Raises ValueError for a kind it doesn't take."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= 2048:
        return "ps256"
    raise ValueError("a kind of key C2PA does not sign with")


def belongs(certificate_pem: bytes, key_pem: bytes) -> bool:
    """Whether the key is that of the first certificate."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    try:
        key = load_pem_private_key(key_pem, None)
        return key.public_key() == load_pem_x509_certificate(certificate_pem).public_key()
    except (ValueError, TypeError):
        return False
