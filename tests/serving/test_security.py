"""What OWASP lists, tried on a server with accounts."""

from __future__ import annotations

import base64
import json
import re
import time
from typing import Any

import httpx
import pytest

from danqing.flow import draw
from danqing.request import make_prompt, make_request, read
from danqing.store import Stored
from support.bombs import png_bomb
from support.serving import PASSWORD, Served

NOT_ONE = "01KB9N3V6W4G0C5Q2T8XJ7RM1H"
HTML = '<script>alert(1)</script><img src=x onerror="alert(2)"> 一只猫'


@pytest.fixture(scope="module")
def picture(team: Served) -> Stored:
    """小王's own."""
    return drawn_by(team, "小王", "一只吃竹子的熊猫")


def drawn_by(team: Served, login: str, text: str, **more: Any) -> Stored:
    request = make_request(
        read(make_prompt(text)), seeds=(7,), width_px=96, height_px=96, engine="test-card", **more
    )
    (stored,) = draw(team.house.services, request, person=team.people[login])
    assert isinstance(stored, Stored)
    return stored


def error(answer: httpx.Response) -> dict[str, Any]:
    """The error, in the one shape."""
    document = answer.json()
    assert list(document) == ["error"]
    assert {"code", "message", "hint", "request_id"} <= set(document["error"])
    assert document["error"]["request_id"] == answer.headers["x-request-id"]
    return dict(document["error"])


# Broken access control


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/artworks/{id}"),
        ("GET", "/api/artworks/{id}/file"),
        ("POST", "/api/artworks/{id}/link"),
        ("GET", "/api/packs/{batch}"),
        ("GET", "/api/packs/{batch}/file"),
        ("GET", "/api/jobs/{batch}"),
        ("GET", "/api/jobs/{batch}/events"),
        ("POST", "/api/jobs/{batch}/cancel"),
        ("GET", "/v1/images/generations/{batch}"),
        ("POST", "/v1/images/generations/{batch}/cancel"),
    ],
)
def test_another_persons_things_are_not_there(
    team: Served, picture: Stored, method: str, path: str
) -> None:
    real = path.format(id=picture.id, batch=picture.batch_id)
    none = path.format(id=NOT_ONE, batch=NOT_ONE)
    with team.client("小李") as client:
        theirs, nobodys = client.request(method, real), client.request(method, none)
    assert theirs.status_code == nobodys.status_code == 404
    assert error(theirs)["code"] == error(nobodys)["code"]


def test_another_persons_artwork_is_no_source_and_in_no_pack(team: Served, picture: Stored) -> None:
    with team.client("小李") as client:
        asked = client.post("/api/jobs", json={"prompt": "一只猫", "source": picture.id})
        varied = client.post(f"/api/jobs/variations/{picture.id}", json={})
        packed = client.post("/api/packs", json={"artworks": [picture.id]})
        listed = client.get("/api/artworks").json()["artworks"]
    assert {asked.status_code, varied.status_code, packed.status_code} == {404}
    assert listed == []


def test_another_persons_file_does_not_lead_to_their_master(team: Served, picture: Stored) -> None:
    """Brought by somebody else, a released file is one from outside: it has to be declared."""
    data = team.house.services.store.released_bytes(picture.id)
    with team.client("小李") as client:
        answer = client.post(
            "/v1/images/edits", data={"prompt": "一只猫"}, files={"image": ("a.png", data)}
        )
    assert answer.status_code == 403
    assert error(answer)["code"] == "source.not_declared"


def test_keys_are_their_owners_business(team: Served) -> None:
    with team.client("小王") as wang, team.client("小李") as li:
        prefix = wang.get("/api/keys").json()["keys"][0]["prefix"]
        assert error(li.delete(f"/api/keys/{prefix}"))["code"] == "identity.no_such_key"
        assert wang.get("/api/session").status_code == 200
        account = team.people["小王"].id
        assert li.get(f"/api/accounts/{account}").status_code == 404
        changed = li.put(f"/api/accounts/{account}/password", json={"password": PASSWORD + "x"})
        assert changed.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/ledger", None),
        ("GET", "/api/ledger/check", None),
        ("GET", "/api/ledger/export", None),
        ("GET", "/api/queue", None),
        ("PUT", "/api/queue/gates/engine/mini", {"state": "paused"}),
        ("DELETE", "/api/queue/gates/engine/mini", None),
        ("GET", "/api/accounts", None),
        ("POST", "/api/accounts", {"login": "x1", "password": PASSWORD, "role": "owner"}),
        ("POST", "/api/accounts/{id}/suspend", None),
        ("PUT", "/api/accounts/{id}/role", {"role": "owner"}),
        ("POST", "/api/session/invitations", {"login": "x2"}),
    ],
)
def test_a_user_is_no_operator(team: Served, method: str, path: str, body: Any) -> None:
    path = path.format(id=team.people["小王"].id)
    for login in ("小王", "rev"):
        with team.client(login) as client:
            answer = client.request(method, path, json=body)
        assert answer.status_code == 403, (login, answer.text)
        assert error(answer)["code"].startswith("identity.")


