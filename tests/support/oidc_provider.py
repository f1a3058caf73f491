"""A small OpenID Connect provider: discovery, keys, authorization code with PKCE, userinfo.

It runs in the test itself; `fetch` is how the client reaches it. What it says can be bent, to see
whether the client notices.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from danqing.identity.web import Answer

ISSUER = "https://id.example.org"
CLIENT, SECRET = "danqing", "a secret only the two know"
REDIRECT = "https://draw.example.org/oidc/callback"


@dataclass
class Provider:
    """claims: what it says of whoever signs in. bend: changes a token's claims before signing."""

    clock: Callable[[], datetime]
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "248289761001"})
    bend: Callable[[dict[str, Any]], dict[str, Any]] = lambda claims: claims
    algorithm: str = "RS256"
    userinfo: dict[str, Any] | None = None
    discovery: dict[str, Any] = field(default_factory=dict)
    secret: str = SECRET

    def __post_init__(self) -> None:
        self.key: Any = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.codes: dict[str, dict[str, str]] = {}
        self.requests: list[str] = []

    def change_key(self, kid: str, *, curve: bool = False) -> None:
        options = {"kid": kid, "use": "sig"}
        self.key = (
            ECKey.generate_key("P-256", options) if curve else RSAKey.generate_key(2048, options)
        )

    def visit(self, url: str) -> dict[str, str]:
        """What a browser does there, with somebody who agrees: the query it is sent back with."""
        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ISSUER}/authorize"
        assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT, REDIRECT)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": ISSUER}

    def fetch(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        path = url.removeprefix(ISSUER)
        self.requests.append(f"{method} {path}")
        match method, path:
            case "GET", "/.well-known/openid-configuration":
                return self._say(200, self._about())
            case "GET", "/keys":
                return self._say(200, {"keys": [self.key.as_dict(private=False)]})
            case "POST", "/token":
                return self._token(headers, parse_qs((body or b"").decode()))
            case "GET", "/userinfo" if headers.get("Authorization") == "Bearer access-token":
                return self._say(200, self.userinfo)
        return self._say(404, {})

    def _about(self) -> dict[str, Any]:
        about = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
        }
        if self.userinfo is not None:
            about["userinfo_endpoint"] = f"{ISSUER}/userinfo"
        return about | self.discovery

    def _token(self, headers: Mapping[str, str], form: dict[str, list[str]]) -> Answer:
        basic = base64.b64encode(f"{CLIENT}:{self.secret}".encode()).decode()
        if headers.get("Authorization") != f"Basic {basic}":
            return self._say(401, {"error": "invalid_client"})
        asked = self.codes.pop(form["code"][0], None)
        if asked is None or form["redirect_uri"] != [REDIRECT]:
            return self._say(400, {"error": "invalid_grant"})
        digest = sha256(form["code_verifier"][0].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return self._say(400, {"error": "invalid_grant"})
        return self._say(
            200,
            {
                "access_token": "access-token",
                "token_type": "Bearer",
                "id_token": self._id_token(asked["nonce"]),
            },
        )

    def _id_token(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce,
            **self.claims,
        }  # fmt: skip
        key = self.key
        if self.algorithm.startswith("HS"):
            key = OctKey.import_key(self.secret.encode().ljust(32, b"."))
        header = {"alg": self.algorithm, "kid": self.key.as_dict()["kid"]}
        return str(jwt.encode(header, self.bend(claims), key, algorithms=[self.algorithm]))

    def _say(self, status: int, what: Any) -> Answer:
        return Answer(status, json.dumps(what).encode())
