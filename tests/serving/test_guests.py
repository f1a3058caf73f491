"""Guests: they draw without an account, see their own and nobody else's, and are counted by where they
come from as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from danqing.errors import InputError
from danqing.server import create_app
from danqing.server.serving import serve
from danqing.settings import (
    IdentitySettings,
    ServerSettings,
    ServiceSettings,
    Settings,
    read_settings,
)
from support import sms
from support.attacking import ONES_OWN, drawn_by, error
from support.serving import PASSWORD, Served, add_people, serving

DRAWING: list[tuple[str, dict[str, Any]]] = [
    ("/api/jobs", {"prompt": "一只熊猫", "width_px": 64, "height_px": 64}),
    ("/v1/images/generations", {"prompt": "一只熊猫", "size": "64x64"}),
    ("/sdapi/v1/txt2img", {"prompt": "一只熊猫", "width": 64, "height": 64}),
]
SMALL = {"prompt": "一只猫", "size": "64x64"}
FOR_GUESTS = re.compile(
    r"[A-Z]+ (/api/(artworks|jobs|packs|engines|verify|classify|appeals)|/files|/v1/images|/v1/models"
    r"|/sdapi/v1/(?!memory)|/healthz|/readyz|/oidc/start|/oidc/callback).*"
    r"|(GET|POST|DELETE) /api/session|POST /api/session/(guest|sign-up)"
    r"|POST /api/complaints|GET /api/complaints/{case_id}"
)
NOT_ONE = "01KB9N3V6W4G0C5Q2T8XJ7RM1H"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Accounts, and guests let in; a proxy on this machine says where they come from."""
    proxy = {"trusted_proxies": ("127.0.0.1/32",)}
    with serving(tmp_path_factory.mktemp("hall"), guests=True, **proxy) as served:
        add_people(served, ("掌柜", "owner"), ("小王", "user"))
        yield served


def browser(served: Served, address: str, scheme: str = "http") -> httpx.Client:
    """Somebody at that address, with no cookie yet."""
    headers = {"x-forwarded-for": address, "x-forwarded-proto": scheme}
    return served.client(headers=headers)


@contextmanager
def a_guest(served: Served, address: str) -> Iterator[httpx.Client]:
    """Somebody who has come in there. No cookie travels unencrypted, and the line to the proxy is: the
    client wouldn't send a Secure one by itself."""
    with browser(served, address, "https") as client:
        answer = client.post("/api/session/guest")
        assert answer.status_code == 201, answer.text
        keep_cookie(client, answer)
        yield client


def keep_cookie(client: httpx.Client, answer: httpx.Response) -> None:
    client.headers["cookie"] = answer.headers["set-cookie"].partition(";")[0]
    client.headers["x-csrf-token"] = answer.json()["csrf"]


@pytest.mark.parametrize(("path", "body"), DRAWING)
def test_a_guest_draws_by_any_door_and_sees_it(
    hall: Served, path: str, body: dict[str, Any]
) -> None:
    with a_guest(hall, "203.0.113.1") as guest:
        before = len(guest.get("/api/artworks").json()["artworks"])
        drawn = guest.post(path, json=body)
        assert drawn.is_success, drawn.text
        if path == "/api/jobs":
            hall.house.queue.wait(drawn.json()["id"], timeout_s=60)
        artworks = guest.get("/api/artworks").json()["artworks"]
        assert len(artworks) == before + 1
        assert guest.get(f"/api/artworks/{artworks[0]['id']}/file").content[:4] == b"\x89PNG"
        (job, *_) = guest.get("/api/jobs").json()["jobs"]
        assert (job["state"], job["artworks"][0]["id"]) == ("done", artworks[0]["id"])
        who = guest.get("/api/session").json()
        assert (who["role"], who["door"], who["may"]) == ("guest", "guest", ["draw"])
    kept = hall.house.queue.look(job["id"]).job
    assert (kept.group, kept.person_id) == ("guest", who["id"])


