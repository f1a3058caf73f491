"""Keys, passwords, cookies and other sites' pages: being taken for somebody one isn't."""

from __future__ import annotations

import base64
import json
import re

import httpx
import pytest

from danqing.store import Stored
from support.attacking import error
from support.serving import PASSWORD, Served

BASIC = f"Basic {base64.b64encode(f'小王:{PASSWORD}'.encode()).decode()}"


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
        {"authorization": BASIC, "origin": "https://evil.example"},
        {"authorization": BASIC, "sec-fetch-site": "cross-site"},
    ],
)
def test_another_sites_page_changes_nothing(
    team: Served, studio: Served, headers: dict[str, str]
) -> None:
    """Nor by the password a browser keeps and adds of its own accord."""
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


def test_a_proxy_nobody_named_makes_no_owner_of_strangers(studio: Served) -> None:
    """Without accounts whoever is at this machine owns the studio; a proxy's visitors are elsewhere."""
    for header in ("x-forwarded-for", "forwarded", "via"):
        with studio.client(headers={header: "203.0.113.7"}) as stranger:
            for path in ("/api/artworks", "/metrics"):
                answer = stranger.get(path)
                assert answer.status_code == 403
                assert error(answer)["code"] == "server.not_from_outside"
    with studio.client() as client:
        assert client.get("/api/artworks").status_code == 200


def test_guessing_passwords_is_slowed(team: Served) -> None:
    with team.client() as client:
        for _ in range(8):
            last = client.post("/api/session", json={"login": "rev", "password": "wrong"})
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0


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
