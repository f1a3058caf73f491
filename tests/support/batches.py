"""Batches as the road makes them, with tiny real pictures, for tests of what keeps them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO

import numpy as np
from PIL import Image
from ulid import ULID

from danqing.engines.protocol import Ignored, Pixels, Rendered, Result, Spec
from danqing.identity import Identified, Person, identify, local_person
from danqing.policy.types import Cleared, Held, PackVersion, Permit, Reason, Refusal, Withheld
from danqing.provenance.types import AigcLabel, Fingerprint, Labelled, LabelledSheet
from danqing.request import Request, make_prompt, make_request, read
from danqing.store import Store

SIDE_PX = 64
PACK = PackVersion("test", "1", "ab" * 32)
REASON = Reason("r1", "hate", "test", "Art. 4", 0, 2, "一只", (("zh-Hans", "不行"), ("en", "no")))


class Clock:
    """A clock that goes on by a millisecond each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


def request(text: str = "一只吃竹子的熊猫", seeds: tuple[int, ...] = (7,)) -> Request:
    return make_request(read(make_prompt(text)), seeds=seeds, width_px=SIDE_PX, height_px=SIDE_PX)


def asked(
    store: Store,
    text: str = "一只吃竹子的熊猫",
    seeds: tuple[int, ...] = (7,),
    *,
    clock: Callable[[], datetime],
) -> Identified:
    """A request of the local person, not yet begun."""
    person: Person = local_person(store.database, clock)
    batch_id = str(ULID.from_datetime(clock()))
    return identify(request(text, seeds), person, batch_id=batch_id, clock=clock)


def ask(
    store: Store,
    text: str = "一只吃竹子的熊猫",
    seeds: tuple[int, ...] = (7,),
    *,
    clock: Callable[[], datetime],
) -> Identified:
    """A request of the local person, begun in the store."""
    identified = asked(store, text, seeds, clock=clock)
    store.begin(identified)
    return identified


def pixels_of(seed: int) -> Pixels:
    """(SIDE_PX, SIDE_PX, 4) uint8, another for each seed, partly clear."""
    return np.random.default_rng(seed).integers(0, 256, (SIDE_PX, SIDE_PX, 4), dtype=np.uint8)


@cache
def png(seed: int) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels_of(seed)).save(file, "PNG")
    return file.getvalue()


def cleared(identified: Identified, seed: int) -> Cleared:
    prompt, brief = identified.request.reading.prompt, identified.request.reading.brief
    spec = Spec(prompt.text, prompt.language, brief, SIDE_PX, SIDE_PX)
    result = Result(pixels_of(seed), (Ignored("colour:black", "grey"),), 0.5)
    rendered = Rendered(spec, seed, "test-card", "test-card-1", result)
    permit = Permit(identified, (PACK,), identified.asked_at)
    return Cleared(permit, rendered, (("nsfw", 0.25),))


def labelled(identified: Identified, seed: int = 7, *, padding: int = 0) -> Labelled:
    """A file as provenance makes it: whole PNG bytes, and some of its own at the end."""
    artwork_id = str(ULID.from_datetime(identified.asked_at))
    data = png(seed) + artwork_id.encode() + bytes(padding)
    return Labelled(
        cleared(identified, seed),
        artwork_id,
        "image/png",
        data,
        sha256(data).hexdigest(),
        AigcLabel("1", "Danqing", artwork_id, "", "Danqing", artwork_id, ""),
        png(seed),
        sha256(pixels_of(seed).tobytes()).hexdigest(),
        fingerprint(seed),
    )


def fingerprint(seed: int) -> Fingerprint:
    return Fingerprint(seed, sha256(bytes([seed])).hexdigest(), 100)


def sheet(identified: Identified, seeds: tuple[int, ...] = (7,)) -> LabelledSheet:
    artwork_id = str(ULID.from_datetime(identified.asked_at))
    data = png(99) + artwork_id.encode()
    return LabelledSheet(
        tuple(cleared(identified, seed) for seed in seeds),
        artwork_id,
        "image/png",
        data,
        sha256(data).hexdigest(),
        AigcLabel("1", "Danqing", artwork_id, "", "Danqing", artwork_id, ""),
        fingerprint(99),
    )


def refusal(identified: Identified) -> Refusal:
    return Refusal(identified, (PACK,), (REASON,))


def held(identified: Identified) -> Held:
    return Held(identified, (PACK,), (REASON,))


def withheld(identified: Identified, seed: int = 7) -> Withheld:
    picture = cleared(identified, seed)
    return Withheld(picture.permit, picture.rendered, (REASON,), picture.checks)
