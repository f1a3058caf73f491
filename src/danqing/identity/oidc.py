"""Signing in by OpenID Connect: the authorization code flow with PKCE, through Authlib.

    login = client.begin(now)                 keep `login` with the browser's session; go to login.url
    identity = client.finish(login, ...)      what came back to redirect_uri, checked

Checked are: state, issuer (RFC 9207 where sent), the ID token's signature by the provider's keys, its
issuer, audience, authorised party, times, nonce and access-token hash (OpenID Connect Core 3.1.3.7).
"""

from __future__ import annotations

import hmac
import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast, get_args

from danqing.errors import IdentityError, InputError, NotAuthenticated
from danqing.identity.real_names import checked
from danqing.identity.records import Clock
from danqing.identity.types import NumberKind, Person, Proof, RealName
from danqing.identity.web import Answer, Fetch, Session, fetch, require_tls
from danqing.settings import OidcSettings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "EdDSA")  # fmt: skip
"""Signatures by the provider alone: none, and none that the client's secret could make."""
GOOD_FOR = timedelta(minutes=10)
LEEWAY_S = 60
KEYS_AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OidcLogin:
    """A sign-in under way. url: where the browser goes. The rest stays here and is compared."""

    url: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    started_at: datetime


@dataclass(frozen=True, slots=True)
class OidcIdentity:
    """Whom the provider says somebody is. (issuer, subject) identify them for good."""

    issuer: str
    subject: str
    claims: Mapping[str, Any] = field(repr=False)