@pytest.mark.parametrize(
    ("method", "path"),
    [*ONES_OWN, ("POST", "/api/jobs/variations/{id}")],
)
def test_a_guest_sees_nobody_elses(hall: Served, method: str, path: str) -> None:
    """Not an account's, not another guest's; nor do they see a guest's."""
    with (
        a_guest(hall, "203.0.113.2") as one,
        a_guest(hall, "203.0.113.2") as other,
        hall.client("小王") as user,
    ):
        ids = []
        for drawer in (one, user):
            assert drawer.post("/v1/images/generations", json=SMALL).is_success
            (newest,) = drawer.get("/api/artworks", params={"limit": 1}).json()["artworks"]
            ids.append({"id": newest["id"], "batch": newest["pack_id"]})
        body = {"n": 1} if "variations" in path else None
        none = other.request(method, path.format(id=NOT_ONE, batch=NOT_ONE), json=body)
        for whose, stranger in ((0, other), (1, other), (0, user)):
            theirs = stranger.request(method, path.format(**ids[whose]), json=body)
            assert theirs.status_code == none.status_code == 404, (whose, theirs.text)
            assert error(theirs)["code"] == error(none)["code"]
        assert other.get("/api/artworks").json()["artworks"] == []
        assert other.get("/api/jobs").json()["jobs"] == []
        assert one.request(method, path.format(**ids[0]), json=body).is_success


def test_every_route_is_shut_to_guests_but_those_for_them(hall: Served) -> None:
    """Walked one by one, whatever is sent along: a new route is shut until it says otherwise."""
    filled = dict.fromkeys(
        ("account_id", "job_id", "task_id", "case_id", "artwork_id", "pack_id"), NOT_ONE
    ) | {"kind": "engine", "name": "mini", "prefix": "aaaaaaaa", "engine": "mini", "model_id": "x"}
    opened, shut = [], []
    with a_guest(hall, "203.0.113.3") as guest:
        guest.headers["accept-language"] = "zh-CN"
        for path, methods in guest.get("/openapi.json").json()["paths"].items():
            for method in methods:
                body = None if method == "get" else {}
                answer = guest.request(method.upper(), path.format(**filled), json=body)
                route = f"{method.upper()} {path}"
                if answer.status_code != 403:
                    opened.append(route)
                    continue
                assert error(answer)["code"] == "identity.not_for_guests", route
                assert "请先注册或登录" in error(answer)["message"]
                shut.append(route)
    assert [route for route in opened if not FOR_GUESTS.fullmatch(route)] == []
    assert [route for route in shut if FOR_GUESTS.fullmatch(route)] == []
    assert len(shut) > 40


def test_a_change_needs_the_guests_own_token(hall: Served) -> None:
    with a_guest(hall, "203.0.113.4") as guest, a_guest(hall, "203.0.113.4") as other:
        token = guest.headers.pop("x-csrf-token")
        assert error(guest.post("/api/jobs", json=DRAWING[0][1]))["code"] == "server.csrf"
        for wrong in (other.headers["x-csrf-token"], token[:-1] + "!", ""):
            answer = guest.post("/api/jobs", json=DRAWING[0][1], headers={"x-csrf-token": wrong})
            assert (answer.status_code, error(answer)["code"]) == (403, "server.csrf")
        elsewhere = {"x-csrf-token": token, "origin": "https://evil.example"}
        foreign = guest.post("/api/jobs", json=DRAWING[0][1], headers=elsewhere)
        assert error(foreign)["code"] == "server.other_site"
        assert guest.post("/api/session/guest", headers={"origin": "https://evil.example"}).is_error
        drawn = guest.post("/api/jobs", json=DRAWING[0][1], headers={"x-csrf-token": token})
        assert drawn.status_code == 202


