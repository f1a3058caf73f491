"""The order in which people are served, and what an engine gets at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from danqing.billing import Billing, Group
from danqing.db.times import utc_text
from danqing.engines import load_engine
from danqing.engines.protocol import Capabilities, OnProgress, Result, Rng, Spec
from danqing.identity import Person
from danqing.jobs import Origin, Queue, Worker, line
from danqing.services import Services
from danqing.settings import QueueSettings
from support import queueing
from support.queueing import Clock

ONE_AT_A_TIME = QueueSettings(batch_pictures=1)


@pytest.fixture
def made(tmp_path: Path, clock: Clock) -> Iterator[Services]:
    """One job at a time, so that the order shows."""
    with queueing.services(tmp_path / "home", clock=clock, queue=ONE_AT_A_TIME) as opened:
        yield opened


def order(worker: Worker, names: dict[str, str], count: int) -> str:
    """Who is served, one letter a claim."""
    served = ""
    for _ in range(count):
        served += "".join(names[job.person_id] for job in worker._claim())
    return served


def submit(queue: Queue, made: Services, who: Person, count: int, **asked: object) -> None:
    for seed in range(count):
        origin = Origin(group=asked.get("group"))  # type: ignore[arg-type]
        priority = int(asked.get("priority", 0))  # type: ignore[call-overload]
        what = queueing.request(seed=seed)
        queue.submit(queueing.asked(made, who, what), origin, priority=priority)


def test_people_take_turns_whoever_came_first_with_however_many(
    made: Services, queue: Queue, worker: Worker
) -> None:
    many, few = queueing.person(made), queueing.person(made)
    submit(queue, made, many, 20)
    submit(queue, made, few, 3)
    served = order(worker, {many.id: "m", few.id: "f"}, 8)
    assert served in ("mfmfmfmm", "fmfmfmmm")


def test_a_weight_is_a_share(made: Services, queue: Queue, worker: Worker) -> None:
    billing = Billing(made.store.database, made.clock)
    billing.save_group(Group("heavy", weight=3))
    billing.save_group(Group("light", weight=1))
    heavy, light = queueing.person(made), queueing.person(made)
    submit(queue, made, light, 12, group="light")
    submit(queue, made, heavy, 12, group="heavy")
    served = order(worker, {heavy.id: "h", light.id: "l"}, 12)
    assert Counter(served) == {"h": 9, "l": 3}


def test_a_newcomer_begins_at_the_front_and_saves_nothing_up(
    made: Services, queue: Queue, worker: Worker
) -> None:
    regular, newcomer = queueing.person(made), queueing.person(made)
    submit(queue, made, regular, 12)
    assert order(worker, {regular.id: "r"}, 6) == "rrrrrr"
    submit(queue, made, newcomer, 6)
    served = order(worker, {regular.id: "r", newcomer.id: "n"}, 8)
    assert Counter(served) == {"r": 4, "n": 4}


def test_what_was_cancelled_is_not_held_against_anybody(
    made: Services, queue: Queue, worker: Worker
) -> None:
    fickle, steady = queueing.person(made), queueing.person(made)
    submit(queue, made, fickle, 8)
    submit(queue, made, steady, 8)
    for job in queue.find(person_id=fickle.id):
        queue.cancel(job.id)
    submit(queue, made, fickle, 2)
    served = order(worker, {fickle.id: "f", steady.id: "s"}, 4)
    assert Counter(served) == {"f": 2, "s": 2}


def test_a_higher_priority_goes_first_as_far_as_a_group_may(
    made: Services, queue: Queue, worker: Worker
) -> None:
    other = queueing.person(made)
    submit(queue, made, other, 2, priority=1)  # a member may have 0 at most
    submit(queue, made, made.person, 1, priority=-1)
    submit(queue, made, made.person, 1, priority=1)
    assert [job.priority for job in queue.find()] == [1, -1, 0, 0]
    assert order(worker, {other.id: "o", made.person.id: "p"}, 4) == "poop"


def test_the_place_in_line_is_where_it_is_served(
    made: Services, queue: Queue, worker: Worker
) -> None:
    one, two = queueing.person(made), queueing.person(made)
    submit(queue, made, one, 5)
    submit(queue, made, two, 5)
    standings = {job.id: queue.look(job.id).standing for job in queue.find()}
    places = {job_id: standing.place for job_id, standing in standings.items() if standing}
    served = [job.id for _ in range(10) for job in worker._claim()]
    assert [places[job_id] for job_id in served] == list(range(1, 11))


class Calls:
    """A test card that notes how many pictures each call was for, and can stumble over a seed."""

    name, capabilities = "test-card", Capabilities()
    version = "calls"

    def __init__(self, stumbles_over: int | None = None) -> None:
        self.calls: list[list[int]] = []
        self._stumbles_over = stumbles_over

    def generate(
        self, specs: Sequence[Spec], rngs: Sequence[Rng], on_progress: OnProgress | None = None
    ) -> Iterator[Result]:
        self.calls.append([rng.seed for rng in rngs])
        if self._stumbles_over in self.calls[-1]:
            raise RuntimeError("a stone")
        yield from load_engine("test-card").generate(specs, rngs, on_progress)


def test_an_engine_gets_what_fits_together_at_once(tmp_path: Path, clock: Clock) -> None:
    engine = Calls()
    with queueing.services(tmp_path / "home", clock=clock, engines={"test-card": engine}) as made:
        queue = Queue(made)
        for seed, side_px in ((1, 64), (2, 64), (3, 128), (4, 64), (5, 64)):
            what = queueing.request(seed=seed, pictures=3 if seed == 5 else 1, side_px=side_px)
            queue.submit(queueing.asked(made, what=what))
        worker = Worker(made, queue, engines=("test-card",))
        assert worker.work_once() == 4
        assert worker.work_once() == 1
        assert engine.calls == [[1, 2, 4, 5, 6, 7], [3]]
        assert {job.state for job in queue.find()} == {"done"}
        assert made.store.check().sound


def test_one_that_stumbles_doesnt_take_the_others_along(tmp_path: Path, clock: Clock) -> None:
    engine = Calls(stumbles_over=2)
    with queueing.services(tmp_path / "home", clock=clock, engines={"test-card": engine}) as made:
        queue = Queue(made)
        for seed in (1, 2, 3):
            queue.submit(queueing.asked(made, what=queueing.request(seed=seed)))
        worker = Worker(made, queue, engines=("test-card",))
        assert worker.work_once() == 3
        assert engine.calls == [[1, 2, 3], [1], [2], [3]]
        states = [(job.state, job.problem) for job in queue.find()]
        assert states == [("done", None), ("queued", "engine.failed"), ("done", None)]
        assert worker.work_once() == 0  # it rests before another attempt
        for rest_s in (6, 11):
            clock.move(rest_s)
            assert worker.work_once() == 1
        failed = queue.find()[1]
        assert (failed.state, failed.problem, failed.attempts) == ("failed", "engine.failed", 3)
        assert queueing.ledger_of(made, failed.id) == ["request", "failed"]


def test_two_who_claim_at_once_both_find_something(
    tmp_path: Path, clock: Clock, postgres_url: str
) -> None:
    """On PostgreSQL claims don't wait for each other, and neither hides the line from the other."""
    with queueing.services(tmp_path / "home", clock=clock, database_url=postgres_url) as made:
        queue = Queue(made)
        first, second, third = (
            queue.submit(queueing.asked(made, what=queueing.request(seed=seed))).id
            for seed in (1, 2, 3)
        )
        database, now = made.store.database, utc_text(made.clock())
        with (
            database.write(alone=False) as one,
            database.write(alone=False) as two,
        ):
            assert line.fitting(one, "test-card", now, 1) == [first]
            assert line.fitting(two, "test-card", now, 8) == [second, third]
