"""A job from the door to its end, on both databases."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from danqing.db.tables import batches
from danqing.errors import Closed, InputError, NotFound
from danqing.jobs import Queue, Worker
from danqing.policy import OpenNsfw, Policy, load_pack, shipped_packs
from danqing.services import Services
from support import queueing
from support.queueing import Clock, ledger_of

STRICTER = """
format: danqing-rules/1
name: house
version: "1"
categories:
  - id: pandas
    risk: A.1.b
    action: refuse
    article: 内部规定
    explanation: {zh-Hans: 今天起不画熊猫。, en: No pandas from today.}
    rules:
      - id: pandas/one
        words: [熊猫]
"""


def test_a_job_is_drawn_once_and_its_ledger_says_so(
    made: Services, queue: Queue, worker: Worker
) -> None:
    job = queue.submit(queueing.asked(made, what=queueing.request(pictures=2)))
    assert (job.state, job.pictures, job.drawn, job.group) == ("queued", 2, 0, "local")
    assert ledger_of(made, job.id) == ["request"]
    assert queue.look(job.id).standing is not None
    assert worker.work_once() == 1
    view = queue.look(job.id)
    assert (view.job.state, view.job.drawn, view.job.progress) == ("done", 2, 1.0)
    assert view.standing is None
    assert view.job.started_at is not None
    assert view.job.ended_at is not None
    assert ledger_of(made, job.id) == ["request", "artwork", "artwork", "closed"]
    assert [picture.seed for picture in made.store.drawn_for(job.id)] == [1, 2]
    assert worker.work_once() == 0
    assert made.store.check().sound


def test_what_the_words_forbid_is_refused_at_the_door(made: Services, queue: Queue) -> None:
    job = queue.submit(queueing.asked(made, what=queueing.request("做一个炸弹的步骤")))
    assert job.state == "refused"
    assert job.ended_at is not None
    assert ledger_of(made, job.id) == ["request", "refusal"]
    assert queue.overview().lines == ()


def test_at_a_closed_gate_nothing_is_refused_or_written_down(made: Services, queue: Queue) -> None:
    """Whoever isn't let in wasn't judged either."""
    queue.shut("engine", "test-card", "closed")
    asked = queueing.asked(made, what=queueing.request("做一个炸弹的步骤"))
    with pytest.raises(Closed):
        queue.submit(asked)
    assert ledger_of(made, asked.batch_id) == []


def test_the_worker_decides_again_under_the_rules_of_that_moment(
    made: Services, queue: Queue, worker: Worker
) -> None:
    job = queue.submit(queueing.asked(made))
    made.policy = Policy((*shipped_packs(), load_pack(STRICTER.encode())), OpenNsfw(), made.clock)
    worker.work_once()
    assert queue.look(job.id).job.state == "refused"
    assert ledger_of(made, job.id) == ["request", "refusal"]


def test_the_same_key_gives_the_same_job(made: Services, queue: Queue) -> None:
    one = queue.submit(queueing.asked(made), idempotency_key="a")
    again = queue.submit(queueing.asked(made, what=queueing.request(seed=9)), idempotency_key="a")
    assert one.id == again.id
    with pytest.raises(InputError, match="other_request"):
        queue.submit(queueing.asked(made, what=queueing.request("一只猫")), idempotency_key="a")
    somebody = queueing.person(made)
    other = queue.submit(queueing.asked(made, somebody), idempotency_key="a")
    assert other.id != one.id


def test_another_persons_job_is_as_good_as_none(made: Services, queue: Queue) -> None:
    job = queue.submit(queueing.asked(made))
    somebody = queueing.person(made)
    for act in (queue.look, queue.cancel):
        with pytest.raises(NotFound, match="no_such_job"):
            act(job.id, person_id=somebody.id)
    assert queue.find(person_id=somebody.id) == []
    assert [found.id for found in queue.find(states=("queued",))] == [job.id]
    assert queue.ended([job.id]) == []


def test_a_queued_job_is_cancelled_at_once(made: Services, queue: Queue, worker: Worker) -> None:
    job = queue.submit(queueing.asked(made))
    assert queue.cancel(job.id).state == "cancelled"
    assert ledger_of(made, job.id) == ["request", "closed"]
    assert made.store.outcome(job.id) == "cancelled"
    assert queue.cancel(job.id).state == "cancelled"
    assert worker.work_once() == 0
    assert queue.ended([job.id]) == [job.id]


def test_a_silent_workers_job_goes_to_another(
    made: Services, queue: Queue, worker: Worker, clock: Clock
) -> None:
    job = queue.submit(queueing.asked(made))
    (held,) = worker._claim()  # and then it is silent
    other = Worker(made, queue, engines=("test-card",))
    assert other.work_once() == 0
    clock.move(made.settings.queue.lease_s + 1)
    assert other.work_once() == 1
    assert queue.look(job.id).job.state == "done"
    worker._hand.work_off([held])  # it wakes up, and nothing it does counts
    assert queue.look(job.id).job.attempts == 2
    assert ledger_of(made, job.id) == ["request", "artwork", "closed"]


def test_a_job_that_kills_its_workers_is_given_up(
    made: Services, queue: Queue, worker: Worker, clock: Clock
) -> None:
    job = queue.submit(queueing.asked(made))
    for _ in range(made.settings.queue.attempts):
        assert len(worker._claim()) == 1
        clock.move(made.settings.queue.lease_s + 1)
    assert worker.work_once() == 1
    ended = queue.look(job.id).job
    assert (ended.state, ended.problem) == ("failed", "queue.gave_up")
    assert ledger_of(made, job.id) == ["request", "failed"]


@pytest.mark.parametrize("stored", ["{}", "[]", "not JSON", "newer"])
def test_a_request_nobody_can_read_any_more_fails_its_job_alone(
    made: Services, queue: Queue, worker: Worker, stored: str
) -> None:
    """As an older or a newer version might have left it."""
    job = queue.submit(queueing.asked(made), idempotency_key="a")
    if stored == "newer":
        stored = json.dumps(json.loads(job.request_json) | {"lens": "fisheye"})
    with made.store.database.write() as connection:
        connection.execute(update(batches).where(batches.c.id == job.id).values(request=stored))
    other = queue.submit(queueing.asked(made, what=queueing.request(seed=5)))
    while worker.work_once():
        pass
    seen = queue.look(job.id).job
    assert (seen.state, seen.problem, seen.attempts) == ("failed", "queue.unreadable", 1)
    assert ledger_of(made, job.id) == ["request", "failed"]
    assert queue.look(other.id).job.state == "done"
    with pytest.raises(InputError, match="other_request"):  # what it was can't be told
        queue.submit(queueing.asked(made), idempotency_key="a")
