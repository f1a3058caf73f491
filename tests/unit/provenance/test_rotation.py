"""Keys replaced: by a new signer under the same root, by an operator's own; at any moment killed."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from danqing.errors import ProvenanceError
from danqing.provenance import Labeller, SigningKeys, verify
from danqing.provenance.keys import JOURNAL, finish_replacement, trust_anchors
from danqing.provenance.rotation import certificates, rotate, use
from support.pictures import ARTWORK_ID, WATERMARK, WHEN, cleared, gradient


def now() -> datetime:
    return datetime.now(UTC)


def labelled(keys: SigningKeys) -> bytes:
    labeller = Labeller(keys, "Danqing", lambda: WHEN, WATERMARK)
    return labeller.label(cleared(gradient(80, 64)), artwork_id=ARTWORK_ID, media_format="png").data


def state(data: bytes, folder: Path) -> str:
    return verify(data, trust_anchors(folder)).credential.state


def pem(key: Any) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class Authority:
    """A root, and an intermediate under it, as an operator would buy a certificate from."""

    def __init__(self) -> None:
        self.root_key = ec.generate_private_key(ec.SECP384R1())
        self.between_key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._certificate("Root CA", self.root_key, None, None, ca=1)
        self.between = self._certificate(
            "Issuing CA", self.between_key, self.root, self.root_key, ca=0
        )

    def issue(self, key: Any, *, days: int = 90, usage: bool = True) -> x509.Certificate:
        return self._certificate("Studio", key, self.between, self.between_key, None, days, usage)

    def _certificate(
        self, name: str, key: Any, issuer: x509.Certificate | None, issuing: Any,
        ca: int | None, days: int = 365, usage: bool = True,
    ) -> x509.Certificate:  # fmt: skip
        subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Operator"),
                             x509.NameAttribute(NameOID.COMMON_NAME, name)])  # fmt: skip
        signs = ca is None
        issuing = issuing or key
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if issuer is None else issuer.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - timedelta(days=2))
            .not_valid_after(now() + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=not signs, path_length=ca), critical=True)
            .add_extension(
                x509.KeyUsage(
                    signs, False, False, False, False, not signs, not signs, False, False
                ),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing.public_key()), False
            )
        )
        if signs and usage:
            purposes = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
            builder = builder.add_extension(purposes, False)
        return builder.sign(issuing, hashes.SHA256())


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def bring(authority: Authority, key: Any, **issued: Any) -> dict[str, bytes]:
    leaf = authority.issue(key, **issued)
    chain = leaf.public_bytes(Encoding.PEM) + authority.between.public_bytes(Encoding.PEM)
    return {"root": authority.root.public_bytes(Encoding.PEM), "chain": chain, "key": pem(key)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    SigningKeys.load_or_create(tmp_path / "keys", now)
    return tmp_path / "keys"


def test_a_new_signer_under_the_same_root(folder: Path) -> None:
    before = SigningKeys.load_or_create(folder, now)
    old = labelled(before)
    after = rotate(folder, now)
    assert after.root == before.root
    assert after.signer_key != before.signer_key
    assert SigningKeys.load_or_create(folder, now) == after
    assert (state(old, folder), state(labelled(after), folder)) == ("trusted", "trusted")


def test_without_the_roots_key_there_is_signing_but_no_rotation(folder: Path) -> None:
    (folder / "root.key.pem").unlink()
    assert state(labelled(SigningKeys.load_or_create(folder, now)), folder) == "trusted"
    with pytest.raises(ProvenanceError) as caught:
        rotate(folder, now)
    assert caught.value.code == "provenance.keys_no_root_key"


KINDS: dict[str, Callable[[], Any]] = {
    "es256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "es384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "es512": lambda: ec.generate_private_key(ec.SECP521R1()),
    "ps256": lambda: rsa.generate_private_key(65537, 2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_operators_own_keys(folder: Path, authority: Authority, kind: str) -> None:
    old = labelled(SigningKeys.load_or_create(folder, now))
    keys = use(folder, **bring(authority, KINDS[kind]()), clock=now)
    assert keys.algorithm == kind
    new = labelled(keys)
    found = verify(new, authority.root.public_bytes(Encoding.PEM))
    assert (found.credential.state, found.credential.signer) == ("trusted", "Studio")
    assert (state(old, folder), state(new, folder)) == ("trusted", "trusted")
    assert not (folder / "root.key.pem").exists()
    roles = [certificate.role for certificate in certificates(folder, now)]
    assert roles == ["signer", "intermediate", "root", "retired"]
    assert SigningKeys.load_or_create(folder, now) == keys


def test_two_operators_roots_one_after_the_other(folder: Path) -> None:
    files = []
    for _ in range(2):
        keys = use(folder, **bring(Authority(), KINDS["es256"]()), clock=now)
        files.append(labelled(keys))
    assert [state(data, folder) for data in files] == ["trusted", "trusted"]
    assert len(list(folder.glob("retired-*.cert.pem"))) == 2


def test_what_c2pa_would_not_accept_is_refused_before_anything_changes(
    folder: Path, authority: Authority
) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    good = bring(authority, KINDS["es256"]())
    bad = [
        {**good, "key": pem(KINDS["es256"]())},
        {**good, "root": Authority().root.public_bytes(Encoding.PEM)},
        {**good, "chain": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"},
        {**good, "key": b""},
        bring(authority, KINDS["es256"](), usage=False),
        bring(authority, KINDS["es256"](), days=-1),
        bring(authority, rsa.generate_private_key(65537, 1024)),
    ]
    for brought in bad:
        with pytest.raises(ProvenanceError):
            use(folder, **brought, clock=now)
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_killed_at_any_step_the_next_start_finishes_or_never_began(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rename and removal on the way fails once, as a kill would have it."""
    old = labelled(SigningKeys.load_or_create(folder, now))
    for step in range(12):
        left = step

        def counted(real: Callable[..., Any]) -> Callable[..., Any]:
            def run(*args: Any, **kwargs: Any) -> Any:
                nonlocal left
                left -= 1
                if left < 0:
                    raise KeyboardInterrupt
                return real(*args, **kwargs)

            return run

        with monkeypatch.context() as patched:
            for name in ("rename", "replace", "unlink"):
                patched.setattr(Path, name, counted(getattr(Path, name)))
            with suppress(KeyboardInterrupt):
                rotate(folder, now)
        keys = SigningKeys.load_or_create(folder, now)
        assert not (folder / JOURNAL).exists()
        assert state(labelled(keys), folder) == state(old, folder) == "trusted"


def test_a_damaged_journal_stops_everything(folder: Path) -> None:
    (folder / JOURNAL).write_text("{")
    with pytest.raises(ProvenanceError) as caught:
        SigningKeys.load_or_create(folder, now)
    assert caught.value.code == "provenance.keys_broken"
    (folder / JOURNAL).write_text(json.dumps({}))
    finish_replacement(folder)
    assert SigningKeys.load_or_create(folder, now).root


def test_no_anchors_where_nothing_was_ever_signed(tmp_path: Path) -> None:
    assert trust_anchors(tmp_path / "nowhere") is None


def test_a_time_stamp_authority_that_is_not_there_means_no_file(folder: Path) -> None:
    keys = replace(SigningKeys.load_or_create(folder, now), timestamp_url="http://127.0.0.1:9/tsa")
    with pytest.raises(ProvenanceError) as caught:
        labelled(keys)
    assert caught.value.code == "provenance.timestamp"
