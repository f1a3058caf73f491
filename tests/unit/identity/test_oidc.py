from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from danqing.errors import Forbidden, IdentityError, InputError, NotAuthenticated
from danqing.identity import OidcClient, OidcIdentity
from danqing.identity.oidc import OidcClaim
from danqing.identity.web import Answer, fetch
from danqing.settings import OidcSettings
from support.oidc_provider import CLIENT, ISSUER, REDIRECT, SECRET, Provider
from support.people import RESIDENT_ID, Town

SETTINGS = OidcSettings(issuer=ISSUER, client_id=CLIENT, client_secret=SECRET)


@pytest.fixture
def provider(place: Town) -> Provider:
    return Provider(place.clock)


@pytest.fixture
def client(place: Town, provider: Provider) -> OidcClient:
    return OidcClient(SETTINGS, REDIRECT, place.clock, fetch=provider.fetch)


def sign_in(client: OidcClient, provider: Provider) -> OidcIdentity:
    login = client.begin()
    return client.finish(login, provider.visit(login.url))


def test_a_person_signs_in(client: OidcClient, provider: Provider) -> None:
    provider.claims |= {"name": "林小雨", "preferred_username": "lin"}
    identity = sign_in(client, provider)
    assert (identity.issuer, identity.subject) == (ISSUER, "248289761001")
    assert identity.claims["name"] == "林小雨"
    assert "林小雨" not in repr(identity)


def test_each_sign_in_has_its_own_secrets(client: OidcClient) -> None:
    one, other = client.begin(), client.begin()
    assert len({one.state, one.nonce, one.verifier, other.state, other.nonce, other.verifier}) == 6
    for secret in (one.nonce, one.verifier, one.state):
        assert secret not in repr(one).replace(one.url, "")
    assert one.verifier not in one.url


