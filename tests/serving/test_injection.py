"""HTML, scripts, paths, headers and log lines in what people send."""

from __future__ import annotations

import json
import re
import time

import pytest

from danqing.server.logs import JsonLines
from support.attacking import drawn_by, error
from support.serving import Served

HTML = '<script>alert(1)</script><img src=x onerror="alert(2)"> 一只猫'


def test_html_in_a_sentence_stays_text(team: Served) -> None:
    artwork = drawn_by(team, "小王", HTML)
    with team.client("小王") as client:
        answer = client.get(f"/api/artworks/{artwork.id}")
        page = client.get("/")
        pack = client.get(f"/api/packs/{artwork.batch_id}/file")
    assert answer.json()["prompt"] == HTML
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert pack.status_code == 200
    assert "\n" not in pack.headers["content-disposition"]


@pytest.mark.parametrize("name", ["studio.js", "check.js"])
def test_our_pages_never_turn_text_into_html(name: str) -> None:
    from danqing.server import pages

    script = (pages._folder() / "static" / name).read_text("utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", script)


def test_an_svg_may_run_nothing(team: Served) -> None:
    artwork = drawn_by(team, "小王", "一只猫", format="svg")
    with team.client("小王") as client:
        answer = client.get(f"/api/artworks/{artwork.id}/file")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]


def test_an_svg_with_a_script_is_no_picture_to_start_from(team: Served) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    with team.client("小王") as client:
        answer = client.post(
            "/v1/images/edits",
            data={"prompt": "一只猫", "i_may_use_this": "true"},
            files={"image": ("a.svg", svg, "image/svg+xml")},
        )
    assert answer.status_code == 400
    assert error(answer)["code"] == "source.unreadable"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/....//app.py",
        "/files/..%2f..%2fkeys%2fsessions.key",
        "/static//etc/passwd",
        "/api/artworks/..%2f..%2fetc/file",
        "/static/%00",
    ],
)
def test_paths_lead_nowhere_else(team: Served, path: str) -> None:
    with team.client("小王") as client:
        answer = client.get(path)
    assert answer.status_code in (400, 404, 422), answer.text
    assert b"root:" not in answer.content
    assert b"import" not in answer.content


def test_headers_and_logs_take_no_injection(team: Served, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="danqing.server")
    evil = 'x"\\u000a{"event":"forged"}'
    with team.client("小王", headers={"x-request-id": evil}) as client:
        answer = client.get("/api/artworks", params={"q": "秘密的一句话\r\nSet-Cookie: a=b"})
    assert answer.headers["x-request-id"] != evil
    assert "set-cookie" not in answer.headers
    # The line is written once the answer has gone out.
    patience_ends = time.monotonic() + 10
    while not (answered := [r for r in caplog.records if r.message == "answered"]):
        assert time.monotonic() < patience_ends
        time.sleep(0.01)
    (record,) = answered
    written = JsonLines().format(record)
    assert "\n" not in written
    for word in ("秘密", "forged"):
        assert word not in str(json.loads(written))
    assert record.route == "/api/artworks"
    assert record.person == team.people["小王"].id
