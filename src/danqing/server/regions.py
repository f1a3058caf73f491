"""Which region an address is in, by a table on the disk: nobody is asked over the network.

A row is `first,last,REGION`, both addresses included, in any order of rows: the form of the free country
tables of DB-IP and others. IPv6 is told apart by its first 64 bits, as finely as networks are allotted.
"""

from __future__ import annotations

import csv
import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING

import numpy as np

from danqing.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_REGION = re.compile(r"[A-Z]{2}", re.ASCII)
_UNKNOWN = "ZZ"  # what such tables write where they don't know


@dataclass(frozen=True, slots=True)
class _Ranges:
    """Sorted, and apart from each other. firsts, lasts: uint64 (N,). regions: two-letter text (N,)."""

    firsts: np.ndarray
    lasts: np.ndarray
    regions: np.ndarray

    def find(self, number: int) -> str | None:
        place = int(np.searchsorted(self.firsts, np.uint64(number), side="right")) - 1
        if place < 0 or number > int(self.lasts[place]):
            return None
        return str(self.regions[place])


class RegionTable:
    """Safe to share between threads."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """rows: (first, last, region). Raises ValueError for one that isn't so, or two that overlap."""
        parts: dict[int, list[tuple[int, int, str]]] = {4: [], 6: []}
        for first, last, region in rows:
            version, low = _number(first)
            same, high = _number(last)
            if version != same or low > high or not _REGION.fullmatch(region):
                raise ValueError(f"{first},{last},{region}")
            if region != _UNKNOWN:
                parts[version].append((low, high, region))
        self._four, self._six = _ranges(parts[4], apart=1), _ranges(parts[6], apart=0)

    def region_of(self, address: IPv4Address | IPv6Address) -> str | None:
        """ISO 3166-1 alpha-2; None where the table doesn't say."""
        if isinstance(address, IPv4Address):
            return self._four.find(int(address))
        return self._six.find(int(address) >> 64)


def read_regions(file: Path) -> RegionTable:
    """The table in a CSV file; further columns are left alone. Raises InputError."""
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            return RegionTable((row[0], row[1], row[2].upper()) for row in csv.reader(lines) if row)
    except (OSError, ValueError, IndexError, csv.Error) as problem:
        raise InputError("server.bad_region_table", file=file, reason=problem) from problem


def _number(text: str) -> tuple[int, int]:
    """(4 or 6, the address as a number). By the socket module: ten times as fast as ipaddress, for
    tables of half a million rows."""
    try:
        if ":" in text:
            return 6, int.from_bytes(socket.inet_pton(socket.AF_INET6, text)[:8], "big")
        return 4, int.from_bytes(socket.inet_pton(socket.AF_INET, text), "big")
    except OSError as problem:
        raise ValueError(text) from problem


def _ranges(rows: list[tuple[int, int, str]], *, apart: int) -> _Ranges:
    """apart: how far a row has to begin after the end of the one before. 0 where both may be within
    one number, which is then either's."""
    rows.sort()
    firsts = np.array([row[0] for row in rows], dtype=np.uint64)
    lasts = np.array([row[1] for row in rows], dtype=np.uint64)
    if (over := np.flatnonzero(firsts[1:] < lasts[:-1] + np.uint64(apart))).size:
        raise ValueError(f"{rows[int(over[0])]}, {rows[int(over[0]) + 1]}")
    return _Ranges(firsts, lasts, np.array([row[2] for row in rows], dtype="U2"))
