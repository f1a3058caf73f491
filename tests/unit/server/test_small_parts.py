"""Languages, sizes, links, invitations, secrets, limits and logs, each by itself."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from hypothesis import given
from hypothesis import strategies as st

from danqing.engines.protocol import Capabilities
from danqing.errors import Forbidden, InputError, NotAuthenticated, StoreFull, TooManyAttempts
from danqing.request.types import MAX_SIDE_PX, MIN_SIDE_PX
from danqing.server import logs
from danqing.server.invitations import Invitations
from danqing.server.languages import from_header
from danqing.server.limits import Limit
from danqing.server.links import Links
from danqing.server.parts import Part
from danqing.server.room import Room
from danqing.server.secrets import Signer, check_secret, signer_for
from danqing.server.sessions import Sessions
from danqing.server.sizes import nearest, read_size

NOON = datetime(2026, 8, 1, 12, 0, tzinfo=UTC)
ARTWORK = "01KB9N3V6W4G0C5Q2T8XJ7RM1H"
CAN = Capabilities()


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("en;q=0.5, zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("fr, en-GB;q=0.1", "en"),
        ("fr", None),
        ("zh;q=0", None),
        ("zh;q=x, en", "en"),
        ("", None),
    ],
)
def test_language_of_a_header(header: str, language: str | None) -> None:
    assert from_header(header) == language


@given(st.text(max_size=600))
def test_any_header_has_a_language_or_none(header: str) -> None:
    assert from_header(header) in ("zh-Hans", "zh-Hant", "en", None)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_every_size_has_a_nearest_one(width: int, height: int) -> None:
    size = nearest((width, height), CAN)
    assert MIN_SIDE_PX <= size.width_px <= MAX_SIDE_PX
    assert MIN_SIDE_PX <= size.height_px <= MAX_SIDE_PX
    assert size.met == ((width, height) == (size.width_px, size.height_px))
    assert bool(size.notes("zh-Hans")) != size.met


def test_the_nearest_size_keeps_its_shape() -> None:
    size = nearest((3840, 2160), CAN)
    assert (size.width_px, size.height_px) == (2048, 1152)
    assert nearest((512, 512), CAN).notes("en") == []


@pytest.mark.parametrize("text", ["512", "x", "512x", "-1x5", "１x２x", "5x5; rm"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(InputError):
        read_size(text)


def test_a_link_serves_its_file_for_a_while() -> None:
    clock = Clock()
    links = Links(Signer(b"k" * 32), "https://draw.example", 60, clock)
    url = links.to_file(ARTWORK)
    query = dict(part.split("=") for part in url.split("?")[1].split("&"))
    until, signature = int(query["until"]), query["signature"]
    links.check(ARTWORK, until, signature)
    for other in ((ARTWORK[:-1] + "J", until), (ARTWORK, until + 1)):
        with pytest.raises(Forbidden):
            links.check(*other, signature)
    clock.now += timedelta(seconds=61)
    with pytest.raises(Forbidden):
        links.check(ARTWORK, until, signature)


def test_a_signature_is_for_one_purpose() -> None:
    signer = Signer(b"k" * 32)
    assert signer.is_signed("file", "a", signer.sign("file", "a"))
    assert not signer.is_signed("session", "a", signer.sign("file", "a"))


def test_a_session_is_what_was_signed_and_no_older_than_its_life() -> None:
    clock = Clock()
    sessions = Sessions(Signer(b"k" * 32), 60, clock)
    begun = sessions.begin(ARTWORK)
    assert sessions.read(begun.text) == begun
    assert begun.issued_at > NOON
    sessions.check_csrf(begun, begun.csrf)
    with pytest.raises(Forbidden):
        sessions.check_csrf(begun, sessions.begin(ARTWORK).csrf)
    for bent in (begun.text[:-1], ARTWORK[:-1] + "J" + begun.text[26:], begun.text + "A", ""):
        with pytest.raises(NotAuthenticated):
            sessions.read(bent)
    clock.now += timedelta(seconds=62)
    with pytest.raises(NotAuthenticated):
        sessions.read(begun.text)


def test_an_invitation_is_for_one_login_and_a_while() -> None:
    clock = Clock()
    invitations = Invitations(Signer(b"k" * 32), clock)
    made = invitations.make("小王", days=7)
    invitations.check(made.text, "小王")
    with pytest.raises(Forbidden):
        invitations.check(made.text, "小李")
    with pytest.raises(Forbidden):
        Invitations(Signer(b"j" * 32), clock).check(made.text, "小王")
    with pytest.raises(Forbidden):
        invitations.check("", "小王")
    clock.now += timedelta(days=8)
    with pytest.raises(Forbidden):
        invitations.check(made.text, "小王")


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "short",
        "a" * 64,
        "changethis-changethis-changethis-1",
        "my-Secret-0123456789abcdefghijkl",
    ],
)
def test_placeholder_secrets_are_refused(secret: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        check_secret(secret)
    with pytest.raises(InputError):
        signer_for(tmp_path, secret)


def test_a_home_keeps_its_own_secret(tmp_path: Path) -> None:
    one, again = (signer_for(tmp_path, None) for _ in range(2))
    assert one.sign("p", "t") == again.sign("p", "t")
    (file,) = (tmp_path / "keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert signer_for(tmp_path / "other", None).sign("p", "t") != one.sign("p", "t")


def test_a_limit_fills_again() -> None:
    now = 0.0
    limit = Limit(burst=2, per_minute=60, seconds=lambda: now)
    limit.take("a")
    limit.take("a")
    with pytest.raises(TooManyAttempts) as refused:
        limit.take("a")
    assert refused.value.retry_after_s == 1
    limit.take("b")
    now = 1.0
    limit.take("a")


def test_room_is_kept(tmp_path: Path) -> None:
    Room(tmp_path, 0).require()
    with pytest.raises(StoreFull):
        Room(tmp_path, 2**60).require()


def test_a_log_line_is_one_line_of_json_without_words() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    logger = logging.Logger("danqing.test")
    logger.addHandler(handler)
    try:
        raise ValueError("一只\n熊猫")
    except ValueError as problem:
        extra = {"route": 'a\nb"c', "request_id": "r", "prompt": "一只熊猫"}
        logger.error("unexpected", exc_info=problem, extra=extra)
    text = stream.getvalue()
    assert text.count("\n") == 1
    line = json.loads(text)
    assert "熊猫" not in json.dumps(line, ensure_ascii=False)
    assert line["route"] == 'a\nb"c'
    assert line["exception"] == "ValueError"


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:1:2::3", "2001:db8:1::/48"), ("?", None)],
)
def test_an_address_is_cut_in_the_log(address: str, network: str | None) -> None:
    assert logs.network_of(address) == network


def test_a_part_is_found_however_deep_and_passes_others_on() -> None:
    inner, beside, outer = Part(prefix="/b"), Part(prefix="/c"), Part(prefix="/a")
    for part in (inner, beside):
        part.add_api_route("/{name}", lambda name: name)
        outer.include_router(part)
    app = FastAPI()
    app.include_router(outer)

    async def asked(*requests: tuple[str, str]) -> list[tuple[int, str]]:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://here") as client:
            answers = [await client.request(method, path) for method, path in requests]
        return [(answer.status_code, answer.text) for answer in answers]

    found = asyncio.run(asked(("GET", "/a/b/c"), ("GET", "/a/c/b"), ("POST", "/a/c/b")))
    assert found[:2] == [(200, '"c"'), (200, '"b"')]
    assert found[2][0] == 405
    strange = asyncio.run(asked(("GET", "/b/x"), ("GET", "/a/x/b"), ("GET", "/a/b")))
    assert [status for status, _ in strange] == [404] * 3