class OidcClient:
    """This service as a client of one provider. redirect_uri: where it sends browsers back to.

    What the provider says of itself is read on first use and kept. fetch: makes the requests.
    """

    def __init__(
        self,
        settings: OidcSettings,
        redirect_uri: str,
        clock: Clock,
        *,
        fetch: Fetch = fetch,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._settings = settings
        self._redirect_uri = redirect_uri
        self._clock = clock
        self._fetch = fetch
        self._entropy = entropy
        self._metadata: Mapping[str, Any] | None = None
        self._keys: Mapping[str, Any] | None = None
        self._keys_at: datetime | None = None

    def begin(self) -> OidcLogin:
        """A sign-in. Raises IdentityError when the provider can't be reached."""
        state, nonce, verifier = (self._random() for _ in range(3))
        url, _ = self._oauth().create_authorization_url(
            self._endpoint("authorization_endpoint"),
            state=state, nonce=nonce, code_verifier=verifier,
        )  # fmt: skip
        return OidcLogin(url, state, nonce, verifier, self._clock())

    def finish(self, login: OidcLogin, answer: Mapping[str, str]) -> OidcIdentity:
        """Who signed in. answer: the query of the redirect.

        Raises NotAuthenticated for whatever isn't as it has to be, and when the person or the
        provider said no; IdentityError when the provider can't be reached.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), login.state.encode()):
            raise NotAuthenticated("identity.oidc_refused", reason="state")
        if self._clock() - login.started_at > GOOD_FOR:
            raise NotAuthenticated("identity.oidc_refused", reason="expired")
        if answer.get("iss", self._settings.issuer) != self._settings.issuer:
            raise NotAuthenticated("identity.oidc_refused", reason="iss")
        if "error" in answer or not answer.get("code"):
            raise NotAuthenticated("identity.oidc_refused", reason=answer.get("error", "code")[:64])
        token = self._token(answer["code"], login.verifier)
        claims = self._claims(token, login.nonce)
        claims = self._with_userinfo(claims, token)
        return OidcIdentity(self._settings.issuer, str(claims["sub"]), claims)

    def _token(self, code: str, verifier: str) -> Mapping[str, Any]:
        from authlib.oauth2 import OAuth2Error

        try:
            token: Mapping[str, Any] = self._oauth().fetch_token(
                self._endpoint("token_endpoint"),
                grant_type="authorization_code", code=code, code_verifier=verifier,
                redirect_uri=self._redirect_uri,
            )  # fmt: skip
        except OAuth2Error as problem:
            raise NotAuthenticated("identity.oidc_refused", reason=problem.error) from problem
        except (OSError, ValueError) as problem:
            raise IdentityError("identity.oidc_unreachable", reason=problem) from problem
        if not isinstance(token.get("id_token"), str):
            raise NotAuthenticated("identity.oidc_refused", reason="id_token")
        return token

    def _claims(self, token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        try:
            decoded = jwt.decode(token["id_token"], self._key, algorithms=list(ALGORITHMS))
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                options={
                    "iss": {"essential": True, "value": self._settings.issuer},
                    "aud": {"essential": True, "value": self._settings.client_id},
                },
                params={
                    "nonce": nonce,
                    "client_id": self._settings.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(now=int(self._clock().timestamp()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as problem:
            reason = getattr(problem, "error", None) or type(problem).__name__
            raise NotAuthenticated("identity.oidc_refused", reason=reason) from problem
        return dict(claims)

    def _key(self, token: Any) -> Any:
        """The provider's key that a token names; its keys are read again when it is a new one."""
        from joserfc.jwk import KeySet

        kid = token.headers().get("kid")
        now = self._clock()
        known = self._keys is not None and kid in [k.get("kid") for k in self._keys["keys"]]
        fresh = self._keys_at is not None and now - self._keys_at < KEYS_AGAIN_AFTER
        if self._keys is None or not (known or fresh):
            self._keys = self._get(self._endpoint("jwks_uri"))
            self._keys_at = now
        keys = [k for k in self._keys["keys"] if kid is None or k.get("kid") == kid]
        return KeySet.import_key_set({"keys": keys})

    def _with_userinfo(
        self, claims: Mapping[str, Any], token: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """With what only the userinfo endpoint says, where the number is not in the ID token."""
        endpoint = self._about().get("userinfo_endpoint")
        access = token.get("access_token")
        if self._settings.number_claim in claims or not (endpoint and access):
            return claims
        told = self._get(self._endpoint("userinfo_endpoint"), {"Authorization": f"Bearer {access}"})
        if told.get("sub") != claims["sub"]:
            raise NotAuthenticated("identity.oidc_refused", reason="sub")
        return {**told, **claims}

    def _oauth(self) -> Any:
        from authlib.oauth2.client import OAuth2Client

        return OAuth2Client(
            Session(self._fetch),
            client_id=self._settings.client_id,
            client_secret=self._settings.client_secret or None,
            scope=self._settings.scopes,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )

    def _about(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        if self._metadata is None:
            issuer = self._settings.issuer
            told = self._get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != issuer:
                raise IdentityError("identity.oidc_unreachable", reason="issuer")
            self._metadata = told
        return self._metadata

    def _endpoint(self, name: str) -> str:
        url = self._about().get(name)
        if not isinstance(url, str):
            raise IdentityError("identity.oidc_unreachable", reason=name)
        require_tls(url)
        return url

    def _get(self, url: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        require_tls(url)
        try:
            answer: Answer = self._fetch(
                "GET", url, {"Accept": "application/json", **(headers or {})}, None
            )
            answer.raise_for_status()
            told = answer.json()
        except (OSError, json.JSONDecodeError, UnicodeDecodeError) as problem:
            raise IdentityError("identity.oidc_unreachable", reason=problem) from problem
        if not isinstance(told, dict):
            raise IdentityError("identity.oidc_unreachable", reason=url)
        return told

    def _random(self) -> str:
        return urlsafe_b64encode(self._entropy(36)).decode()


class OidcClaim:
    """The real-name provider `oidc`: what the provider claims of somebody who just signed in.

    A phone number counts where `phone_number_verified` is true; another kind of number where the
    operator's settings name the claim, and so trust the provider for it.
    """

    name = "oidc"

    def __init__(self, identity: OidcIdentity, settings: OidcSettings, clock: Clock) -> None:
        self._identity = identity
        self._settings = settings
        self._clock = clock

    def begin(self, person: Person, stated: RealName | None) -> Proof:  # noqa: ARG002
        """The proof, at once. Raises InputError where the claims don't say enough."""
        claims, kind = self._identity.claims, self._settings.number_kind
        number = claims.get(self._settings.number_claim)
        name = claims.get(self._settings.name_claim)
        if kind not in get_args(NumberKind) or not isinstance(number, str):
            raise InputError("identity.oidc_no_claim", claim=self._settings.number_claim)
        if kind == "phone" and claims.get("phone_number_verified") is not True:
            raise InputError("identity.oidc_no_claim", claim="phone_number_verified")
        told = RealName(cast(NumberKind, kind), number, name if isinstance(name, str) else None)
        evidence = f"claim {self._settings.number_claim} of {self._identity.issuer}"
        return Proof(self.name, checked(told), self._clock(), evidence)

    def answer(self, person: Person, answer: str) -> Proof:  # noqa: ARG002
        """There is never a challenge to answer."""
        raise NotAuthenticated("identity.wrong_code")
