"""Other keys in place of those there: a new signer under the same root, or an operator's own.

Roots that go are kept as anchors, so that what was signed under them stays trusted here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

from danqing.errors import ProvenanceError
from danqing.provenance.aigc import first_label
from danqing.provenance.certificates import (
    ROOT_CERT,
    ROOT_KEY,
    SIGNER_CERT,
    SIGNER_KEY,
    check,
    make,
)
from danqing.provenance.keys import (
    RETIRED,
    Clock,
    SigningKeys,
    finish_replacement,
    load,
    replace_files,
)
from danqing.provenance.manifest import created, definition, generator
from danqing.provenance.signing import read_credential, sign
from danqing.provenance.xmp import TRAINED, Statement


@dataclass(frozen=True, slots=True)
class Certificate:
    """One of the certificates in use. sha256: of it in DER, as hex. until: the end of its term."""

    role: str
    subject: str
    sha256: str
    until: datetime


def certificates(folder: Path, clock: Clock) -> tuple[Certificate, ...]:
    """What `folder` signs with and trusts: signer, those between, root, roots from before. Raises
    ProvenanceError as SigningKeys.load_or_create does, but makes nothing."""
    keys = load(folder, clock())
    chain = _described(keys.chain)
    roles = ["signer", *["intermediate"] * (len(chain) - 2), "root"]
    retired = [replace(c, role="retired") for c in _described(keys.retired)]
    told = [replace(c, role=role) for c, role in zip(chain, roles, strict=True)]
    return (*told, *retired)


def rotate(folder: Path, clock: Clock) -> SigningKeys:
    """A new signer under the root that is there. Files signed before stay trusted.

    Raises ProvenanceError when the root's key is kept elsewhere, or isn't one of ours.
    """
    finish_replacement(folder)
    load(folder, clock())
    try:
        under = (folder / ROOT_KEY).read_bytes(), (folder / ROOT_CERT).read_bytes()
        made = make(clock(), under)
    except (OSError, ValueError) as error:
        raise ProvenanceError("provenance.keys_no_root_key", folder=str(folder)) from error
    replace_files(folder, {name: made[name] for name in (SIGNER_KEY, SIGNER_CERT)})
    return load(folder, clock())


def use(folder: Path, *, root: bytes, chain: bytes, key: bytes, clock: Clock) -> SigningKeys:
    """An operator's own keys in place of ours, all in PEM. chain: the signer's certificate, then
    any between it and the root. key: the signer's, unencrypted.

    A trial file is signed and read back first. The root from before becomes an anchor among others;
    its private key goes. Raises ProvenanceError for keys that don't belong together, are not in
    force, or that C2PA does not accept for signing.
    """
    SigningKeys.load_or_create(folder, clock)
    anchor, whole, algorithm = check(root, chain, key, clock(), "--chain, --key, --root")
    wanted = SigningKeys(anchor, whole, key, algorithm=algorithm)
    _try(wanted, clock())
    files: dict[str, bytes | None] = {
        ROOT_KEY: None,
        ROOT_CERT: wanted.root,
        SIGNER_CERT: wanted.chain.removesuffix(wanted.root),
        SIGNER_KEY: wanted.signer_key,
    }
    before = (folder / ROOT_CERT).read_bytes()
    if before != wanted.root:
        files[RETIRED.format(hashlib.sha256(before).hexdigest()[:8])] = before
    replace_files(folder, files)
    return load(folder, clock())


def _try(keys: SigningKeys, now: datetime) -> None:
    """Sign one pixel and see whether the signature is trusted."""
    from PIL import Image

    file = BytesIO()
    Image.new("L", (1, 1)).save(file, "PNG")
    statement = Statement(first_label("Danqing", "trial"), TRAINED, generator())
    manifest = definition(statement, (created(statement, now),))
    signed = sign(file.getvalue(), "image/png", manifest, keys)
    found = read_credential(signed, "image/png", keys.root)
    if found.state != "trusted":
        raise ProvenanceError("provenance.sign", reason=", ".join(found.problems))


def _described(pem: bytes) -> list[Certificate]:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509 import load_pem_x509_certificates

    if not pem:
        return []
    return [
        Certificate(
            "", c.subject.rfc4514_string(), c.fingerprint(SHA256()).hex(), c.not_valid_after_utc
        )
        for c in load_pem_x509_certificates(pem)
    ]
