"""Work stops within a step of the engine: when it is cancelled, when a worker ends, when it is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from danqing.engines import load_engine
from danqing.engines.protocol import Capabilities, OnProgress, Result, Rng, Spec
from danqing.jobs import Queue, Worker
from danqing.jobs import hand as hands
from danqing.services import Services
from support import queueing
from support.queueing import Clock, ledger_of

STEPS = 50


class Slow:
    """Each picture takes STEPS steps; at one of them something happens."""

    name, capabilities = "test-card", Capabilities()
    version = "slow"

    def __init__(self) -> None:
        self.steps = 0
        self.at: dict[int, object] = {}

    def generate(
        self, specs: Sequence[Spec], rngs: Sequence[Rng], on_progress: OnProgress | None = None
    ) -> Iterator[Result]:
        for n, (spec, rng) in enumerate(zip(specs, rngs, strict=True)):
            for step in range(1, STEPS + 1):
                self.steps += 1
                act = self.at.pop(self.steps, None)
                if callable(act):
                    act()
                if on_progress is not None:
                    on_progress((n + step / STEPS) / len(specs))
            yield from load_engine("test-card").generate([spec], [rng])


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Slow:
    monkeypatch.setattr(hands, "LOOK_EVERY_S", 0.0)  # these steps take no time
    monkeypatch.setattr(hands, "SAY_EVERY_S", 0.0)
    return Slow()


@pytest.fixture
def made(
    tmp_path: Path, clock: Clock, engine: Slow, database_url: str | None
) -> Iterator[Services]:
    with queueing.services(
        tmp_path / "home", clock=clock, database_url=database_url, engines={"test-card": engine}
    ) as opened:
        yield opened


def test_a_running_job_stops_at_the_next_step_and_keeps_what_is_finished(
    made: Services, queue: Queue, worker: Worker, engine: Slow
) -> None:
    job = queue.submit(queueing.asked(made, what=queueing.request(pictures=3)))
    engine.at[STEPS + 20] = lambda: queue.cancel(job.id)
    worker.work_once()
    ended = queue.look(job.id).job
    assert engine.steps == STEPS + 20
    assert (ended.state, ended.drawn) == ("cancelled", 1)
    assert ended.progress == pytest.approx(19 / 150 + 1 / 3, abs=0.01)
    assert ledger_of(made, job.id) == ["request", "artwork", "closed"]
    assert made.store.outcome(job.id) == "cancelled"
    assert made.store.check().sound


def test_the_others_of_its_batch_go_on(
    made: Services, queue: Queue, worker: Worker, engine: Slow
) -> None:
    one, two, three = (
        queue.submit(queueing.asked(made, what=queueing.request(seed=seed))) for seed in (1, 2, 3)
    )
    engine.at[STEPS + 10] = lambda: queue.cancel(two.id)
    assert worker.work_once() == 3
    states = [queue.look(job.id).job.state for job in (one, two, three)]
    assert states == ["done", "cancelled", "done"]
    assert engine.steps == STEPS + 10 + STEPS


def test_a_worker_that_ends_puts_its_job_back_where_it_stood(
    made: Services, queue: Queue, worker: Worker, engine: Slow
) -> None:
    job = queue.submit(queueing.asked(made, what=queueing.request(pictures=2)))
    engine.at[STEPS + 5] = worker.stop
    worker.work_once()
    back = queue.look(job.id).job
    assert (back.state, back.drawn, back.attempts) == ("queued", 1, 0)
    assert ledger_of(made, job.id) == ["request", "artwork"]
    Worker(made, queue, engines=("test-card",)).work_once()
    assert queue.look(job.id).job.state == "done"
    assert ledger_of(made, job.id) == ["request", "artwork", "artwork", "closed"]
    assert [picture.seed for picture in made.store.drawn_for(job.id)] == [1, 2]


def test_who_lost_the_lease_while_drawing_adds_nothing(
    made: Services, queue: Queue, worker: Worker, engine: Slow, clock: Clock
) -> None:
    job = queue.submit(queueing.asked(made, what=queueing.request(pictures=2)))

    def another_takes_it() -> None:
        clock.move(made.settings.queue.lease_s + 1)
        Worker(made, queue, engines=("test-card",)).work_once()

    engine.at[STEPS + 5] = another_takes_it
    worker.work_once()
    assert queue.look(job.id).job.state == "done"
    assert ledger_of(made, job.id) == ["request", "artwork", "artwork", "closed"]


def test_what_another_holds_cannot_be_added_to(
    made: Services, queue: Queue, worker: Worker, engine: Slow, clock: Clock
) -> None:
    """A worker that doesn't look (its process was stopped for a while, and goes on)."""
    job = queue.submit(queueing.asked(made, what=queueing.request(pictures=3)))
    other = Worker(made, queue, engines=("test-card",))
    taken = []

    def another_takes_it() -> None:
        clock.move(made.settings.queue.lease_s + 1)
        (claimed,) = other._claim()
        taken.append(other._hand._take_up(claimed))

    engine.at[STEPS + 5] = another_takes_it
    worker._hand._to_stop = lambda _: set()  # type: ignore[method-assign]
    worker.work_once()
    assert ledger_of(made, job.id) == ["request", "artwork"]  # its second picture is not there
    (held,) = taken
    assert held is not None
    assert held.left == [2, 3]
    other._hand._draw([held])
    assert queue.look(job.id).job.state == "done"
    assert ledger_of(made, job.id) == ["request", "artwork", "artwork", "artwork", "closed"]
    assert made.store.check().ledger.fault is None


def test_watching_shows_each_change_until_the_end(
    made: Services, queue: Queue, engine: Slow
) -> None:
    job = queue.submit(queueing.asked(made, what=queueing.request(pictures=2)))
    gone_on = threading.Event()
    engine.at[STEPS + 1] = lambda: gone_on.wait(20)
    seen = []
    with Worker(made, queue, engines=("test-card",)).at_work():
        for view in queue.watch(job.id, timeout_s=60):
            seen.append(view.job)
            if view.job.drawn == 1:
                gone_on.set()
    assert seen[-1].state == "done"
    assert any(job.drawn == 1 and job.state == "running" for job in seen)
    assert [job.progress for job in seen] == sorted(job.progress for job in seen)
    assert queue.overview().workers == ()
