"""Signing in and up through a certified provider, over HTTP, behind a proxy that ends TLS."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from danqing.settings import OidcSettings, ServiceSettings
from support import certified
from support.certified import Browser
from support.serving import PASSWORD, Served, add_people, serving

PUBLIC = "https://draw.example.org"
REDIRECT = f"{PUBLIC}/oidc/callback"
COOKIE = "__Host-danqing-oidc"

pytestmark = pytest.mark.skipif(bool(certified.MISSING), reason=certified.MISSING)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with certified.provider(REDIRECT) as running:
        yield running


@contextmanager
def house_of(
    home: Path, issuer: str, sign_up: str, service: ServiceSettings | None = None, **claims: str
) -> Iterator[Served]:
    oidc = OidcSettings(
        issuer=issuer, client_id=certified.CLIENT, client_secret=certified.SECRET, **claims
    )
    proxy = {"trusted_proxies": ("127.0.0.1/32",), "public_url": PUBLIC}
    with serving(home, oidc=oidc, service=service, sign_up=sign_up, **proxy) as served:
        add_people(served, ("掌柜", "owner"), ("小王", "user"))
        yield served


@pytest.fixture(scope="module")
def by_oidc(tmp_path_factory: pytest.TempPathFactory, issuer: str) -> Iterator[Served]:
    """People sign up through the provider."""
    with house_of(tmp_path_factory.mktemp("oidc"), issuer, "oidc") as served:
        yield served


@pytest.fixture
def browser(by_oidc: Served) -> Iterator[Browser]:
    with Browser(PUBLIC, by_oidc.url) as opened:
        yield opened


def whoami(browser: Browser) -> httpx.Response:
    return browser.client.get("/api/session")


def code_of(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


def cookies_set(answer: httpx.Response) -> SimpleCookie:
    found = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return found


def test_somebody_new_gets_an_account_and_comes_back_to_it(
    by_oidc: Served, browser: Browser
) -> None:
    page = browser.sign_in("/oidc/start", "lin")
    assert str(page.request.url.path) == "/"
    assert page.status_code == 200
    asked = parse_qs(urlsplit(browser.visited[0].headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    begun = cookies_set(browser.visited[0])[COOKIE]
    ended = next(a for a in browser.visited if a.request.url.path == "/oidc/callback")
    session, gone = cookies_set(ended)["__Host-danqing"], cookies_set(ended)[COOKIE]
    for cookie in (begun, session, gone):  # else no browser takes it, or takes it back
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["path"] == "/"
        assert not cookie["domain"]
        assert cookie["samesite"] == "lax"
    assert (gone.value, gone["max-age"]) == ("", "0")
    told = whoami(browser).json()
    assert (told["role"], told["door"]) == ("user", "session")
    account = by_oidc.house.accounts.find("lin")
    assert (account.id, account.has_password) == (told["id"], False)
    made = browser.client.post(
        "/api/keys", json={"name": "k"}, headers={"x-csrf-token": told["csrf"]}
    )
    assert made.status_code == 201
    with Browser(PUBLIC, by_oidc.url) as another:
        another.sign_in("/oidc/start", "lin")
        assert whoami(another).json()["id"] == told["id"]
    with Browser(PUBLIC, by_oidc.url) as namesake:  # another subject by the same name
        namesake.sign_in("/oidc/start", "lin/2")
        assert by_oidc.house.accounts.find("lin-2").id == whoami(namesake).json()["id"]
    by_oidc.house.accounts.suspend(account.id, by=by_oidc.people["掌柜"])
    assert whoami(browser).status_code == 401
    with Browser(PUBLIC, by_oidc.url) as suspended:
        turned_away = suspended.sign_in("/oidc/start", "lin")
        assert (turned_away.status_code, code_of(turned_away)) == (401, "identity.suspended")
        assert whoami(suspended).status_code == 401


def callback_of(browser: Browser, login: str) -> str:
    """The address the provider sends back to, which the browser has not visited yet."""
    answer = browser.go_on(browser.client.get("/oidc/start"), login, until=REDIRECT)
    return str(answer.headers["location"])


def test_what_comes_back_serves_one_browser_once(by_oidc: Served, browser: Browser) -> None:
    url = callback_of(browser, "zhao")
    with Browser(PUBLIC, by_oidc.url) as victim:  # login CSRF: somebody else's answer, sent on
        sent = victim.client.get(url)
        assert (sent.status_code, code_of(sent)) == (401, "identity.oidc_refused")
        victim.client.get("/oidc/start")
        assert victim.client.get(url).status_code == 401
        assert whoami(victim).status_code == 401
    bent = browser.client.get(url.replace("state=", "state=x"))
    assert (bent.status_code, code_of(bent)) == (401, "identity.oidc_refused")
    spoilt = browser.client.get(url.replace("code=", "code=x"))
    assert (spoilt.status_code, code_of(spoilt)) == (401, "identity.oidc_refused")
    mixed_up = browser.client.get(f"{url}&iss=https%3A%2F%2Fevil.example")
    assert mixed_up.status_code == 401
    forged = {COOKIE: browser.client.cookies[COOKIE][:-2] + "xx"}
    with Browser(PUBLIC, by_oidc.url) as forger:
        forger.client.cookies.update(forged)
        assert forger.client.get(url).status_code == 401
    assert browser.client.get(url).status_code == 303
    assert whoami(browser).status_code == 200
    assert COOKIE not in browser.client.cookies
    assert browser.client.get(url).status_code == 401


def test_whoever_says_no_at_the_provider_is_told_so(browser: Browser) -> None:
    browser.client.headers["accept-language"] = "zh-CN"
    refused = browser.sign_in("/oidc/start", "")
    assert (refused.status_code, code_of(refused)) == (401, "identity.oidc_refused")
    assert "登录没有成功" in refused.json()["error"]["message"]
    assert "access_denied" in refused.json()["error"]["message"]
    assert whoami(browser).status_code == 401


def test_an_account_is_linked_by_its_own_session_alone(by_oidc: Served, browser: Browser) -> None:
    with by_oidc.client("小王") as by_key:  # at this machine, by key
        assert code_of(by_key.post("/oidc/link")) == "server.link_by_session"
    signed_in = browser.client.post("/api/session", json={"login": "小王", "password": PASSWORD})
    csrf = {"x-csrf-token": signed_in.json()["csrf"]}
    assert code_of(browser.client.post("/oidc/link")) == "server.csrf"
    browser.go_on(
        browser.client.get(browser.client.post("/oidc/link", headers=csrf).json()["url"]), "wang"
    )
    wang = by_oidc.people["小王"].id
    assert whoami(browser).json()["id"] == wang
    with Browser(PUBLIC, by_oidc.url) as another:
        another.sign_in("/oidc/start", "wang")
        assert whoami(another).json()["id"] == wang
    # A browser that lost its session in between links nothing.
    with Browser(PUBLIC, by_oidc.url) as lost:
        begun = lost.client.post("/api/session", json={"login": "小王", "password": PASSWORD})
        csrf = {"x-csrf-token": begun.json()["csrf"]}
        url = lost.client.post("/oidc/link", headers=csrf).json()["url"]
        lost.client.cookies.delete("__Host-danqing")
        ended = lost.go_on(lost.client.get(url), "stranger")
        assert ended.status_code == 401
    # Nor does one in which somebody else has signed in meanwhile: not for them either.
    with Browser(PUBLIC, by_oidc.url) as shared:
        begun = shared.client.post("/api/session", json={"login": "小王", "password": PASSWORD})
        csrf = {"x-csrf-token": begun.json()["csrf"]}
        url = shared.client.post("/oidc/link", headers=csrf).json()["url"]
        shared.client.post("/api/session", json={"login": "掌柜", "password": PASSWORD})
        ended = shared.go_on(shared.client.get(url), "in-between")
        assert (ended.status_code, code_of(ended)) == (403, "server.link_by_session")
    # What is linked to one account is not taken by another.
    with Browser(PUBLIC, by_oidc.url) as owner:
        begun = owner.client.post("/api/session", json={"login": "掌柜", "password": PASSWORD})
        csrf = {"x-csrf-token": begun.json()["csrf"]}
        url = owner.client.post("/oidc/link", headers=csrf).json()["url"]
        ended = owner.go_on(owner.client.get(url), "wang")
        assert (ended.status_code, code_of(ended)) == (403, "identity.oidc_taken")


def test_the_page_leads_there(browser: Browser) -> None:
    assert 'href="/oidc/start"' in browser.client.get("/").text


def test_who_may_sign_up_by_themselves(by_oidc: Served, issuer: str, tmp_path: Path) -> None:
    """oidc: through the provider alone. open: by a password too. invitation: neither, but the
    provider is still a way in for whoever has linked it."""
    new = {"login": "新人", "password": PASSWORD}
    with Browser(PUBLIC, by_oidc.url) as browser:
        refused = browser.client.post("/api/session/sign-up", json=new)
        assert (refused.status_code, code_of(refused)) == (403, "server.no_sign_up")
    with (
        house_of(tmp_path / "open", issuer, "open") as served,
        Browser(PUBLIC, served.url) as browser,
    ):
        joined = browser.client.post("/api/session/sign-up", json=new)
        assert (joined.status_code, joined.json()["role"]) == (201, "user")
        assert whoami(browser).json()["id"] == joined.json()["id"]
        taken = browser.client.post("/api/session/sign-up", json=new)
        assert (taken.status_code, code_of(taken)) == (422, "identity.login_taken")
        poor = browser.client.post(
            "/api/session/sign-up", json={"login": "别人", "password": "1234567890"}
        )
        assert poor.status_code == 422
        with Browser(PUBLIC, served.url) as another:
            another.sign_in("/oidc/start", "sun")
            assert whoami(another).json()["role"] == "user"
    with (
        house_of(tmp_path / "invitation", issuer, "invitation") as served,
        Browser(PUBLIC, served.url) as browser,
    ):
        assert code_of(browser.client.post("/api/session/sign-up", json=new)) == (
            "server.invitation_foreign"
        )
        assert code_of(browser.sign_in("/oidc/start", "zhou")) == "server.no_sign_up"
        assert whoami(browser).status_code == 401
        with served.client("掌柜", headers={"x-forwarded-proto": "https"}) as owner:
            invited = owner.post("/api/session/invitations", json={"login": "新人"}).json()
        joined = browser.client.post(
            "/api/session/sign-up", json=new | {"invitation": invited["invitation"]}
        )
        assert (joined.status_code, joined.json()["role"]) == (201, "user")
        assert whoami(browser).json()["id"] == joined.json()["id"]


@pytest.mark.parametrize(
    ("claims", "verified"),
    [({"number_claim": "sub", "number_kind": "other"}, True), ({}, False)],
)
def test_signing_in_verifies_a_real_name_where_the_claims_say_enough(
    issuer: str, tmp_path: Path, claims: dict[str, str], verified: bool
) -> None:
    """This provider claims no phone; an operator who trusts its `sub` says so."""
    by_oidc = ServiceSettings(real_name="oidc")
    with (
        house_of(tmp_path, issuer, "oidc", by_oidc, **claims) as served,
        Browser(PUBLIC, served.url) as browser,
    ):
        for _ in range(2):  # once is enough; again changes nothing
            browser.sign_in("/oidc/start", "lin")
        told = whoami(browser).json()
        state = browser.client.get("/api/real-name").json()
        assert state == {"needed": True, "verified": verified, "how": "oidc"}
        asked = browser.client.post(
            "/api/jobs", json={"prompt": "一只熊猫"}, headers={"x-csrf-token": told["csrf"]}
        )
        assert asked.status_code == (202 if verified else 403)
