"""A job whose pictures leave under a grant: looked at when it is submitted, and again when it is drawn."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from danqing.errors import Forbidden, InputError, NotFound
from danqing.identity import Person
from danqing.jobs import Queue, Worker
from danqing.provenance import verify
from danqing.provenance.mark import MINIMUM_CONTRAST, contrast_in, draw_mark
from danqing.services import Services
from support import queueing
from support.queueing import Clock, ledger_of

DAYS_30 = 30 * 24 * 3600


@pytest.fixture
def owner(made: Services) -> Person:
    return replace(made.person, role="owner")


def given(made: Services, owner: Person, pictures: int) -> str:
    grants = made.register.grants
    asked = grants.ask(
        by=owner, pictures=pictures, recipient="春风印社", reason="书籍封面",
        accepts=grants.agreement.version,
    )  # fmt: skip
    return grants.give(asked.id, by=owner).id


def marked(made: Services, artwork_id: str) -> bool:
    with Image.open(io.BytesIO(made.store.released_bytes(artwork_id))) as picture:
        pixels = np.asarray(picture.convert("RGBA"), dtype=np.uint8)
    _, mark = draw_mark(np.full_like(pixels, 255))
    return contrast_in(pixels, mark) >= MINIMUM_CONTRAST


def test_pictures_leave_without_their_mark_and_each_takes_one(
    made: Services, queue: Queue, worker: Worker, owner: Person
) -> None:
    grant_id = given(made, owner, 2)
    what = queueing.request(pictures=2, side_px=128)
    job = queue.submit(queueing.asked(made, what=what), grant_id=f" {grant_id.lower()} ")
    assert job.grant_id == grant_id
    plain = queue.submit(queueing.asked(made, what=queueing.request(seed=9, side_px=128)))
    while worker.work_once():
        pass
    pictures = made.store.drawn_for(job.id)
    assert [marked(made, picture.id) for picture in pictures] == [False, False]
    assert [marked(made, picture.id) for picture in made.store.drawn_for(plain.id)] == [True]
    for picture in pictures:
        found = verify(made.store.released_bytes(picture.id), made.signing_keys.anchors)
        assert found.aigc is not None
        assert found.credential.state == "trusted"
    assert ledger_of(made, job.id).count("grant") == 2
    with pytest.raises(Forbidden, match="grant_used_up"):
        queue.submit(queueing.asked(made), grant_id=grant_id)


def test_what_waits_already_counts_against_it(made: Services, queue: Queue, owner: Person) -> None:
    grant_id = given(made, owner, 3)
    queue.submit(queueing.asked(made, what=queueing.request(pictures=2)), grant_id=grant_id)
    with pytest.raises(Forbidden, match="grant_used_up"):
        queue.submit(queueing.asked(made, what=queueing.request(pictures=2)), grant_id=grant_id)
    queue.submit(queueing.asked(made), grant_id=grant_id)


def test_a_grant_that_cannot_serve_is_said_at_the_door(
    made: Services, queue: Queue, owner: Person
) -> None:
    grant_id = given(made, owner, 2)
    with pytest.raises(NotFound):
        queue.submit(queueing.asked(made), grant_id="01KB9N3V6W4G0C5Q2T8XJ7RM1H")
    with pytest.raises(Forbidden, match="grant_not_yours"):
        queue.submit(queueing.asked(made, queueing.person(made)), grant_id=grant_id)
    vector = replace(queueing.request(), format="svg")
    with pytest.raises(InputError, match="unmarked_format"):
        queue.submit(queueing.asked(made, what=vector), grant_id=grant_id)
    assert queue.find() == []


def test_a_grant_that_ran_out_while_it_waited_fails_the_job(
    made: Services, queue: Queue, worker: Worker, clock: Clock, owner: Person
) -> None:
    job = queue.submit(queueing.asked(made), grant_id=given(made, owner, 1))
    clock.move(DAYS_30 + 60)
    worker.work_once()
    seen = queue.look(job.id).job
    assert (seen.state, seen.problem) == ("failed", "identity.grant_over")
    assert made.store.drawn_for(job.id) == []


def test_one_key_with_and_without_a_grant_are_two_requests(
    made: Services, queue: Queue, owner: Person
) -> None:
    grant_id = given(made, owner, 2)
    job = queue.submit(queueing.asked(made), grant_id=grant_id, idempotency_key="a")
    again = queue.submit(queueing.asked(made), grant_id=grant_id, idempotency_key="a")
    assert again.id == job.id
    with pytest.raises(InputError, match="other_request"):
        queue.submit(queueing.asked(made), idempotency_key="a")
