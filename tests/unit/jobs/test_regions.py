"""The list of regions."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from danqing.jobs.regions import REGIONS, UNKNOWN

SYSTEMS = Path("/usr/share/zoneinfo/iso3166.tab")


def test_regions_are_those_of_iso_3166_and_one_more() -> None:
    assert len(REGIONS) == 249 + 1
    assert all(re.fullmatch("[A-Z]{2}", region) for region in REGIONS)
    assert {"CN", "TW", "HK", "AQ", "XK"} <= REGIONS
    assert not {"XX", "UK", "EU", UNKNOWN} & REGIONS


@pytest.mark.skipif(not SYSTEMS.exists(), reason="no list of the system's own to compare with")
def test_the_system_knows_the_same() -> None:
    lines = SYSTEMS.read_text("utf-8").splitlines()
    assert {line[:2] for line in lines if line[:1] not in ("", "#")} | {"XK"} == REGIONS