BENT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another issuer": lambda c: c | {"iss": "https://evil.example.org"},
    "another audience": lambda c: c | {"aud": "somebody else"},
    "another audience, we the party": lambda c: c | {"aud": "somebody else", "azp": CLIENT},
    "several audiences and no party": lambda c: c | {"aud": [CLIENT, "somebody else"], "azp": "x"},
    "another nonce": lambda c: c | {"nonce": "replayed"},
    "no nonce": lambda c: {k: v for k, v in c.items() if k != "nonce"},
    "run out": lambda c: c | {"exp": c["iat"] - 120},
    "from the future": lambda c: c | {"iat": c["iat"] + 600, "exp": c["iat"] + 900},
    "never runs out": lambda c: {k: v for k, v in c.items() if k != "exp"},
    "of nobody": lambda c: {k: v for k, v in c.items() if k != "sub"},
    "another access token's": lambda c: c | {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("bend", BENT)
def test_a_token_that_is_not_as_it_has_to_be(
    client: OidcClient, provider: Provider, bend: str
) -> None:
    provider.bend = BENT[bend]
    with pytest.raises(NotAuthenticated, match="oidc_refused"):
        sign_in(client, provider)


def test_the_clients_own_secret_signs_no_tokens(client: OidcClient, provider: Provider) -> None:
    provider.algorithm = "HS256"
    with pytest.raises(NotAuthenticated, match="oidc_refused"):
        sign_in(client, provider)


def test_an_unsigned_token_is_none(place: Town, provider: Provider) -> None:
    def unsigned(method: str, url: str, headers: Any, body: bytes | None) -> Answer:
        answer = provider.fetch(method, url, headers, body)
        if not url.endswith("/token"):
            return answer
        token = answer.json()
        parts = token["id_token"].split(".")
        header = base64.urlsafe_b64encode(b'{"alg":"none","kid":"one"}').rstrip(b"=").decode()
        token["id_token"] = f"{header}.{parts[1]}."
        return Answer(200, json.dumps(token).encode())

    client = OidcClient(SETTINGS, REDIRECT, place.clock, fetch=unsigned)
    with pytest.raises(NotAuthenticated, match="oidc_refused"):
        sign_in(client, provider)


def test_another_key_under_the_same_name_is_found_out(
    client: OidcClient, provider: Provider, place: Town
) -> None:
    sign_in(client, provider)
    provider.change_key("one")
    with pytest.raises(NotAuthenticated, match="oidc_refused"):
        sign_in(client, provider)
    assert place


def test_a_new_key_is_fetched_but_not_again_and_again(
    client: OidcClient, provider: Provider, place: Town
) -> None:
    sign_in(client, provider)
    place.clock.go_on(minutes=2)
    provider.change_key("two", curve=True)
    provider.algorithm = "ES256"
    assert sign_in(client, provider).subject
    provider.change_key("three", curve=True)
    with pytest.raises(NotAuthenticated):
        sign_in(client, provider)
    assert provider.requests.count("GET /keys") == 2
    place.clock.go_on(minutes=2)
    assert sign_in(client, provider).subject


@pytest.mark.parametrize(
    "change",
    [
        {"state": "another"},
        {"state": ""},
        {"iss": "https://evil.example.org"},
        {"code": ""},
        {"code": "never given"},
        {"error": "access_denied"},
    ],
)
def test_an_answer_that_is_not_to_our_question(
    client: OidcClient, provider: Provider, change: dict[str, str]
) -> None:
    login = client.begin()
    answer = provider.visit(login.url) | change
    with pytest.raises(NotAuthenticated, match="oidc_refused"):
        client.finish(login, answer)


def test_a_code_serves_once_and_with_its_own_verifier(
    client: OidcClient, provider: Provider
) -> None:
    login = client.begin()
    answer = provider.visit(login.url)
    client.finish(login, answer)
    with pytest.raises(NotAuthenticated):
        client.finish(login, answer)
    other = client.begin()
    stolen = provider.visit(login.url) | {"state": other.state}
    with pytest.raises(NotAuthenticated):
        client.finish(other, stolen)


def test_a_sign_in_does_not_wait_for_ever(
    client: OidcClient, provider: Provider, place: Town
) -> None:
    login = client.begin()
    answer = provider.visit(login.url)
    place.clock.go_on(minutes=10, seconds=1)
    with pytest.raises(NotAuthenticated):
        client.finish(login, answer)


def test_a_wrong_client_secret_is_told(place: Town, provider: Provider) -> None:
    settings = replace(SETTINGS, client_secret="wrong")
    client = OidcClient(settings, REDIRECT, place.clock, fetch=provider.fetch)
    with pytest.raises(NotAuthenticated) as told:
        sign_in(client, provider)
    assert told.value.facts["reason"] == "invalid_client"


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.example.org"},
        {"token_endpoint": "http://id.example.org/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "ftp://id.example.org"},
    ],
)
def test_a_provider_that_does_not_add_up(
    client: OidcClient, provider: Provider, discovery: dict[str, Any]
) -> None:
    provider.discovery = discovery
    with pytest.raises(IdentityError):
        sign_in(client, provider)


def test_a_provider_that_does_not_answer(place: Town) -> None:
    def silent(*_: Any) -> Answer:
        raise TimeoutError("timed out")

    client = OidcClient(SETTINGS, REDIRECT, place.clock, fetch=silent)
    with pytest.raises(IdentityError, match="oidc_unreachable"):
        client.begin()
    for body in (b"", b"[]", b"\xff", b"<html>"):
        client = OidcClient(
            SETTINGS, REDIRECT, place.clock, fetch=lambda *_, b=body: Answer(200, b)
        )
        with pytest.raises(IdentityError, match="oidc_unreachable"):
            client.begin()


@pytest.mark.parametrize("url", ["http://id.example.org/", "file:///etc/passwd", "ftp://x/"])
def test_nothing_is_fetched_without_tls(url: str) -> None:
    with pytest.raises(IdentityError, match="oidc_insecure"):
        fetch("GET", url, {}, None)


# Accounts


