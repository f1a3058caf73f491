"""Forwarded headers are believed from trusted networks alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danqing.errors import InputError
from danqing.server.proxies import Origins, read_networks, visitor

TRUSTED = Origins(read_networks(["10.0.0.0/8", "::1/128"]), "cf-ipcountry")


def scope(peer: str | None, **headers: str) -> dict[str, Any]:
    pairs = {"host": "draw.example:8080", **headers}
    return {
        "type": "http",
        "scheme": "http",
        "client": None if peer is None else (peer, 1),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in pairs.items()],
    }


def test_a_stranger_can_claim_nothing() -> None:
    claims = {"x_forwarded_for": "127.0.0.1", "x_forwarded_proto": "https",
              "x_forwarded_host": "evil.example", "cf_ipcountry": "CN"}  # fmt: skip
    seen = visitor(scope("203.0.113.5", **claims), TRUSTED)
    assert seen is not None
    assert (seen.address, seen.scheme, seen.host, seen.region) == (
        "203.0.113.5", "http", "draw.example", None,
    )  # fmt: skip
    assert not seen.proxied
    assert not seen.loopback


def test_a_trusted_proxy_is_believed() -> None:
    claims = {"x_forwarded_for": "198.51.100.7", "x_forwarded_proto": "https",
              "x_forwarded_host": "Draw.Example", "cf_ipcountry": "cn"}  # fmt: skip
    seen = visitor(scope("10.1.2.3", **claims), TRUSTED)
    assert seen is not None
    assert (seen.address, seen.scheme, seen.host, seen.region) == (
        "198.51.100.7", "https", "draw.example", "CN",
    )  # fmt: skip
    assert seen.proxied


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("127.0.0.1, 198.51.100.7", "198.51.100.7"),  # the client wrote the first itself
        ("198.51.100.7, 10.9.9.9", "198.51.100.7"),  # a second proxy of ours
        ("nonsense", "10.1.2.3"),
        ("127.0.0.1, nonsense", "10.1.2.3"),
        ("", "10.1.2.3"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
    ],
)
def test_the_last_untrusted_hop_is_the_client(forwarded: str, address: str) -> None:
    seen = visitor(scope("10.1.2.3", x_forwarded_for=forwarded), TRUSTED)
    assert seen is not None
    assert seen.address == address


@pytest.mark.parametrize(
    "host", ["", "a b", "a/b", "a\tb", "x" * 300, "a:b:c", "[::1", "名.example"]
)
def test_a_host_that_cannot_be_one(host: str) -> None:
    assert visitor(scope("203.0.113.5", host=host), TRUSTED) is None


@given(st.text(alphabet="0123456789.,: abcxyz\t", max_size=80))
def test_no_header_breaks_it(text: str) -> None:
    seen = visitor(scope("10.0.0.1", x_forwarded_for=text, x_forwarded_proto=text), TRUSTED)
    assert seen is not None
    assert seen.scheme in ("http", "https")


def test_a_unix_socket_has_no_address() -> None:
    seen = visitor(scope(None), TRUSTED)
    assert seen is not None
    assert seen.address == "?"
    assert not seen.loopback


def test_what_is_no_network() -> None:
    with pytest.raises(InputError):
        read_networks(["10.0.0.0/99"])