def test_no_ledger_entry_by_id(team: Served, picture: Stored) -> None:
    """Not even the lines about one's own: those who read the ledger see all of it."""
    for login in ("小王", "小李", "rev"):
        with team.client(login) as client:
            answer = client.get("/api/ledger", params={"batch_id": picture.batch_id})
        assert answer.status_code == 403
        assert picture.id not in answer.text
    with team.client("oper") as client:
        lines = client.get("/api/ledger", params={"batch_id": picture.batch_id}).json()["lines"]
    assert lines
    assert {line["batch_id"] for line in lines} == {picture.batch_id}


def test_nothing_for_operators_is_left_open(team: Served) -> None:
    """Every route the document has under that name turns a user away, whatever is sent along."""
    filled = {
        "kind": "engine", "name": "mini", "account_id": team.people["小李"].id, "job_id": NOT_ONE,
        "case_id": NOT_ONE, "prefix": "aaaaaaaa", "engine": "mini", "id": NOT_ONE,
    }  # fmt: skip
    tried = 0
    with team.client("小王") as client:
        for path, methods in client.get("/openapi.json").json()["paths"].items():
            for method, operation in methods.items():
                if "For operators" in operation["tags"]:
                    answer = client.request(method.upper(), path.format(**filled), json={})
                    assert answer.status_code == 403, (method, path, answer.text)
                    tried += 1
    assert tried >= 6


def test_nobody_gets_above_themselves(team: Served) -> None:
    with team.client("oper") as client:
        owner = team.people["掌柜"].id
        assert client.post(f"/api/accounts/{owner}/suspend").status_code == 403
        made = client.post("/api/accounts", json={"login": "x3", "role": "owner"})
        assert made.status_code == 403


def test_without_a_key_there_is_nothing(team: Served, picture: Stored) -> None:
    with team.client() as client:
        for path in ("/api/artworks", f"/api/artworks/{picture.id}", "/v1/models",
                     "/sdapi/v1/options", "/api/engines", "/api/jobs"):  # fmt: skip
            answer = client.get(path)
            assert answer.status_code == 401
            assert "www-authenticate" in answer.headers
        for path in ("/healthz", "/readyz", "/"):
            assert client.get(path).status_code == 200


@pytest.mark.parametrize("key", ["x", "dq_", "dq_aaaaaaaa_" + "a" * 52, "x" * 5000, "dq_%00"])
def test_a_wrong_key_is_no_key(team: Served, key: str) -> None:
    with team.client(headers={"authorization": f"Bearer {key}"}) as client:
        assert client.get("/api/session").status_code in (401, 429)


# Links


def test_a_link_serves_one_file_and_cannot_be_bent(team: Served, picture: Stored) -> None:
    other = drawn_by(team, "小李", "一只蓝色的鸟")
    with team.client("小王") as client:
        link = client.post(f"/api/artworks/{picture.id}/link").json()["url"]
    with httpx.Client() as stranger:
        assert stranger.get(link).content == team.house.services.store.released_bytes(picture.id)
        assert stranger.get(link.replace(picture.id, other.id)).status_code == 403
        later = re.sub(r"until=(\d+)", lambda m: f"until={int(m[1]) + 9999}", link)
        assert stranger.get(later).status_code == 403


# Injection and output


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


def test_our_page_never_turns_text_into_html() -> None:
    from danqing.server import pages

    script = (pages._folder() / "static" / "studio.js").read_text("utf-8")
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
    assert "秘密" not in caplog.text
    assert "forged" not in caplog.text
    assert record.route == "/api/artworks"
    assert record.person == team.people["小王"].id


# Size and bombs


def test_a_body_over_the_limit(team: Served) -> None:
    with team.client("小王") as client:
        answer = client.post("/api/jobs", json={"prompt": "x" * 2_000_000})
    assert answer.status_code == 413
    assert error(answer)["code"] == "server.body_too_large"


def test_a_deep_document_is_a_wrong_one(team: Served) -> None:
    with team.client("小王") as client:
        answer = client.post(
            "/api/jobs", content="[" * 100_000, headers={"content-type": "application/json"}
        )
    assert answer.status_code in (400, 422)


