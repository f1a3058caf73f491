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


@pytest.mark.parametrize(
    "header",
    ["forwarded", "x_forwarded_for", "x_forwarded_host", "x_forwarded_proto", "x_real_ip", "via"],
)
def test_what_an_unnamed_proxy_passes_on_is_not_of_this_machine(header: str) -> None:
    """A proxy beside the server connects from here, and whoever it serves is anywhere."""
    alone, passed_on = visitor(scope("127.0.0.1"), TRUSTED), None
    for said in ("127.0.0.1", ""):
        passed_on = visitor(scope("127.0.0.1", **{header: said}), TRUSTED)
        assert passed_on is not None
        assert not passed_on.loopback
    assert alone is not None
    assert alone.loopback


def test_a_named_proxy_says_who_is_at_this_machine() -> None:
    named = Origins(read_networks(["127.0.0.1/32"]))
    for address in ("127.0.0.1", "198.51.100.7"):
        seen = visitor(scope("127.0.0.1", x_forwarded_for=address), named)
        assert seen is not None
        assert seen.loopback == (address == "127.0.0.1")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "::ffff:198.51.100.7"),
    ],
)
def test_limits_count_an_ipv6_network_as_one(address: str, network: str) -> None:
    seen = visitor(scope(address), TRUSTED)
    assert seen is not None
    assert seen.network == network


def test_a_unix_socket_has_no_address() -> None:
    seen = visitor(scope(None), TRUSTED)
    assert seen is not None
    assert seen.address == "?"
    assert not seen.loopback


def test_what_is_no_network() -> None:
    with pytest.raises(InputError):
        read_networks(["10.0.0.0/99"])
