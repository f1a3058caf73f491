"""Processor seconds of pictures that overlap add up to what was spent."""

from __future__ import annotations

import pytest

from danqing.engines.mini.meter import Meter


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("danqing.engines.mini.meter.time.process_time", lambda: now[0])
    return now


def test_what_two_are_in_work_for_is_shared(clock: list[float]) -> None:
    m = Meter()
    m.begin(0)
    clock[0] = 4.0
    m.begin(1)  # the first one is still being developed
    clock[0] = 10.0
    assert m.end(0) == 4 + 6 / 2
    clock[0] = 11.0
    assert m.end(1) == 6 / 2 + 1


def test_time_nobody_is_in_work_for_is_nobodys(clock: list[float]) -> None:
    m = Meter()
    clock[0] = 5.0
    m.begin(0)
    clock[0] = 6.0
    with m.stopped():
        clock[0] = 100.0
    clock[0] = 101.0
    assert m.end(0) == 2
