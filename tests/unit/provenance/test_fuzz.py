"""Readers bear spoilt files: no crash, no second of work (bench/fuzz.py tries many more, and weighs
the memory)."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest

from support.hostile import hostile
from support.mutations import ALLOWED, JSON, Target, mutated, targets

LIMIT_S = 1.0
NAMES = ("PNG", "JPEG", "WebP", "GIF", "SVG", "PDF", "MP4, MOV, M4A", "HEIF (AVIF)", "TIFF",
         "MKV, WebM, FLV", "WAV, AVI", "MP3, FLAC, OGG", "OOXML", "Markdown, text", "XMP", "EXIF",
         "C2PA", "YAML packs", "pictures from outside", "label (writers)")  # fmt: skip
FEWER = {"label (writers)": 60, "YAML packs": 100, "pictures from outside": 150}


def attempt(target: Target, data: bytes) -> None:
    """The quicker of two tries counts: what hangs hangs twice, a pause to collect garbage comes once."""
    if seconds(target, data) >= LIMIT_S:
        assert seconds(target, data) < LIMIT_S


def seconds(target: Target, data: bytes) -> float:
    start = time.thread_time()
    with suppress(*ALLOWED):
        target.read(data)
    return time.thread_time() - start


def test_no_reader_is_left_out() -> None:
    assert tuple(targets()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_spoilt_files(name: str) -> None:
    target, rng = targets()[name], random.Random(f"20261122 {name}")
    for data in target.seeds:
        with suppress(*ALLOWED):
            target.read(data)  # libraries load
    for _ in range(FEWER.get(name, 250)):
        attempt(target, mutated(rng.choice(target.seeds), rng.choice(target.seeds), rng))


@pytest.mark.parametrize("title", list(hostile()))
def test_hostile_files(title: str) -> None:
    name, make = hostile()[title]
    target = targets()[name]
    with suppress(*ALLOWED):
        target.read(target.seeds[0])
    attempt(target, make())


def test_mutations_do_reach_the_readers() -> None:
    """Were they all thrown away at the first byte, nothing would be tested."""
    target, rng = targets()["PNG"], random.Random(3)
    seen = [target.read(mutated(target.seeds[0], target.seeds[1], rng)) for _ in range(60)]
    assert sum(found.media_type == "image/png" for found in seen) > 40  # type: ignore[attr-defined]
    assert len({found.credential.state for found in seen}) > 1  # type: ignore[attr-defined]
    assert JSON
