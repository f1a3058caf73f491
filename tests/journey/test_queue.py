"""The queue and money from the command line, as an operator uses them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from danqing.identity import identify
from danqing.jobs import Queue, Worker
from danqing.services import build
from danqing.settings import Settings
from support import queueing
from support.running import Run


@pytest.fixture
def waiting(home: Path) -> str:
    """A job that waits in this home."""
    with build(Settings(home)) as services:
        what = queueing.request(pictures=2)
        identified = identify(
            what, services.person, batch_id=services.new_id(), clock=services.clock
        )
        return Queue(services).submit(identified).id


def drawn(home: Path) -> None:
    with build(Settings(home)) as services:
        Worker(services, Queue(services), engines=("test-card",)).work_once()


def test_an_operator_sees_pauses_and_cancels(run: Run, waiting: str) -> None:
    listed = run("queue", "list", "--json").document
    assert [job["id"] for job in listed["jobs"]] == [waiting]
    assert listed["engines"][0]["waiting_pictures"] == 2
    shown = run("queue", "show", waiting.lower(), "--json").document
    assert (shown["state"], shown["place"], shown["wait_s"]) == ("queued", 1, None)
    assert "排在第 1 位" in run("queue", "show", waiting, lang="zh_CN.UTF-8").out
    assert run("queue", "pause", "test-card", "--for", "30", "--note", "maintenance").code == 0
    assert "paused until" in run("queue", "list").out
    assert "open again" in run("queue", "resume", "test-card").out
    assert "wasn't shut" in run("queue", "resume", "test-card").out
    assert "cancelled" in run("queue", "cancel", waiting).out
    assert run("queue", "list").out.strip() == "No such jobs."
    again = run("queue", "list", "--state", "cancelled", "--json").document
    assert [job["state"] for job in again["jobs"]] == ["cancelled"]


def test_a_tier_and_a_region_are_slowed_and_closed(run: Run) -> None:
    assert run("queue", "slow", "group", "guest", "--per-minute", "10").code == 0
    assert run("queue", "close", "region", "AQ", "--for", "60").code == 0
    gates = run("queue", "list", "--json").document["gates"]
    assert [(g["kind"], g["name"], g["state"], g["per_minute"]) for g in gates] == [
        ("group", "guest", "slowed", 10),
        ("region", "AQ", "closed", None),
    ]
    assert run("queue", "open", "region", "AQ").code == 0
    assert run("queue", "close", "door", "AQ").code == 2
    for kind, name in (("region", "nowhere"), ("group", "guests"), ("engine", "minni")):
        wrong = run("queue", "close", kind, name, "--json")
        assert (wrong.code, wrong.document["error"]["code"]) == (2, f"queue.unknown_{kind}")
    assert run("queue", "slow", "group", "gueest", "--per-minute", "3").code == 2
    assert run("queue", "pause", "minni").code == 2
    run("queue", "close", "region", "*")
    assert run("queue", "open", "region", "AQ").code == 0
    listed = run("queue", "list").out
    assert "region * is closed" in listed
    assert "region AQ is open, though * is shut." in listed
    assert run("queue", "show", "01").code == 3
    assert run("queue", "list", "--state", "asleep").code == 2


def test_money_from_a_price_to_a_report(run: Run, home: Path, waiting: str, desk: Path) -> None:
    drawn(home)  # before there was a price: free
    assert run("money", "price", "test-card", "--picture", "5").code == 0
    assert "CNY 0.05" in run("money", "price").out
    (code,) = run("money", "codes", "1", "--value", "1000", "--json").document["codes"]
    assert run("money", "redeem", code.lower(), "--json").document["balance_minor"] == 1000
    assert run("money", "redeem", code).code == 2
    assert run("money", "balance", "--json").document["pictures_in_24_hours"] == 2
    assert "balances" in run("money", "check").out
    used = run("usage", "--csv", "used.csv", "--json").document
    assert [(line["pictures"], line["charged_minor"]) for line in used["usage"]] == [(2, 0)]
    (row,) = csv.DictReader((desk / "used.csv").read_text("utf-8").splitlines())
    assert row["engine"] == "test-card"
    assert run("usage", "--since", "2999-01-01").out.strip().startswith("Nothing was drawn")
    assert run("usage", "--since", "yesterday").code == 2
    shown = run("queue", "show", waiting, "--json").document
    assert (shown["state"], shown["charged_minor"]) == ("done", 0)


def test_groups_are_set_and_joined(run: Run) -> None:
    names = [group["name"] for group in run("money", "groups", "--json").document["groups"]]
    assert names == ["guest", "local", "member"]
    ran = run("money", "group", "studio", "--weight", "4", "--per-day", "none", "--json")
    assert (ran.document["weight"], ran.document["person_pictures_per_day"]) == (4, None)
    changed = run("money", "group", "studio", "--price-percent", "80", "--json").document
    assert (changed["weight"], changed["price_percent"]) == (4, 80)
    assert run("money", "group", "studio", "--weight", "0").code == 2
    me = run("money", "balance", "--json").document["person_id"]
    assert run("money", "join", me, "studio").code == 0
    assert run("money", "join", me, "nowhere").code == 3
    assert run("money", "quota", me, "--per-day", "5").code == 0
    assert run("money", "pay", me, "500", "INV-1", "--json").document["booked"]
    assert not run("money", "pay", me, "500", "INV-1", "--json").document["booked"]
    assert run("money", "pay", me, "501", "OUT-1", "--back").code == 17
