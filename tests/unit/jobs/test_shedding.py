"""Who is sent away, with what answer, and when they may come again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from danqing.billing import Billing, Group, Quota
from danqing.db.times import utc_text
from danqing.errors import Busy, Closed, InputError, QuotaReached
from danqing.jobs import Origin, Queue, Worker, WorkerSeen, estimates, gates, rows
from danqing.messages import say
from danqing.services import Services
from danqing.settings import QueueSettings
from support import queueing
from support.queueing import Clock, ledger_of

S_PER_PICTURE = 10


def measured(made: Services) -> None:
    """As if the engine took ten seconds a picture, and one worker served it."""
    now = made.clock()
    with made.store.database.write() as connection:
        estimates.note_speed(connection, "test-card", 1, S_PER_PICTURE * 1000, 5_000)
        seen = WorkerSeen("W", ("test-card",), now, now, 0)
        estimates.say_hello(connection, seen)


def test_who_would_wait_too_long_is_told_when_to_come_again(tmp_path: Path, clock: Clock) -> None:
    limits = QueueSettings(longest_wait_s=60)
    with queueing.services(tmp_path / "home", clock=clock, queue=limits) as made:
        queue = Queue(made)
        measured(made)
        for _ in range(7):  # the seventh waits for six: a minute, which is still allowed
            queue.submit(queueing.asked(made))
        refused = queueing.asked(made)
        with pytest.raises(Busy, match=r"queue\.busy") as busy:
            queue.submit(refused)
        assert busy.value.retry_after_s == S_PER_PICTURE
        assert ledger_of(made, refused.batch_id) == []  # it never came in
        # Come again then, with one picture drawn meanwhile, and there is room.
        Worker(made, queue, engines=("test-card",))._claim()
        clock.move(S_PER_PICTURE)
        with made.store.database.write() as connection:
            connection.exec_driver_sql(
                "UPDATE jobs SET state = 'done', lease_until = NULL WHERE state = 'running'"
            )
        queue.submit(queueing.asked(made))
        # Somebody else's line is short: it is the one who fills it that is sent away.
        somebody = queueing.person(made)
        assert queue.submit(queueing.asked(made, somebody)).state == "queued"


def test_an_estimate_follows_from_what_was_measured(made: Services, queue: Queue) -> None:
    first = queue.submit(queueing.asked(made, what=queueing.request(pictures=2)))
    standing = queue.look(first.id).standing
    assert standing is not None
    assert (standing.place, standing.wait_s, standing.remaining_s) == (1, None, None)
    measured(made)
    second = queue.submit(queueing.asked(made))
    standing = queue.look(second.id).standing
    assert standing is not None
    assert (standing.place, standing.wait_s, standing.remaining_s) == (2, 20.0, 30.0)
    queue.shut("engine", "test-card", "paused")
    standing = queue.look(second.id).standing
    assert standing is not None
    assert (standing.place, standing.wait_s) == (2, None)


def test_a_full_line_takes_nobody(tmp_path: Path, clock: Clock) -> None:
    limits = QueueSettings(most_waiting=2)
    with queueing.services(tmp_path / "home", clock=clock, queue=limits) as made:
        queue = Queue(made)
        queue.submit(queueing.asked(made))
        queue.submit(queueing.asked(made))
        with pytest.raises(Busy, match=r"queue\.full"):
            queue.submit(queueing.asked(made))


def test_a_paused_engines_jobs_wait_and_go_on(
    made: Services, queue: Queue, worker: Worker, clock: Clock
) -> None:
    job = queue.submit(queueing.asked(made))
    queue.shut("engine", "test-card", "paused")
    assert worker.work_once() == 0
    assert queue.open("engine", "test-card")
    assert not queue.open("engine", "test-card")
    queue.shut("engine", "*", "paused", until=made.clock() + timedelta(minutes=5))
    assert worker.work_once() == 0
    clock.move(301)
    assert queue.overview().gates == ()
    assert worker.work_once() == 1
    assert queue.look(job.id).job.state == "done"


def test_a_closed_region_gets_a_kind_answer_and_others_go_on(made: Services, queue: Queue) -> None:
    until = made.clock() + timedelta(minutes=10)
    gate = queue.shut("region", "AQ", "closed", until=until, note="too many")
    assert queue.overview().gates == (gate,)
    with pytest.raises(Closed, match=r"queue\.closed_region") as closed:
        queue.submit(queueing.asked(made), Origin(region="AQ"))
    assert closed.value.http_status == 503
    assert closed.value.retry_after_s == pytest.approx(600, abs=1)
    assert "抱歉" in say(closed.value.code, "zh-Hans", **closed.value.facts)
    assert "sorry" in say(closed.value.code, "en", **closed.value.facts)
    for region in ("FR", None):
        assert queue.submit(queueing.asked(made), Origin(region=region)).state == "queued"
    queue.shut("group", "guest", "closed")
    with pytest.raises(Closed, match=r"queue\.closed_group") as closed:
        queue.submit(queueing.asked(made), Origin(group="guest"))
    assert closed.value.retry_after_s is None
    queue.shut("engine", "test-card", "closed")
    with pytest.raises(Closed, match=r"queue\.closed_engine"):
        queue.submit(queueing.asked(made))


def test_a_slowed_tier_gets_so_many_a_minute(made: Services, queue: Queue, clock: Clock) -> None:
    guests = Origin(group="guest")
    queue.shut("group", "guest", "slowed", per_minute=2)
    queue.submit(queueing.asked(made), guests)
    clock.move(20)
    queue.submit(queueing.asked(made), guests)
    with pytest.raises(Busy, match=r"queue\.slowed_group") as busy:
        queue.submit(queueing.asked(made), guests)
    assert busy.value.retry_after_s == 40
    assert queue.submit(queueing.asked(made)).state == "queued"
    clock.move(40)
    assert queue.submit(queueing.asked(made), guests).state == "queued"


@pytest.mark.parametrize(
    ("kind", "name", "state", "per_minute"),
    [
        ("region", "AQ", "paused", None),
        ("engine", "mini", "slowed", 3),
        ("group", "guest", "slowed", None),
        ("group", "guest", "closed", 3),
    ],
)
def test_what_cannot_be_shut(
    made: Services, queue: Queue, kind: str, name: str, state: str, per_minute: int | None
) -> None:
    with pytest.raises(InputError, match=r"queue\.gate"):
        queue.shut(kind, name, state, per_minute=per_minute)  # type: ignore[arg-type]
    with made.store.database.read() as connection:
        assert gates.all_shut(connection, utc_text(made.clock())) == ()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("region", "aq"), ("region", "XX"), ("region", "Atlantis"), ("region", ""),
        ("group", "guests"), ("engine", "min"), ("engine", "test-card "),
    ],
)  # fmt: skip
def test_a_name_that_stands_for_nothing_is_refused_with_what_there_is(
    queue: Queue, kind: Any, name: str
) -> None:
    known = {"region": "ZZ", "group": "guest, local, member", "engine": "mini, test-card"}[kind]
    for try_it in (lambda: queue.shut(kind, name, "closed"), lambda: queue.open(kind, name)):
        with pytest.raises(InputError, match=rf"queue\.unknown_{kind}") as wrong:
            try_it()
        for language in ("en", "zh-Hans", "zh-Hant"):
            assert known in say(wrong.value.code, language, **wrong.value.facts)
    assert queue.overview().gates == ()


def test_an_engine_that_only_a_worker_elsewhere_has_can_be_shut(
    made: Services, queue: Queue
) -> None:
    with pytest.raises(InputError, match=r"queue\.unknown_engine"):
        queue.shut("engine", "far-away", "paused")
    now = made.clock()
    with made.store.database.write() as connection:
        estimates.say_hello(connection, WorkerSeen("W", ("far-away",), now, now, 0))
    queue.shut("engine", "far-away", "paused")
    with made.store.database.write() as connection:
        estimates.say_goodbye(connection, "W")
    assert queue.open("engine", "far-away")  # gone, and can be opened still


def test_a_region_nobody_knows_is_closed_with_all_and_by_a_name_of_its_own(
    made: Services, queue: Queue
) -> None:
    somebody = queueing.person(made)

    def ask(region: str | None) -> str:
        return queue.submit(queueing.asked(made, somebody), Origin(region=region)).state

    queue.shut("region", "*", "closed")
    for region, code in (("FR", "closed_region"), (None, "closed_unknown_region")):
        with pytest.raises(Closed, match=rf"queue\.{code} "):
            ask(region)
    assert queue.submit(queueing.asked(made)).state == "queued"  # whoever is at the machine itself
    assert queue.open("region", "ZZ")
    assert not queue.open("region", "ZZ")
    assert ask(None) == "queued"
    with pytest.raises(Closed, match=r"queue\.closed_region"):
        ask("FR")
    assert queue.open("region", "*")
    assert queue.overview().gates == ()
    queue.shut("region", "ZZ", "slowed", per_minute=3)  # two of none have come in this minute
    assert (ask("FR"), ask(None)) == ("queued", "queued")
    with pytest.raises(Busy, match=r"queue\.slowed_unknown_region"):
        ask(None)
    assert ask("FR") == "queued"


def test_what_is_opened_by_name_is_let_past_until_all_opens_or_is_shut_anew(
    made: Services, queue: Queue, clock: Clock
) -> None:
    somebody = queueing.person(made)

    def comes_in(region: str) -> bool:
        try:
            queue.submit(queueing.asked(made, somebody), Origin(region=region))
        except (Closed, Busy):
            return False
        return True

    queue.shut("region", "AQ", "slowed", per_minute=1)
    clock.move(1)
    until = made.clock() + timedelta(minutes=10)
    queue.shut("region", "*", "closed", until=until)
    assert not comes_in("AQ")  # closed is closed; what was slowed before is no way in
    assert queue.open("region", "AQ")
    (mine,) = (gate for gate in queue.overview().gates if gate.name == "AQ")
    assert (mine.state, mine.until) == ("open", until)
    assert comes_in("AQ")
    assert comes_in("AQ")
    queue.shut("region", "*", "closed", until=until)
    assert not comes_in("AQ")
    clock.move(60)
    queue.shut("region", "AQ", "slowed", per_minute=1)  # now it is: this one slowly, no other
    assert [comes_in(name) for name in ("AQ", "AQ", "FR")] == [True, False, False]
    clock.move(600)
    queue.shut("region", "AQ", "closed")
    queue.shut("region", "*", "slowed", per_minute=1)
    assert [comes_in(name) for name in ("AQ", "FR", "FR")] == [False, True, False]


def test_all_engines_pause_but_one(made: Services, queue: Queue, worker: Worker) -> None:
    queue.submit(queueing.asked(made))
    queue.shut("engine", "*", "paused")
    queue.shut("engine", "test-card", "closed")  # takes nothing more, and is paused still
    assert worker.work_once() == 0
    queue.open("engine", "test-card")
    assert worker.work_once() == 1


def test_a_day_has_so_many_pictures_for_person_key_and_group(
    made: Services, queue: Queue, clock: Clock
) -> None:
    billing = Billing(made.store.database, made.clock)
    billing.save_group(Group("team", person_pictures_per_day=5, group_pictures_per_day=9))
    billing.set_quota(Quota("key", "K", pictures_per_day=2))
    one, keyed, two = (
        queueing.person(made),
        queueing.person(made, key_id="K"),
        queueing.person(made),
    )
    team = Origin(group="team")

    def ask(who: object, pictures: int) -> None:
        what = queueing.request(pictures=pictures)
        queue.submit(queueing.asked(made, who, what), team)  # type: ignore[arg-type]

    ask(one, 3)
    clock.move(3600)
    ask(one, 2)
    with pytest.raises(QuotaReached, match=r"money\.quota_person") as reached:
        ask(one, 1)
    # The first three were asked for in the hour that began at noon: they leave a day after that.
    assert reached.value.retry_after_s == pytest.approx(23 * 3600, abs=1)
    with pytest.raises(QuotaReached, match=r"money\.quota_key"):
        ask(keyed, 3)
    ask(keyed, 1)
    with pytest.raises(QuotaReached, match=r"money\.quota_group"):
        ask(two, 4)
    assert billing.used_today(one.id) == 5
    clock.move(23 * 3600)
    ask(two, 4)
    assert billing.used_today(one.id) == 2


def test_what_was_never_drawn_is_not_counted(made: Services, queue: Queue, worker: Worker) -> None:
    billing = Billing(made.store.database, made.clock)
    what = queueing.request(pictures=4)
    somebody = queueing.person(made)
    queue.cancel(queue.submit(queueing.asked(made, somebody, what)).id)
    assert billing.used_today(somebody.id) == 0
    queue.submit(queueing.asked(made, somebody, what))
    worker.work_once()
    assert billing.used_today(somebody.id) == 4


def test_only_so_many_wait_at_one_time(made: Services, queue: Queue, worker: Worker) -> None:
    guest, guests = queueing.person(made), Origin(group="guest")  # eight at one time
    queue.submit(queueing.asked(made, guest, queueing.request(pictures=6)), guests)
    with pytest.raises(QuotaReached, match=r"queue\.waiting"):
        queue.submit(queueing.asked(made, guest, queueing.request(pictures=3)), guests)
    worker.work_once()
    queue.submit(queueing.asked(made, guest, queueing.request(pictures=3)), guests)


def test_guests_from_one_network_are_counted_as_one(
    made: Services, queue: Queue, worker: Worker
) -> None:
    """By the day, by what waits, and by the turn: a new cookie is no new share."""
    billing = Billing(made.store.database, made.clock)
    billing.save_group(replace(billing.group("guest"), person_pictures_per_day=10))
    here, there = Origin(network="here"), Origin(network="there")

    def ask(origin: Origin, pictures: int) -> str:
        guest = made.register.guests.begin()
        what = queueing.request(pictures=pictures)
        return queue.submit(queueing.asked(made, guest, what), origin).id

    first = ask(here, 6)
    with pytest.raises(QuotaReached, match=r"queue\.waiting_guest"):
        ask(here, 3)  # eight at one time
    second = ask(here, 2)
    other = ask(there, 2)
    places = [queue.look(job).standing for job in (first, other, second)]
    assert [None if place is None else place.place for place in places] == [1, 2, 3]
    queue.cancel(first)
    third = ask(here, 6)  # what was never drawn came back
    queue.cancel(second)
    for _ in range(3):
        worker.work_once()
    assert queue.look(third).job.state == "done"
    with pytest.raises(QuotaReached, match=r"money\.quota_network_guest"):
        ask(here, 5)
    ask(here, 4)
    with made.store.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT network FROM jobs WHERE state <> 'queued'")
        assert set(kept.scalars()) == {None}


def test_a_guest_is_one_still_when_it_is_drawn(made: Services, queue: Queue) -> None:
    guest = made.register.guests.begin()
    job = queue.submit(queueing.asked(made, guest), Origin(network="here"))
    assert job.group == "guest"
    with made.store.database.read() as connection:
        assert rows.person_of(connection, job.id) == guest


def test_old_counts_are_forgotten(made: Services, queue: Queue, clock: Clock) -> None:
    """Of guests' addresses, too, though they are hashes: in two days no day reaches back to them."""
    queue.submit(queueing.asked(made, made.register.guests.begin()), Origin(network="here"))
    for hours, kept in ((47, True), (2, False)):
        clock.move(hours * 3600)
        queue.submit(queueing.asked(made, made.register.guests.begin()), Origin(network="there"))
        with made.store.database.read() as connection:
            subjects = connection.exec_driver_sql("SELECT subject FROM quota_use").scalars()
            assert ("here" in set(subjects)) is kept
