"""Who is really asking, behind proxies: forwarded headers are believed from trusted networks alone.

A header that anybody can set decides nothing. Only when the connection itself comes from a network in
`trusted_proxies` are `X-Forwarded-For`, `-Proto`, `-Host` and the region header read; the client is
then the last address in `X-Forwarded-For` that is not one of the trusted ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.types import Scope

from danqing.errors import InputError
from danqing.jobs.regions import REGIONS

if TYPE_CHECKING:
    from danqing.server.regions import RegionTable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?", re.ASCII)
_MOST_HOPS = 16
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip",
              "via")  # fmt: skip
"""What proxies add of their own accord. A client may make them up, and gets less by it, not more."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Which proxies are trusted, which header of theirs names the region, and the table that does
    where none of them has."""

    networks: tuple[Network, ...] = ()
    region_header: str | None = None
    regions: RegionTable | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """address: of whoever asks, as text; `?` where there is none (a unix socket). scheme: `http` or
    `https`. host: as the Host header has it, lower case, without the port. region: one of
    `jobs.regions.REGIONS`, None when nobody said. proxied: it came through a trusted proxy.
    passed_on: through one that nobody named, so that the address is the proxy's own."""

    address: str
    scheme: str
    host: str
    authority: str
    region: str | None = None
    proxied: bool = False
    passed_on: bool = False

    @property
    def loopback(self) -> bool:
        """Whether it comes from this very machine."""
        parsed = _parsed(self.address)
        return parsed is not None and parsed.is_loopback and not self.passed_on

    @property
    def network(self) -> str:
        """What limits count: the address, of an IPv6 one the 2⁶⁴ that are handed out together."""
        parsed = _parsed(self.address)
        if isinstance(parsed, IPv6Address):
            return str(IPv6Network((int(parsed), 64), strict=False))
        return self.address


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """`10.0.0.0/8`, `::1`. Raises InputError for what isn't a network."""
    found = []
    for text in texts:
        try:
            found.append(ip_network(text.strip(), strict=False))
        except ValueError as problem:
            raise InputError("server.not_a_network", value=text) from problem
    return tuple(found)


def visitor(scope: Scope, origins: Origins) -> Visitor | None:
    """Who asks. None when the Host header, or the forwarded one, can't be one."""
    headers = Headers(scope=scope)
    peer = scope["client"][0] if scope.get("client") else "?"
    address, scheme, authority = peer, str(scope["scheme"]), headers.get("host", "")
    region = None
    trusted = _trusted(peer, origins)
    if trusted:
        address = _client(headers.getlist("x-forwarded-for"), peer, origins)
        forwarded = _last(headers.get("x-forwarded-proto", ""))
        scheme = forwarded if forwarded in ("http", "https") else scheme
        authority = _last(headers.get("x-forwarded-host", "")) or authority
        if origins.region_header:
            region = _region(headers.get(origins.region_header, "").strip().upper())
    if region is None and origins.regions is not None and (parsed := _parsed(address)):
        region = _region(origins.regions.region_of(parsed))
    if not _HOST.fullmatch(authority):
        return None
    authority = authority.lower()
    passed_on = not trusted and any(name in headers for name in _PASSED_ON)
    host = _without_port(authority)
    return Visitor(address, scheme, host, authority, region, trusted, passed_on)


def _region(said: str | None) -> str | None:
    """None for what is no region: `XX`, `ZZ`, `T1` and the like stand for one that nobody knows."""
    return said if said in REGIONS else None


def _client(forwarded: list[str], peer: str, origins: Origins) -> str:
    """From the right, the first address that isn't a trusted proxy's: what stands further left was
    written by whoever asks."""
    hops = [hop.strip() for line in forwarded for hop in line.split(",")][-_MOST_HOPS:]
    found = peer
    for hop in reversed(hops):
        parsed = _parsed(hop)
        if parsed is None:
            break
        found = str(parsed)
        if not _trusted(found, origins):
            break
    return found


def _trusted(address: str, origins: Origins) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in origins.networks)


def _parsed(text: str) -> Address | None:
    try:
        parsed = ip_address(text.strip("[]"))
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return mapped or parsed


def _last(value: str) -> str:
    return value.rsplit(",", 1)[-1].strip()


def _without_port(authority: str) -> str:
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]
