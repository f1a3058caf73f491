"""Edits on the road itself: with engines that take liberties, and requests nobody declared for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from danqing.db.times import utc_time
from danqing.engines import Capabilities, Mode, OnProgress, Result, Rng, Spec
from danqing.errors import DanqingError, NotDeclared, NotFound, Unsupported
from danqing.flow import draw
from danqing.identity import Person
from danqing.request import Request, Source, make_prompt, make_request, read
from danqing.services import Services, utc_now
from danqing.settings import Settings
from danqing.sources import ingest, read_mask
from danqing.store import Stored, open_store
from support.pictures import gradient

SIDE_PX = 96


class Careless:
    """An engine that paints everything white, whatever a mask protects, and notes what it was given."""

    name = "careless"
    version = "careless-1"

    def __init__(self, *modes: Mode) -> None:
        self.capabilities = Capabilities(modes=modes or ("text-to-image",))
        self.given: list[Spec] = []

    def generate(
        self,
        specs: Sequence[Spec],
        rngs: Sequence[Rng],  # noqa: ARG002
        on_progress: OnProgress | None = None,  # noqa: ARG002
    ) -> Iterator[Result]:
        for spec in specs:
            self.given.append(spec)
            yield Result(np.full((spec.height_px, spec.width_px, 4), 255, np.uint8))


def services(home: Path, engine: Careless) -> Services:
    return Services(Settings(home), open_store(home, utc_now), lambda _: engine, utc_now)


@pytest.fixture
def careless() -> Careless:
    return Careless("text-to-image", "image-to-image", "inpaint")


@pytest.fixture
def open_services(tmp_path: Path, careless: Careless) -> Iterator[Services]:
    with services(tmp_path / "home", careless) as opened:
        yield opened


def png(pixels: np.ndarray) -> bytes:
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def bring(opened: Services, person: Person | None = None) -> Source:
    upload = ingest(png(gradient(SIDE_PX, SIDE_PX)), declared=True, anchors=None)
    opened.store.keep_upload(upload, person or opened.person)
    return Source("upload", upload.sha256)


def bring_mask(opened: Services) -> str:
    pixels = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    pixels[:, SIDE_PX // 2 :] = 255
    mask = read_mask(png(pixels), SIDE_PX, SIDE_PX)
    opened.store.keep_mask(mask, opened.person)
    return mask.sha256


def asked(source: Source, mask: str | None = None, strength: float | None = None) -> Request:
    return make_request(
        read(make_prompt("一只狗")), seeds=[5], width_px=SIDE_PX, height_px=SIDE_PX,
        engine="careless", sources=[source], mask=mask, strength=strength,
    )  # fmt: skip


def drawn(opened: Services, request: Request) -> Stored:
    (outcome,) = draw(opened, request)
    assert isinstance(outcome, Stored)
    return outcome


def test_what_a_mask_protects_is_put_back(open_services: Services) -> None:
    request = asked(bring(open_services), bring_mask(open_services))
    painted = open_services.store.master_pixels(drawn(open_services, request).id)
    half = SIDE_PX // 2
    assert np.array_equal(painted[:, :half], gradient(SIDE_PX, SIDE_PX)[:, :half])
    assert painted[:, half + 8 :].min() == 255


def test_an_engine_gets_picture_and_mask_of_the_size_that_is_asked(
    open_services: Services, careless: Careless
) -> None:
    request = make_request(
        read(make_prompt("一只狗")), seeds=[5], width_px=200, height_px=100, engine="careless",
        sources=[bring(open_services)], mask=bring_mask(open_services), strength=0.3,
    )  # fmt: skip
    drawn(open_services, request)
    (spec,) = careless.given
    assert spec.picture is not None
    assert spec.mask is not None
    assert spec.picture.shape == (100, 200, 4)
    assert spec.mask.shape == (100, 200)
    assert spec.strength == 0.3


def test_strength_0_needs_no_engine(open_services: Services, careless: Careless) -> None:
    stored = drawn(open_services, asked(bring(open_services), strength=0))
    assert careless.given == []
    pixels = open_services.store.master_pixels(stored.id)
    assert np.array_equal(pixels, gradient(SIDE_PX, SIDE_PX))


def outcome_of(opened: Services) -> tuple[str, dict[str, str]]:
    with opened.store.database.read() as connection:
        *_, last = opened.store.database.ledger.lines(connection)
    return last.kind, json.loads(last.facts)


def test_what_somebody_else_declared_counts_for_them_alone(open_services: Services) -> None:
    other = Person("01K1J0VQ6Z3V8Q9W2X4Y5Z6A7D", utc_time("2026-08-01T12:00:00.000000Z"), False)
    with open_services.store.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO people (id, created_at, local) VALUES (?, ?, 0)",
            (other.id, "2026-08-01T12:00:00.000000Z"),
        )
    source = bring(open_services, other)
    with pytest.raises(NotDeclared):
        list(draw(open_services, asked(source)))
    kind, facts = outcome_of(open_services)
    assert (kind, facts["error"]) == ("failed", "source.not_declared")


@pytest.mark.parametrize(
    ("source", "mask", "error"),
    [
        (Source("upload", "ab" * 32), None, NotDeclared),
        (Source("artwork", "01K1J0VQ6Z3V8Q9W2X4Y5Z6A7D"), None, NotFound),
        (None, "ab" * 32, NotFound),
    ],
)
def test_sources_that_are_not_there(
    open_services: Services, source: Source | None, mask: str | None, error: type[DanqingError]
) -> None:
    with pytest.raises(error):
        list(draw(open_services, asked(source or bring(open_services), mask)))
    assert outcome_of(open_services)[0] == "failed"
    assert open_services.store.history() == []


@pytest.mark.parametrize(
    ("modes", "with_mask", "code"),
    [
        (("text-to-image",), False, "engine.mode"),
        (("text-to-image", "image-to-image"), True, "engine.no_mask"),
    ],
)
def test_an_engine_that_lacks_the_mode_says_so(
    tmp_path: Path, modes: tuple[Mode, ...], with_mask: bool, code: str
) -> None:
    with services(tmp_path / "home", Careless(*modes)) as opened:
        mask = bring_mask(opened) if with_mask else None
        with pytest.raises(Unsupported) as caught:
            list(draw(opened, asked(bring(opened), mask)))
        assert caught.value.code == code


class OnNothing(Careless):
    """An engine that draws things on nothing: it gives back what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.capabilities = Capabilities(
            modes=("text-to-image", "image-to-image", "inpaint"), transparent=True
        )

    def generate(
        self,
        specs: Sequence[Spec],
        rngs: Sequence[Rng],  # noqa: ARG002
        on_progress: OnProgress | None = None,  # noqa: ARG002
    ) -> Iterator[Result]:
        for spec in specs:
            self.given.append(spec)
            assert spec.picture is not None
            yield Result(spec.picture)


def on_a_wall() -> np.ndarray:
    """A red square before a pale blue wall."""
    pixels = np.full((SIDE_PX, SIDE_PX, 4), (200, 220, 255, 255), np.uint8)
    pixels[30:60, 30:60] = (200, 30, 30, 255)
    return pixels


@pytest.mark.parametrize("strength", [0.0, 0.5])
def test_a_thing_is_changed_without_its_even_ground_and_put_back(
    tmp_path: Path, strength: float
) -> None:
    engine = OnNothing()
    with services(tmp_path / "home", engine) as opened:
        upload = ingest(png(on_a_wall()), declared=True, anchors=None)
        opened.store.keep_upload(upload, opened.person)
        stored = drawn(opened, asked(Source("upload", upload.sha256), strength=strength))
        painted = opened.store.master_pixels(stored.id).astype(int)
    if strength:
        (spec,) = engine.given
        assert spec.picture is not None
        assert spec.picture[0, 0, 3] == 0
        assert spec.picture[45, 45].tolist() == [200, 30, 30, 255]
    assert np.abs(painted - on_a_wall()).max() <= 3
