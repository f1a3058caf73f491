"""Regions by a table of addresses."""

from __future__ import annotations

from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danqing.errors import InputError
from danqing.server.proxies import Origins, read_networks, visitor
from danqing.server.regions import RegionTable, read_regions

TABLE = """"192.0.2.0","192.0.2.127","FR","more","columns"
198.51.100.0,198.51.100.255,zz
192.0.2.128,192.0.2.255,de

2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,JP
2001:db8:1::,2001:db8:1::ffff,KR
2001:db8:1::1:0,2001:db8:1:0:ffff:ffff:ffff:ffff,CN
"""


@pytest.fixture
def table(tmp_path: Path) -> RegionTable:
    (tmp_path / "regions.csv").write_text(TABLE, "utf-8")
    return read_regions(tmp_path / "regions.csv")


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("192.0.2.0", "FR"), ("192.0.2.127", "FR"), ("192.0.2.128", "DE"), ("192.0.2.255", "DE"),
        ("192.0.3.0", None), ("192.0.1.255", None), ("0.0.0.0", None), ("255.255.255.255", None),
        ("198.51.100.7", None),  # the table doesn't know
        ("2001:db8::1", "JP"), ("2001:db8:2::", None), ("::", None),
    ],
)  # fmt: skip
def test_an_address_is_in_its_range_or_in_none(
    table: RegionTable, address: str, region: str | None
) -> None:
    assert table.region_of(ip_address(address)) == region


def test_networks_smaller_than_half_an_ipv6_address_are_one(table: RegionTable) -> None:
    assert table.region_of(ip_address("2001:db8:1::5")) in ("KR", "CN")


@given(
    st.lists(st.integers(1, 2**32 - 2), min_size=2, max_size=40, unique=True),
    st.lists(st.integers(0, 2**32 - 1), max_size=20),
)
def test_it_finds_what_a_slow_search_finds(bounds: list[int], asked: list[int]) -> None:
    bounds.sort()
    ranges = [(low, high - 1, f"{chr(65 + i % 26)}A")
              for i, (low, high) in enumerate(pairwise(bounds)) if i % 3]  # fmt: skip
    found = RegionTable((str(ip_address(a)), str(ip_address(b)), r) for a, b, r in ranges)
    for number in (*asked, *bounds, *(b - 1 for b in bounds)):
        slow = next((r for a, b, r in ranges if a <= number <= b), None)
        assert found.region_of(ip_address(number)) == slow


@pytest.mark.parametrize(
    "text",
    ["192.0.2.0,192.0.2.255", "a,b,FR", "192.0.2.9,192.0.2.1,FR", "192.0.2.0,2001:db8::,FR",
     "192.0.2.0,192.0.2.255,FRA", "192.0.2.0,192.0.2.9,FR\n192.0.2.9,192.0.2.99,DE", "\x00"],
)  # fmt: skip
def test_what_is_no_table_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "regions.csv").write_text(text, "utf-8")
    with pytest.raises(InputError, match="bad_region_table"):
        read_regions(tmp_path / "regions.csv")
    with pytest.raises(InputError, match="bad_region_table"):
        read_regions(tmp_path / "none.csv")


def test_a_proxys_word_goes_before_the_table(table: RegionTable) -> None:
    origins = Origins(read_networks(["10.0.0.0/8"]), "cf-ipcountry", table)

    def region(peer: str, **headers: str) -> str | None:
        pairs = {"host": "draw.example", **headers}
        seen = visitor(
            {"type": "http", "scheme": "http", "client": (peer, 1),
             "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in pairs.items()]},
            origins,
        )  # fmt: skip
        assert seen is not None
        return seen.region

    assert region("192.0.2.1") == "FR"
    assert region("192.0.2.1", cf_ipcountry="CN") == "FR"  # nobody we trust says so
    assert region("10.0.0.1", x_forwarded_for="192.0.2.200") == "DE"
    assert region("10.0.0.1", x_forwarded_for="192.0.2.200", cf_ipcountry="CN") == "CN"
    assert region("10.0.0.1", x_forwarded_for="192.0.2.200", cf_ipcountry="T1") == "DE"
    assert region("203.0.113.1") is None