def test_the_cookie_is_as_safe_as_a_sessions(hall: Served) -> None:
    with browser(hall, "203.0.113.5", "https") as client:
        cookie = client.post("/api/session/guest").headers["set-cookie"]
        assert cookie.startswith("__Host-danqing-guest=")
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        value = cookie.partition("=")[2].partition(";")[0]
        for forged in (value[:-1] + "!", hall.people["小王"].id + value[26:], "x"):
            client.headers["cookie"] = f"__Host-danqing-guest={forged}"
            answer = client.get("/api/jobs")
            assert (answer.status_code, error(answer)["code"]) == (401, "server.guest_over")
        # One kind of cookie is none of the other.
        client.headers["cookie"] = f"__Host-danqing={value}"
        assert error(client.get("/api/jobs"))["code"] == "server.session_over"
    session = hall.house.sessions.begin(hall.people["小王"].id)
    as_guest = hall.house.guest_sessions.begin(hall.people["小王"].id)
    with browser(hall, "203.0.113.5", "https") as client:
        for text in (session.text, as_guest.text):  # nobody with an account is a guest
            client.headers["cookie"] = f"__Host-danqing-guest={text}"
            assert error(client.get("/api/jobs"))["code"] == "server.guest_over"
    with browser(hall, "203.0.113.5", "http") as client:
        assert error(client.post("/api/session/guest"))["code"] == "server.https_needed"


def test_whoever_is_a_guest_already_stays_the_same(hall: Served) -> None:
    with a_guest(hall, "203.0.113.6") as guest:
        first = guest.get("/api/session").json()
        again = guest.post("/api/session/guest").json()
        assert (again["id"], again["csrf"]) == (first["id"], first["csrf"])
        out = guest.delete("/api/session")
        assert out.status_code == 204
        assert out.headers["set-cookie"].startswith('__Host-danqing-guest="";')


def test_throwing_the_cookie_away_renews_nothing(tmp_path: Path) -> None:
    """An address has as much as one guest has; another has its own, and who signs up has more."""
    proxy = {"trusted_proxies": ("127.0.0.1/32",), "sign_up": "open"}
    with serving(tmp_path / "home", guests=True, **proxy) as served:
        add_people(served, ("掌柜", "owner"))
        billing = served.house.billing
        billing.save_group(replace(billing.group("guest"), person_pictures_per_day=3))

        def ask(client: httpx.Client) -> httpx.Response:
            headers = {"accept-language": "zh-CN"}
            return client.post("/v1/images/generations", json=SMALL, headers=headers)

        for _ in range(3):
            with a_guest(served, "198.51.100.1") as guest:
                assert ask(guest).is_success
        with a_guest(served, "198.51.100.1") as guest:
            refused = ask(guest)
            assert (refused.status_code, error(refused)["code"]) == (
                429, "money.quota_network_guest",
            )  # fmt: skip
            assert "注册后可以多画" in error(refused)["message"]
            assert int(refused.headers["retry-after"]) > 0
        for address in ("2001:db8:7::1", "2001:db8:7::2", "2001:db8:7:0:f::3"):
            with a_guest(served, address) as guest:
                assert ask(guest).is_success
        with a_guest(served, "2001:db8:7:0:ffff::4") as guest:  # of the same /64
            assert error(ask(guest))["code"] == "money.quota_network_guest"
        with a_guest(served, "198.51.100.2") as guest:
            for _ in range(3):
                assert ask(guest).is_success
            guest.headers["x-forwarded-for"] = "198.51.100.3"  # a guest on the move is still one
            assert error(ask(guest))["code"] == "money.quota_person_guest"
        database = served.house.services.store.database
        with database.read() as connection:
            kept = connection.exec_driver_sql("SELECT subject FROM quota_use").scalars().all()
            left = connection.exec_driver_sql("SELECT count(network) FROM jobs").scalar_one()
        assert not [subject for subject in kept if "198.51" in subject or "2001:" in subject]
        assert left == 0  # of jobs that have ended
        with browser(served, "198.51.100.1", "https") as client:
            made = client.post("/api/session/sign-up", json={"login": "小新", "password": PASSWORD})
            keep_cookie(client, made)
            assert ask(client).is_success


def test_coming_in_over_and_over_is_slowed(hall: Served) -> None:
    with browser(hall, "203.0.113.9", "https") as client:
        statuses = [client.post("/api/session/guest").status_code for _ in range(40)]
    assert set(statuses) == {201, 429}


