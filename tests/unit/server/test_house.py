"""From when on everybody has to sign in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from danqing.server.house import NOBODY_FOR_S, House
from danqing.services import Services, build
from danqing.settings import Settings


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def house(tmp_path: Path, now: list[float]) -> Iterator[House]:
    made = House(Settings(tmp_path), seconds=lambda: now[0])
    yield made
    made.services.close()


def add_owner(services: Services) -> None:
    owner = replace(services.person, role="owner")
    services.register.accounts.add(
        "owner", by=owner, role="owner", password="一年之计在于春，一日之计在于晨"
    )


def test_at_once_after_an_account_this_process_made(house: House) -> None:
    assert not house.has_accounts()
    add_owner(house.services)
    assert house.has_accounts()


def test_a_moment_after_one_another_process_made(
    house: House, now: list[float], tmp_path: Path
) -> None:
    assert not house.has_accounts()
    with build(Settings(tmp_path)) as another:
        add_owner(another)
    now[0] += NOBODY_FOR_S
    assert house.has_accounts()


def test_nobody_is_looked_for_at_every_request(
    house: House, now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[float] = []
    monkeypatch.setattr(house.accounts, "exist", lambda: looks.append(now[0]) or False)
    for step in range(100):
        now[0] = step * NOBODY_FOR_S / 25
        assert not house.has_accounts()
    assert len(looks) == 4