def test_a_new_person_gets_an_account_and_comes_back_to_it(
    place: Town, client: OidcClient, provider: Provider
) -> None:
    links = place.register.links
    provider.claims |= {"preferred_username": "lin"}
    identity = sign_in(client, provider)
    assert links.person(identity) is None
    person = links.sign_up(identity)
    assert links.person(sign_in(client, provider)) == person
    account = place.register.accounts.find("lin")
    assert (account.id, account.role, account.has_password) == (person.id, "user", False)
    provider.claims |= {"sub": "another"}
    assert links.sign_up(sign_in(client, provider)).id != person.id
    assert place.register.accounts.find("lin-2").role == "user"
    place.register.accounts.suspend(person.id, by=place.owner)
    with pytest.raises(NotAuthenticated, match="suspended"):
        links.person(identity)


def test_a_name_that_cannot_be_a_login_becomes_another(
    place: Town, client: OidcClient, provider: Provider
) -> None:
    provider.claims |= {"preferred_username": "a b/c", "email": "lin@example.org"}
    place.register.links.sign_up(sign_in(client, provider))
    assert place.register.accounts.find("lin@example.org")
    provider.claims = {"sub": "nameless"}
    place.register.links.sign_up(sign_in(client, provider))
    assert place.register.accounts.find("user")


def test_a_login_is_linked_to_ones_own_account_once(
    place: Town, client: OidcClient, provider: Provider
) -> None:
    lin, wang = place.person("lin"), place.person("wang")
    identity = sign_in(client, provider)
    links = place.register.links
    links.add(identity, by=lin)
    links.add(identity, by=lin)
    with pytest.raises(Forbidden, match="oidc_taken"):
        links.add(identity, by=wang)
    keys = place.register.keys
    by_key = keys.authenticate(keys.add(wang.id, "script", by=wang).token)
    with pytest.raises(Forbidden, match="not_with_a_key"):
        links.add(identity, by=by_key)
    found = links.person(identity)
    assert found is not None
    assert found.id == lin.id
    place.register.departures.erase(lin.id, by=lin)
    assert links.person(identity) is None


# The real-name provider `oidc`


def test_a_verified_phone_of_the_provider_proves_a_name(
    place: Town, client: OidcClient, provider: Provider
) -> None:
    provider.userinfo = {
        "sub": "248289761001", "name": "林小雨", "phone_number": "+86 13800138000",
        "phone_number_verified": True,
    }  # fmt: skip
    lin = place.person("lin")
    proof = OidcClaim(sign_in(client, provider), SETTINGS, place.clock).begin(lin, None)
    assert (proof.provider, proof.real_name.number) == ("oidc", "+8613800138000")
    assert proof.evidence == f"claim phone_number of {ISSUER}"
    place.register.real_names.record(lin.id, proof, by=lin)
    assert place.register.accounts.find("lin").verified_by == "oidc"


def test_an_operator_can_trust_a_provider_for_another_number(
    place: Town, client: OidcClient, provider: Provider
) -> None:
    settings = replace(SETTINGS, number_claim="id_card", number_kind="resident-id")
    provider.claims |= {"id_card": RESIDENT_ID, "name": "林小雨"}
    proof = OidcClaim(sign_in(client, provider), settings, place.clock).begin(place.owner, None)
    assert (proof.real_name.kind, proof.real_name.name) == ("resident-id", "林小雨")


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"phone_number": "+8613800138000"},
        {"phone_number": "+8613800138000", "phone_number_verified": False},
        {"phone_number": "+8613800138000", "phone_number_verified": "true"},
        {"phone_number": 13800138000, "phone_number_verified": True},
        {"phone_number": "110", "phone_number_verified": True},
    ],
)
def test_claims_that_prove_nothing(
    place: Town, client: OidcClient, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    identity = sign_in(client, provider)
    with pytest.raises(InputError):
        OidcClaim(identity, SETTINGS, place.clock).begin(place.owner, None)


def test_userinfo_of_somebody_else_is_found_out(client: OidcClient, provider: Provider) -> None:
    provider.userinfo = {"sub": "somebody else", "phone_number": "+8613800138000"}
    with pytest.raises(NotAuthenticated, match="oidc_refused"):
        sign_in(client, provider)