def test_a_bomb_is_refused(team: Served) -> None:
    encoded = base64.b64encode(png_bomb(30_000, 30_000)).decode()
    with team.client("小王") as client:
        answer = client.post(
            "/sdapi/v1/img2img",
            json={"prompt": "一只猫", "init_images": [encoded], "i_may_use_this": True},
        )
    assert answer.status_code == 422
    assert error(answer)["code"] == "source.too_many_pixels"


def test_no_address_is_fetched(team: Served) -> None:
    with team.client("小王") as client:
        answer = client.post(
            "/sdapi/v1/img2img",
            json={"prompt": "一只猫", "init_images": ["http://169.254.169.254/latest/"]},
        )
    assert answer.status_code == 422
    assert error(answer)["code"] == "server.no_fetching"


# Sessions


def signed_in(client: httpx.Client, login: str = "小王") -> str:
    answer = client.post("/api/session", json={"login": login, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["csrf"])


def test_a_session_needs_its_token_for_changes(team: Served) -> None:
    with team.client() as client:
        csrf = signed_in(client)
        cookie = next(iter(client.cookies.jar))
        assert cookie.has_nonstandard_attr("HttpOnly")
        assert client.get("/api/artworks").status_code == 200
        body = {"name": "k"}
        assert error(client.post("/api/keys", json=body))["code"] == "server.csrf"
        wrong = client.post("/api/keys", json=body, headers={"x-csrf-token": csrf[:-1] + "!"})
        assert wrong.status_code == 403
        made = client.post("/api/keys", json=body, headers={"x-csrf-token": csrf})
        assert made.status_code == 201
        assert made.json()["token"].startswith("dq_")


def test_a_forged_cookie_is_no_session(team: Served) -> None:
    with team.client() as client:
        signed_in(client)
        value = client.cookies["danqing"]
    owner = team.people["掌柜"].id
    changed = value[:-1] + ("A" if value[-1] != "A" else "Q")
    for forged in (owner + value[26:], changed, "x", owner, "." * 40):
        with team.client(cookies={"danqing": forged}) as client:
            assert client.get("/api/session").status_code == 401


def test_signing_out_everywhere_ends_old_cookies(team: Served) -> None:
    with team.client() as client:
        csrf = signed_in(client, "小李")
        value = client.cookies["danqing"]
        ended = client.post("/api/session/end-all", headers={"x-csrf-token": csrf})
        assert ended.status_code == 204
    with team.client(cookies={"danqing": value}) as client:
        assert client.get("/api/session").status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_sites_page_changes_nothing(
    team: Served, studio: Served, headers: dict[str, str]
) -> None:
    for served in (team, studio):
        with served.client(headers=headers) as client:
            answer = client.post("/api/session", json={"login": "小王", "password": PASSWORD})
            drawn = client.post("/sdapi/v1/txt2img", json={"prompt": "一只猫"})
        assert error(answer)["code"] == error(drawn)["code"] == "server.other_site"


def test_a_form_of_another_site_is_not_json(studio: Served) -> None:
    with studio.client(headers={"content-type": "text/plain"}) as client:
        answer = client.post("/api/jobs", content=json.dumps({"prompt": "一只猫"}))
    assert answer.status_code in (415, 422)


def test_the_studio_answers_to_its_own_name_alone(studio: Served) -> None:
    with studio.client(headers={"host": "evil.example"}) as client:
        answer = client.get("/api/artworks")
    assert answer.status_code == 421
    assert error(answer)["code"] == "server.unknown_host"


def test_guessing_passwords_is_slowed(team: Served) -> None:
    with team.client() as client:
        for _ in range(8):
            last = client.post("/api/session", json={"login": "rev", "password": "wrong"})
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0


# Sign-up


def test_signing_up_takes_an_invitation(team: Served) -> None:
    with team.client() as client, team.client("oper") as operator:
        account = {"login": "新人", "password": PASSWORD}
        assert client.post("/api/session/sign-up", json=account).status_code == 403
        made = operator.post("/api/session/invitations", json={"login": "新人"}).json()
        invited = account | {"invitation": made["invitation"]}
        other = invited | {"login": "别人"}
        assert client.post("/api/session/sign-up", json=other).status_code == 403
        joined = client.post("/api/session/sign-up", json=invited)
        assert joined.status_code == 201
        assert joined.json()["role"] == "user"
        assert client.post("/api/session/sign-up", json=invited).status_code in (400, 422)


def test_no_secret_is_in_an_answer(team: Served, picture: Stored) -> None:
    with team.client("掌柜") as client:
        for path in ("/api/accounts", "/api/keys", "/api/session", "/api/ledger", "/metrics",
                     "/openapi.json", f"/api/artworks/{picture.id}"):  # fmt: skip
            text = client.get(path).text
            assert not re.search("argon2|token_sha256", text), path
            assert str(team.house.settings.home) not in text, path
