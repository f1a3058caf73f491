"""Who is sent away, with what answer, and when they may come again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from danqing.billing import Billing, Group, Quota
from danqing.db.times import utc_text
from danqing.errors import Busy, Closed, InputError, QuotaReached
from danqing.jobs import Origin, Queue, Worker, WorkerSeen, estimates, gates
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
    gate = queue.shut("region", "XX", "closed", until=until, note="too many")
    assert queue.overview().gates == (gate,)
    with pytest.raises(Closed, match=r"queue\.closed_region") as closed:
        queue.submit(queueing.asked(made), Origin(region="XX"))
    assert closed.value.http_status == 503
    assert closed.value.retry_after_s == pytest.approx(600, abs=1)
    assert "抱歉" in say(closed.value.code, "zh-Hans", **closed.value.facts)
    assert "sorry" in say(closed.value.code, "en", **closed.value.facts)
    for region in ("YY", None):
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
        ("region", "XX", "paused", None),
        ("region", "xx", "closed", None),
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
