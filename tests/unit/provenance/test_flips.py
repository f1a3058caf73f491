"""No change to a signed file is believed to say something else (bench/flips.py tries thousands)."""

from __future__ import annotations

import random

import pytest

from danqing.provenance import verify
from support.flips import BELIEVED, changed, claim, count, manifest_span, signed_files
from support.mutations import keys

NAMES = tuple(signed_files())


@pytest.mark.parametrize("name", NAMES)
def test_no_change_is_believed_to_claim_something_else(name: str) -> None:
    states = count(name, 40, seed=20261122)
    assert states["invalid"] + states["unreadable"] > 10


@pytest.mark.parametrize("name", NAMES)
def test_a_change_outside_the_manifest_is_noticed(name: str) -> None:
    data = signed_files()[name]
    start, end = manifest_span(data)
    # Of an MP4, C2PA leaves `ftyp` out of the hash: it holds nothing but the names of formats.
    begin = 32 if name == "mp4" else 0
    outside = [i for i in range(begin, len(data)) if not start <= i < end]
    for at in random.Random(7).sample(outside, min(20, len(outside))):
        other = data[:at] + bytes((data[at] ^ 0x10,)) + data[at + 1 :]
        assert verify(other, keys().root).credential.state not in BELIEVED, at


@pytest.mark.parametrize("name", NAMES)
def test_as_they_are_they_are_trusted(name: str) -> None:
    found = verify(signed_files()[name], keys().root)
    assert found.credential.state == "trusted"
    assert claim(found)


def test_changes_are_changes() -> None:
    data = signed_files()["png"]
    rng = random.Random(1)
    assert sum(changed(data, rng) != data for _ in range(50)) > 45
