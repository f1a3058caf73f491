"""A job that is watched shows its pictures on their way, each labelled as what it will be."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
from PIL import Image

from danqing.engines import load_engine
from danqing.engines.protocol import Capabilities, OnProgress, Pixels, Preview, Result, Rng, Spec
from danqing.jobs import Queue, Worker
from danqing.jobs.types import MOST_PREVIEWS
from danqing.policy import Policy, shipped_packs
from danqing.provenance import verify
from danqing.provenance.mark import MINIMUM_CONTRAST, contrast_in, draw_mark
from danqing.services import Services
from danqing.store.previews import KEPT_FOR
from support import queueing
from support.asking import FixedCheck
from support.queueing import Clock, ledger_of

SIDE_PX = 128


def watched(made: Services, queue: Queue, count: int, *, pictures: int = 1) -> str:
    what = queueing.request("三只猫和两只狗", pictures=pictures, side_px=SIDE_PX)
    return queue.submit(queueing.asked(made, what=what), previews=count).id


def pixels_of(encoded: str) -> Pixels:
    with Image.open(io.BytesIO(base64.b64decode(encoded))) as picture:
        return np.asarray(picture.convert("RGBA"), dtype=np.uint8)


def has_mark(pixels: Pixels) -> bool:
    _, mark = draw_mark(np.full_like(pixels, 255))
    return contrast_in(pixels, mark) >= MINIMUM_CONTRAST


def test_a_preview_carries_what_the_picture_will(
    made: Services, queue: Queue, worker: Worker
) -> None:
    job_id = watched(made, queue, 2, pictures=2)
    worker.work_once()
    shown = made.store.previews_of(job_id)
    assert [(p.seed, p.number) for p in shown] == [(1, 0), (1, 1), (2, 0), (2, 1)]
    drawn = {picture.seed: picture for picture in made.store.drawn_for(job_id)}
    for preview in shown:
        assert (preview.width_px, preview.height_px) == (SIDE_PX, SIDE_PX)
        assert has_mark(pixels_of(preview.base64))
        found = verify(base64.b64decode(preview.base64), made.signing_keys.anchors)
        assert found.aigc is not None
        assert found.aigc.label == "1"
        assert found.aigc.produce_id == drawn[preview.seed].produce_id
        assert found.credential.state == "trusted"
    one, two = (pixels_of(preview.base64) for preview in shown[:2])
    assert not np.array_equal(one, two), "nothing was drawn in between"
    assert ledger_of(made, job_id) == [
        "request", "preview", "preview", "artwork", "preview", "preview", "artwork", "closed",
    ]  # fmt: skip
    assert made.store.check().sound
    later = made.store.previews_of(job_id, after=shown[1].id)
    assert [preview.id for preview in later] == [shown[2].id, shown[3].id]


def test_nothing_is_decoded_where_nobody_watches(
    made: Services, queue: Queue, worker: Worker
) -> None:
    job_id = watched(made, queue, 0)
    worker.work_once()
    assert made.store.previews_of(job_id) == []
    assert ledger_of(made, job_id) == ["request", "artwork", "closed"]


def test_watching_can_begin_later_and_has_a_bound(
    made: Services, queue: Queue, worker: Worker
) -> None:
    job_id = watched(made, queue, 1)
    queue.show_previews(job_id, 100)
    queue.show_previews(job_id, 2)  # others who watch want no fewer for that
    assert queue.look(job_id).job.previews == MOST_PREVIEWS
    worker.work_once()
    assert [p.number for p in made.store.previews_of(job_id)] == [0, 1, 2]
    queue.show_previews(job_id, 1)
    assert queue.look(job_id).job.previews == MOST_PREVIEWS


def test_what_may_not_leave_is_not_shown_either(
    made: Services, queue: Queue, worker: Worker
) -> None:
    made.policy = Policy(shipped_packs(), FixedCheck(0.99), made.clock)
    job_id = watched(made, queue, 2)
    worker.work_once()
    assert made.store.previews_of(job_id) == []
    assert "preview" not in ledger_of(made, job_id)


def test_they_are_there_for_minutes(
    made: Services, queue: Queue, worker: Worker, clock: Clock
) -> None:
    job_id = watched(made, queue, 1)
    worker.work_once()
    worker._say_hello()
    assert len(made.store.previews_of(job_id)) == 1
    clock.move((KEPT_FOR + timedelta(seconds=1)).total_seconds())
    worker._say_hello()
    assert made.store.previews_of(job_id) == []


class Broken:
    """Draws, and can't show what it draws."""

    name, capabilities = "test-card", Capabilities()
    version = "broken"

    def generate(
        self, specs: Sequence[Spec], rngs: Sequence[Rng], on_progress: OnProgress | None = None
    ) -> Iterator[Result]:
        def fail() -> Pixels:
            raise RuntimeError("no decoder")

        if on_progress is not None:
            on_progress(0.5, [Preview(0, 0.5, fail)])
            on_progress(0.9, [Preview(0, 0.9, lambda: np.zeros((2, 2, 4), np.uint8))])
        yield from load_engine("test-card").generate(specs, rngs)


def test_what_goes_wrong_with_a_preview_spoils_no_picture(tmp_path: Path) -> None:
    with queueing.services(tmp_path / "home", engines={"test-card": Broken()}) as made:
        queue = Queue(made)
        job_id = watched(made, queue, 3)
        Worker(made, queue, engines=("test-card",)).work_once()
        assert queue.look(job_id).job.state == "done"
        assert made.store.previews_of(job_id) == []


def test_under_a_grant_a_preview_has_its_mark(made: Services, queue: Queue, worker: Worker) -> None:
    grants, owner = made.register.grants, replace(made.person, role="owner")
    asked = grants.ask(
        by=owner, pictures=1, recipient="春风印社", reason="书籍封面",
        accepts=grants.agreement.version,
    )  # fmt: skip
    grants.give(asked.id, by=owner)
    what = queueing.request(side_px=SIDE_PX)
    job = queue.submit(queueing.asked(made, what=what), previews=1, grant_id=asked.id)
    worker.work_once()
    (shown,) = made.store.previews_of(job.id)
    (drawn,) = made.store.drawn_for(job.id)
    released = made.store.released_bytes(drawn.id)
    assert has_mark(pixels_of(shown.base64))
    assert not has_mark(pixels_of(base64.b64encode(released).decode()))