def test_where_drawing_costs_something_a_guest_is_asked_to_sign_up(tmp_path: Path) -> None:
    with serving(tmp_path / "home", guests=True, trusted_proxies=("127.0.0.1/32",)) as served:
        add_people(served, ("掌柜", "owner"))
        with served.client("掌柜") as owner:
            price = {"per_picture_minor": 2}
            assert owner.put("/api/money/prices/test-card", json=price).is_success
        with a_guest(served, "203.0.113.8") as guest:
            refused = guest.post("/v1/images/generations", json=SMALL)
        assert (refused.status_code, error(refused)["code"]) == (402, "money.not_for_guests")


def test_a_signed_in_person_is_no_guest(hall: Served) -> None:
    with a_guest(hall, "203.0.113.7") as guest:
        guest.headers["authorization"] = f"Bearer {hall.tokens['小王']}"
        assert guest.get("/api/session").json()["role"] == "user"
        mine = drawn_by(hall, "小王", "一只兔子")
        assert guest.get(f"/api/artworks/{mine.id}").is_success


def test_a_guest_may_complain_and_check_a_file(hall: Served) -> None:
    with a_guest(hall, "203.0.113.10") as guest:
        guest.post("/v1/images/generations", json=SMALL)
        (newest,) = guest.get("/api/artworks").json()["artworks"]
        file = guest.get(f"/api/artworks/{newest['id']}/file").content
        said = guest.post("/api/verify", files={"file": ("a.png", file, "image/png")}).json()
        assert said["ledger"] == {"altered": False, "id": newest["id"]}
        opened = guest.post("/api/complaints", json={"text": "这张图里的人是我。"})
        assert opened.status_code == 201
        assert guest.get(f"/api/complaints/{opened.json()['id']}").is_success


def test_the_page_offers_it(hall: Served, team: Served) -> None:
    with hall.client() as client, team.client() as other:
        page = client.get("/", params={"lang": "zh-Hans"}).text
        assert 'data-guests="yes"' in page
        assert "不注册也能画" in page
        assert "data-guests" not in other.get("/").text


def test_without_the_setting_all_is_as_ever(team: Served, studio: Served) -> None:
    with team.client() as client:
        answer = client.post("/api/session/guest")
        assert (answer.status_code, error(answer)["code"]) == (403, "server.no_guests")
        for path, body in DRAWING:
            assert error(client.post(path, json=body))["code"] == "server.sign_in"
        cookie = team.house.guest_sessions.begin(team.house.guests.begin().id).text
        client.headers["cookie"] = f"danqing-guest={cookie}"  # from when they were let in
        assert error(client.get("/api/jobs"))["code"] == "server.sign_in"
    with studio.client() as client:  # without accounts it is one person's own
        assert error(client.post("/api/session/guest"))["code"] == "server.no_guests"
        assert client.get("/api/session").json()["door"] == "local"


def test_with_it_whoever_has_nothing_is_told_both_ways_in(hall: Served) -> None:
    with hall.client() as client:
        for path, body in DRAWING:
            answer = client.post(path, json=body)
            assert (answer.status_code, error(answer)["code"]) == (
                401, "server.sign_in_or_be_guest",
            )  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "service"),
    [("cn", ServiceSettings(real_name="sms")), ("cn", ServiceSettings()),
     ("open", ServiceSettings(real_name="attestation"))],
)  # fmt: skip
def test_where_real_names_are_asked_for_no_guest_comes_in(
    tmp_path: Path, profile: Any, service: ServiceSettings
) -> None:
    """The server doesn't start, and says why: nobody can verify a guest (Deep Synthesis, Art. 9)."""
    settings = Settings(
        tmp_path / "home", profile=profile, service=service, server=ServerSettings(guests=True),
        identity=IdentitySettings(sms_gateway=sms.NAME),
    )  # fmt: skip
    for start in (create_app, lambda s: serve(s, lambda _: None)):
        with pytest.raises(InputError) as refused:
            start(settings)
        assert refused.value.code == "identity.guests_unverified"
    assert not (tmp_path / "home" / "danqing.db").exists()


def test_the_setting_is_read_like_the_others(tmp_path: Path) -> None:
    assert not read_settings({}, tmp_path).server.guests
    assert read_settings({"DANQING_SERVER_GUESTS": "true"}, tmp_path).server.guests
    (tmp_path / "danqing.toml").write_text("[server]\nguests = true\n", "utf-8")
    assert read_settings({}, tmp_path).server.guests
