"""Signatures stamped by an RFC 3161 authority nobody here wrote (OpenSSL's), judged by OpenSSL too."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from danqing.errors import ProvenanceError
from danqing.provenance import Credential, Labeller, SigningKeys, WatermarkKey, verify
from danqing.provenance.certificates import SIGNER_DAYS
from independent.label_reader import c2pa_report
from support.pictures import ARTWORK_ID, cleared, gradient
from support.timestamping import OPENSSL, Authority, authority

pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl is not installed")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with authority(tmp_path_factory.mktemp("office")) as running:
        yield running


@pytest.fixture
def honest(office: Authority) -> Authority:
    office.answer = None
    return office


def now() -> datetime:
    return datetime.now(UTC)


def draw(keys: SigningKeys, url: str | None) -> bytes:
    labeller = Labeller(
        replace(keys, timestamp_url=url), "Danqing", now, WatermarkKey(bytes(range(32)))
    )
    return labeller.label(
        cleared(gradient(128, 96)), artwork_id=ARTWORK_ID, media_format="png"
    ).data


def seen(data: bytes, keys: SigningKeys, stampers: bytes = b"") -> Credential:
    return verify(data, keys.anchors, stampers).credential


def test_the_stamp_is_sound_and_its_time_is_told(honest: Authority, keys: SigningKeys) -> None:
    before = now().replace(microsecond=0)
    data = draw(keys, honest.url)
    assert honest.bears_out(honest.requests[-1], honest.replies[-1])
    credential = seen(data, keys, honest.root)
    assert credential.state == "trusted"
    assert credential.stamp is not None
    assert credential.stamp.trusted
    assert before <= datetime.fromisoformat(credential.stamp.at) <= now()
    signature = c2pa_report(data, "image/png", keys.root)
    manifest = signature["manifests"][signature["active_manifest"]]
    assert manifest["signature_info"]["time"] == credential.stamp.at


def test_an_authority_nobody_named_proves_no_time(honest: Authority, keys: SigningKeys) -> None:
    credential = seen(draw(keys, honest.url), keys)
    assert credential.state == "trusted"
    assert credential.stamp is not None
    assert not credential.stamp.trusted


def test_without_an_authority_there_is_no_time(keys: SigningKeys) -> None:
    assert seen(draw(keys, None), keys).stamp is None


def test_a_stamped_signature_outlasts_its_certificate(honest: Authority, tmp_path: Path) -> None:
    ends = now() + timedelta(seconds=6)
    keys = SigningKeys.load_or_create(tmp_path / "keys", lambda: ends - timedelta(SIGNER_DAYS))
    stamped, plain = draw(keys, honest.url), draw(keys, None)
    assert seen(plain, keys).state == seen(stamped, keys).state == "trusted"
    time.sleep(max(0.0, (ends - now()).total_seconds()) + 1.1)
    assert seen(stamped, keys, honest.root).state == "trusted"
    for forgotten in (seen(plain, keys, honest.root), seen(stamped, keys)):
        assert forgotten.state == "invalid"
        assert "signingCredential.expired" in forgotten.problems


def test_a_stampers_root_vouches_for_no_signer(keys: SigningKeys, tmp_path: Path) -> None:
    stranger = SigningKeys.load_or_create(tmp_path / "other", now)
    data = draw(stranger, None)
    assert verify(data, keys.anchors).credential.state == "valid"
    assert verify(data, keys.anchors, stranger.root).credential.state == "valid"
    assert verify(data, stranger.root, keys.root).credential.state == "trusted"


def unreachable(_: bytes) -> bytes:
    raise ConnectionError


def rejection(_: bytes) -> bytes:
    """TimeStampResp ::= { status { rejection (2) } }, RFC 3161, 2.4.2."""
    return bytes.fromhex("30053003020102")


def garbage(_: bytes) -> bytes:
    return b"<html>It works!</html>"


@pytest.mark.parametrize("answer", [unreachable, rejection, garbage])
def test_no_stamp_no_file(
    honest: Authority, keys: SigningKeys, answer: Callable[[bytes], bytes]
) -> None:
    honest.answer = answer
    refused(keys, honest.url)


def test_a_stamp_for_another_nonce_is_refused(honest: Authority, keys: SigningKeys) -> None:
    def other_nonce(request: bytes) -> bytes:
        changed = bytearray(request)
        changed[-5] ^= 1  # the nonce stands before `certReq`
        return honest.stamp(bytes(changed))

    honest.answer = other_nonce
    assert "nonce" in refused(keys, honest.url)
    assert not honest.bears_out(honest.requests[-1], honest.replies[-1])


def test_a_stamp_of_another_signature_is_refused(honest: Authority, keys: SigningKeys) -> None:
    draw(keys, honest.url)
    old = honest.replies[-1]
    honest.answer = lambda _: old
    refused(keys, honest.url)


def test_an_authority_that_has_gone_is_named(keys: SigningKeys) -> None:
    assert "127.0.0.1" in refused(keys, "http://127.0.0.1:9/tsa")


def refused(keys: SigningKeys, url: str) -> str:
    with pytest.raises(ProvenanceError) as caught:
        draw(keys, url)
    assert caught.value.code == "provenance.timestamp"
    return json.dumps(caught.value.facts)


def test_a_stamp_cut_out_of_another_file_is_none(honest: Authority, keys: SigningKeys) -> None:
    data = bytearray(draw(keys, honest.url))
    token = honest.replies[-1]
    imprint = token.find(honest.requests[-1][9:41])  # a piece that the token repeats
    at = bytes(data).find(token[imprint : imprint + 24]) if imprint > 0 else -1
    assert at > 0
    data[at] ^= 1
    credential = seen(bytes(data), keys, honest.root)
    assert credential.stamp is None or credential.state == "invalid"
    assert io.BytesIO(bytes(data)).read(4) == b"\x89PNG"
