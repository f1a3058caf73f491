"""The public detector: labels and watermark of a file, without a login and without saying whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import pytest
from PIL import Image

from danqing.errors import Busy
from danqing.settings import ServiceSettings
from danqing.store.checking import FileVerdict
from support.serving import Served, add_people, serving


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service with accounts and a detector open to everybody."""
    home: Path = tmp_path_factory.mktemp("open")
    service = ServiceSettings(public_detector=True)
    with serving(home, service=service, upload_time_s=60.0) as served:
        add_people(served, ("掌柜", "owner"))
        yield served


@pytest.fixture(scope="module")
def drawn(open_house: Served) -> bytes:
    with open_house.client("掌柜") as client:
        asked = {"prompt": "一只猫", "size": "512x512", "response_format": "url"}
        url = client.post("/v1/images/generations", json=asked).json()["data"][0]["url"]
        return client.get(url).content


def stripped(data: bytes, **saving: Any) -> bytes:
    """The picture saved anew by another program: all metadata is gone."""
    out = BytesIO()
    with Image.open(BytesIO(data)) as picture:
        picture.convert("RGB").save(out, **(saving or {"format": "JPEG", "quality": 80}))
    return out.getvalue()


def ask(served: Served, data: bytes, route: str = "verify", **form: str) -> Any:
    with served.client(headers={"accept-language": "en"}) as client:
        answer = client.post(f"/api/{route}", files={"file": ("a", data)}, data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_without_its_metadata_a_picture_is_known_by_its_watermark(
    open_house: Served, drawn: bytes
) -> None:
    said = ask(open_house, stripped(drawn))
    assert said["verdict"] == "watermark_only"
    assert said["watermark"] == {"found": "strong"}
    assert "came from here" in said["remarks"][0]
    assert said["ledger"] is None


def test_nobody_is_told_whose_it_is(open_house: Served, drawn: bytes) -> None:
    said = ask(open_house, drawn)
    assert (said["verdict"], said["watermark"]["found"]) == ("intact", "strong")
    assert said["ledger"] == {"altered": False, "id": None}
    house = open_house.house
    (artwork,) = house.services.store.history()
    told = str(ask(open_house, stripped(drawn)))
    assert artwork.id not in told
    assert artwork.person_id not in told
    with house.services.store.database.read() as connection:
        lines = house.services.store.database.ledger.lines(connection)
        assert "disclosure" not in [line.kind for line in lines]


def test_a_mark_in_a_picture_that_looks_different_is_fair_only(
    open_house: Served, drawn: bytes
) -> None:
    with Image.open(BytesIO(drawn)) as picture:
        other = picture.convert("RGB").crop((0, 0, 200, 512))  # not what was released
    out = BytesIO()
    other.save(out, "PNG")
    assert ask(open_house, out.getvalue())["watermark"] == {"found": "fair"}


def test_a_picture_from_elsewhere_has_none_and_a_text_is_not_looked_at(open_house: Served) -> None:
    out = BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((512, 512)).save(out, "PNG")
    elsewhere = ask(open_house, out.getvalue())
    assert (elsewhere["verdict"], elsewhere["watermark"]["found"]) == ("no_label", "none")
    assert "does not prove" in elsewhere["remarks"][0]
    assert ask(open_house, "一段文字。\n".encode())["watermark"] == {"found": "not_looked"}
    assert ask(open_house, b"\x89PNG\r\n\x1a\n" + bytes(99))["watermark"]["found"] == "not_looked"


@pytest.mark.parametrize(("declared", "verdict"), [("false", "suspected"), ("true", "possible")])
def test_the_watermark_is_a_trace_and_no_metadata(
    open_house: Served, drawn: bytes, declared: str, verdict: str
) -> None:
    said = ask(open_house, stripped(drawn), "classify", declared=declared)
    assert said["verdict"] == verdict
    assert any("watermark" in sentence for sentence in said["evidence"])


def test_visitors_wait_for_one_place_and_hold_up_nobody_else(
    open_house: Served, drawn: bytes
) -> None:
    house = open_house.house
    detector = house.detector
    patience_s, detector._time_s = detector._time_s, 0.05
    assert detector._places.acquire(timeout=10)
    try:
        with pytest.raises(Busy):
            detector.look(drawn)
        assert house.decoder.look(drawn).mark is None
        with open_house.client() as client:
            answer = client.post("/api/verify", files={"file": ("a.png", drawn)})
        assert answer.status_code == 429
        assert answer.headers["retry-after"] == "1"
    finally:
        detector._places.release()
        detector._time_s = patience_s


def test_the_same_address_is_let_in_so_often_and_no_more(tmp_path: Path) -> None:
    with serving(tmp_path, service=ServiceSettings(public_detector=True)) as served:
        add_people(served, ("掌柜", "owner"))
        with served.client() as client:
            codes = [
                client.post("/api/verify", files={"file": ("a.txt", b"a text\n")}).status_code
                for _ in range(40)
            ]
    assert codes[0] == 200
    assert codes[-1] == 429


@pytest.mark.parametrize(
    ("language", "title"), [("en", "made by AI?"), ("zh-CN", "这是 AI 生成的吗")]
)
def test_there_is_a_page_of_it_for_people_without_a_login(
    open_house: Served, language: str, title: str
) -> None:
    with open_house.client(headers={"accept-language": language}) as client:
        page = client.get("/check")
        script = client.get("/static/check.js")
        assert 'href="/check' in client.get("/").text
    assert (page.status_code, script.status_code) == (200, 200)
    assert title in page.text
    assert "/static/check.js" in page.text
    assert "/api/verify" in script.text
    for verdict in get_args(FileVerdict):
        assert f'data-{verdict}="' in page.text
