from __future__ import annotations

import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import (
    AuthorityKeyIdentifier,
    BasicConstraints,
    ExtendedKeyUsage,
    KeyUsage,
    SubjectKeyIdentifier,
    load_pem_x509_certificates,
)
from cryptography.x509.oid import ExtendedKeyUsageOID

from danqing.errors import ProvenanceError
from danqing.provenance import SigningKeys
from danqing.provenance.keys import FILES, NEEDED

NOW = datetime(2026, 8, 1, tzinfo=UTC)
MAKE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import cryptography.x509
from danqing.provenance.keys import SigningKeys
print("ready", flush=True)
keys = SigningKeys.load_or_create(Path(sys.argv[1]), lambda: datetime(2026, 8, 1, tzinfo=UTC))
print(keys.root.hex())
"""


def test_made_once_and_the_same_ever_after(tmp_path: Path) -> None:
    first = SigningKeys.load_or_create(tmp_path / "home/keys", lambda: NOW)
    again = SigningKeys.load_or_create(tmp_path / "home/keys", lambda: NOW + timedelta(days=999))
    assert first == again
    assert sorted(p.name for p in (tmp_path / "home").iterdir()) == ["keys"]
    assert sorted(p.name for p in (tmp_path / "home/keys").iterdir()) == sorted(FILES)


def test_an_empty_folder_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    assert SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW).root


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, two = (SigningKeys.load_or_create(tmp_path / name, lambda: NOW) for name in "ab")
    assert one.root != two.root
    assert one.signer_key != two.signer_key


def test_nobody_else_may_read_them_and_no_one_sees_the_key_in_a_log(tmp_path: Path) -> None:
    keys = SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW)
    for path in (tmp_path / "keys").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert "PRIVATE KEY" not in repr(keys)


def test_the_certificates_are_as_c2pa_asks(tmp_path: Path) -> None:
    keys = SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW)
    signer, root = load_pem_x509_certificates(keys.chain)
    assert load_pem_x509_certificates(keys.root) == [root]
    for certificate in (signer, root):
        public = certificate.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        assert public.curve.name == "secp256r1"
        assert certificate.not_valid_before_utc < NOW
    authority, leaf = root.extensions, signer.extensions
    assert authority.get_extension_for_class(BasicConstraints).value.ca
    assert authority.get_extension_for_class(KeyUsage).value.key_cert_sign
    constraints = leaf.get_extension_for_class(BasicConstraints)
    assert constraints.critical
    assert not constraints.value.ca
    usage = leaf.get_extension_for_class(KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    purposes = leaf.get_extension_for_class(ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.EMAIL_PROTECTION]
    identifier = authority.get_extension_for_class(SubjectKeyIdentifier).value.digest
    issuer = leaf.get_extension_for_class(AuthorityKeyIdentifier).value.key_identifier
    assert issuer == identifier


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_part_is_named_and_not_made_anew(tmp_path: Path, name: str) -> None:
    SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW)
    (tmp_path / "keys" / name).unlink()
    with pytest.raises(ProvenanceError) as caught:
        SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW)
    assert caught.value.code == "provenance.keys_missing"
    assert caught.value.facts["file"] == name
    assert not (tmp_path / "keys" / name).exists()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_broken_part_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW)
    (tmp_path / "keys" / name).write_bytes(content)
    with pytest.raises(ProvenanceError) as caught:
        SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW)
    assert caught.value.code == "provenance.keys_broken"


@pytest.mark.parametrize("name", FILES)
def test_parts_of_two_installations_do_not_mix(tmp_path: Path, name: str) -> None:
    for folder in "ab":
        SigningKeys.load_or_create(tmp_path / folder, lambda: NOW)
    (tmp_path / "a" / name).write_bytes((tmp_path / "b" / name).read_bytes())
    with pytest.raises(ProvenanceError) as caught:
        SigningKeys.load_or_create(tmp_path / "a", lambda: NOW)
    assert caught.value.code == "provenance.keys_broken"


@pytest.mark.parametrize("days", [-400, 3_651])
def test_outside_their_term_they_do_not_sign(tmp_path: Path, days: int) -> None:
    SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW)
    with pytest.raises(ProvenanceError) as caught:
        SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW + timedelta(days=days))
    assert caught.value.code == "provenance.keys_expired"


def test_a_place_that_can_not_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProvenanceError) as caught:
        SigningKeys.load_or_create(tmp_path / "file/keys", lambda: NOW)
    assert caught.value.code == "provenance.keys_unwritable"


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("in the way")
    with pytest.raises(ProvenanceError) as caught:
        SigningKeys.load_or_create(tmp_path / "keys", lambda: NOW)
    assert caught.value.code == "provenance.keys_unreadable"


def test_several_first_runs_at_once_end_with_the_same_keys(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MAKE, str(tmp_path / "keys")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    outputs = [process.communicate(timeout=300)[0].split()[-1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4
    assert len(set(outputs)) == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["keys"]


def first_run(folder: Path, kill_after_s: float | None) -> float:
    """Seconds a first run took from its imports on; killed after so many of them, if any."""
    command = [sys.executable, "-c", MAKE, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        start = time.perf_counter()
        if kill_after_s is not None:
            time.sleep(kill_after_s)
            process.kill()
        process.stdout.read()
    return time.perf_counter() - start


def test_a_kill_leaves_all_keys_or_none(tmp_path: Path) -> None:
    whole_s = first_run(tmp_path / "whole", None)
    for step in range(12):
        folder = tmp_path / f"keys-{step}"
        first_run(folder, whole_s * (step + 1) / 12)
        assert not folder.exists() or sorted(p.name for p in folder.iterdir()) == sorted(FILES)
        assert SigningKeys.load_or_create(folder, lambda: NOW).root
